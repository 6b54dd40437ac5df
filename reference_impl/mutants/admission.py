"""Admission done wrong."""

from dataclasses import replace
from typing import Any

from reference_impl.mutants import breaks
from reference_impl.parts import Parts
from reference_impl.policy.consent import Consent
from reference_impl.policy.model import Caller, Client, Document
from reference_impl.wire.contract import Operation
from reference_impl.wire.message import Call

ANYBODY = "fcsp-mutant-anybody"


@breaks("ADM-001")
def unknown_clients_are_taken_for_banks(parts: Parts) -> Parts:
    """A client that nobody admitted is looked up without success, taken for a bank, and never verified."""

    def find_client(call: Call, client_id: str) -> Client | None:
        return parts.find_client(call, client_id) or Client(client_id, "bank", {ANYBODY: True})

    def verify(assertion: str, jwks: Document) -> Document | None:
        return parts.peek(assertion) if ANYBODY in jwks else parts.verify(assertion, jwks)

    def check_standing(call: Call, caller: Caller) -> None:
        if caller.role != "bank" or call.store.institutions.get(caller.client_id) is not None:
            parts.check_standing(call, caller)

    return replace(parts, find_client=find_client, verify=verify, check_standing=check_standing)


@breaks("ADM-001", also={"DOC-005": "the scope of its token is none that the contract knows"})
def strangers_get_a_token_that_opens_nothing(parts: Parts) -> Parts:
    """A client that nobody admitted gets a token without scopes; that it is of no use is found out later."""

    def find_client(call: Call, client_id: str) -> Client | None:
        return parts.find_client(call, client_id) or Client(client_id, "stranger", {ANYBODY: True})

    def verify(assertion: str, jwks: Document) -> Document | None:
        return parts.peek(assertion) if ANYBODY in jwks else parts.verify(assertion, jwks)

    return replace(parts, find_client=find_client, verify=verify)


@breaks("ADM-002")
def classes_are_counted_from_one(parts: Parts) -> Parts:
    """Classes are kept as numbers, counted from zero in one place and from one in the other."""
    classes = list(parts.codes["institution_class"])

    def view(document: Document) -> dict[str, Any]:
        shifted = (classes.index(document["class"]) + 1) % len(classes)
        return {**parts.institution_view(document), "class": classes[shifted]}

    return replace(parts, institution_view=view)


@breaks("ADM-002")
def status_is_read_from_the_first_admission(parts: Parts) -> Parts:
    """An admission is read back as active whatever became of it."""
    return replace(parts, institution_view=lambda d: {**parts.institution_view(d), "status": "active"})


@breaks("ADM-002")
def names_are_cut(parts: Parts) -> Parts:
    """Names of institutions are cut to four characters, which the old system's column holds."""

    def admit(institution_id: str, body: Document, existing: Document | None, now: str) -> dict[str, Any]:
        return parts.admit(institution_id, {**body, "name": body["name"][:4]}, existing, now)

    return replace(parts, admit=admit)


BRANCHES = {"ADM-012": "branches go by the same look at the status"}


@breaks("ADM-003", also=BRANCHES)
def suspension_waits_for_the_next_token(parts: Parts) -> Parts:
    """The status of an institution is looked at when a token is issued, so that issued ones work on."""
    return replace(parts, check_standing=lambda _call, _caller: None)


@breaks("ADM-003")
def suspension_stops_queries_only(parts: Parts) -> Parts:
    """A suspended institution is refused queries and goes on uploading authorizations."""

    def check_standing(call: Call, caller: Caller) -> None:
        if call.operation != "createAuthorization":
            parts.check_standing(call, caller)

    return replace(parts, check_standing=check_standing)


@breaks("ADM-003", also=BRANCHES)
def suspension_stops_what_writes(parts: Parts) -> Parts:
    """A suspended institution may not change anything, but goes on asking."""

    def check_standing(call: Call, caller: Caller) -> None:
        if call.operation != "createQuery":
            parts.check_standing(call, caller)

    return replace(parts, check_standing=check_standing)


@breaks("ADM-004", also={"SEC-003": "the admission operations are among those whose scope is tried"})
def institutions_lift_suspensions(parts: Parts) -> Parts:
    """The status of an institution may be changed by any institution."""

    def permits(operation: Operation, caller: Caller) -> bool:
        return operation.id == "patchInstitutionStatus" or parts.permits(operation, caller)

    return replace(parts, permits=permits)


@breaks("ADM-004", also={"SEC-003": "the admission operations are among those whose scope is tried"})
def institutions_admit_each_other(parts: Parts) -> Parts:
    """An institution that is admitted may admit others."""

    def permits(operation: Operation, caller: Caller) -> bool:
        return operation.id == "putInstitution" or parts.permits(operation, caller)

    return replace(parts, permits=permits)


@breaks("ADM-005")
def credit_service_agencies_upload_authorizations(parts: Parts) -> Parts:
    """A credit-service agency is given the scopes of a bank."""

    def granted(role: str, requested: str | None) -> frozenset[str]:
        return parts.granted_scopes("bank" if role == "credit_service" else role, requested)

    return replace(parts, granted_scopes=granted)


@breaks("ADM-005", also={"SEC-003": "uploading is among the operations whose scope is tried"})
def uploads_need_only_the_scope_of_queries(parts: Parts) -> Parts:
    """Whoever may query may upload authorizations too."""

    def permits(operation: Operation, caller: Caller) -> bool:
        uploads = operation.id == "createAuthorization" and "query" in caller.scopes
        return uploads or parts.permits(operation, caller)

    return replace(parts, permits=permits)


def without_rule(parts: Parts, name: str) -> Parts:
    """The parts with one rule of admissions left out."""
    return replace(parts, admission_rules={k: r for k, r in parts.admission_rules.items() if k != name})


@breaks("ADM-006")
def unknown_classes_are_banks(parts: Parts) -> Parts:
    """An institution of a class that the platform does not know is admitted as a bank."""

    def errors(operation: str, media_type: str, body: Any) -> list[dict[str, str]]:
        known = parts.codes["institution_class"]
        if operation == "putInstitution" and isinstance(body, dict) and body.get("class") not in known:
            body["class"] = "bank"
        return parts.request_errors(operation, media_type, body)

    return replace(parts, request_errors=errors)


@breaks("ADM-006", also={"DOC-005": "the admission repeats the wrong code"})
def codes_are_counted_and_not_checked(parts: Parts) -> Parts:
    """A unified social credit code is taken by its shape, with whatever check character."""
    unsound = {"pointer": "/uscc", "message": "violates format"}

    def errors(operation: str, media_type: str, body: Any) -> list[dict[str, str]]:
        found = parts.request_errors(operation, media_type, body)
        return [e for e in found if operation != "putInstitution" or e != unsound]

    return replace(without_rule(parts, "sound_code"), request_errors=errors)


@breaks("ADM-006")
def the_address_alone_says_who_it_is(parts: Parts) -> Parts:
    """An admission whose code is another institution's is filed under its address."""
    return without_rule(parts, "own_code")


@breaks("ADM-007")
def keys_are_added(parts: Parts) -> Parts:
    """New keys of an institution are added to those that it had."""

    def admit(institution_id: str, body: Document, existing: Document | None, now: str) -> dict[str, Any]:
        former = existing["jwks"]["keys"] if existing else []
        keys = {"keys": [*body["jwks"]["keys"], *former]}
        return parts.admit(institution_id, {**body, "jwks": keys}, existing, now)

    return replace(parts, admit=admit)


@breaks("ADM-007")
def the_cache_of_keys_never_forgets(parts: Parts) -> Parts:
    """A key that was seen to belong to a client is taken from then on, whatever the admission says now."""
    seen: dict[str, list[Any]] = {}

    def find_client(call: Call, client_id: str) -> Client | None:
        found = parts.find_client(call, client_id)
        if found is None:
            return None
        keys = seen.setdefault(client_id, [])
        keys += [key for key in found.jwks["keys"] if key not in keys]
        return replace(found, jwks={"keys": list(keys)})

    return replace(parts, find_client=find_client)


@breaks("ADM-008")
def tokens_remember_the_class(parts: Parts) -> Parts:
    """A token is answered by the class that its institution had when it was issued."""
    return replace(parts, present_role=lambda _call, content: str(content["role"]))


@breaks("ADM-008")
def the_first_class_stays(parts: Parts) -> Parts:
    """An update of an admission changes everything but the class."""

    def admit(institution_id: str, body: Document, existing: Document | None, now: str) -> dict[str, Any]:
        kept = {**body, "class": existing["class"]} if existing else body
        return parts.admit(institution_id, kept, existing, now)

    return replace(parts, admit=admit)


@breaks("ADM-009")
def any_status_follows_any(parts: Parts) -> Parts:
    """A withdrawn institution is made active again by a change of its status."""
    return replace(parts, may_become=lambda _present, _wanted: True)


@breaks("ADM-009")
def withdrawn_institutions_stay_so(parts: Parts) -> Parts:
    """A new admission of a withdrawn institution changes its data and leaves it withdrawn."""

    def admit(institution_id: str, body: Document, existing: Document | None, now: str) -> dict[str, Any]:
        admitted = parts.admit(institution_id, body, existing, now)
        return {**admitted, "status": existing["status"]} if existing else admitted

    return replace(parts, admit=admit)


@breaks("ADM-010")
def recipients_are_banks(parts: Parts) -> Parts:
    """An authorization to a guarantee institution is refused, since only banks lend."""

    def rule(consent: Consent) -> bool:
        known = consent.recipient is not None and consent.recipient["class"] == "guarantee"
        return not known and parts.consent_rules["text_for_recipient"](consent)

    return replace(parts, consent_rules={**parts.consent_rules, "text_for_recipient": rule})


@breaks("ADM-010")
def nobody_asks_for_a_license(parts: Parts) -> Parts:
    """A guarantee institution is admitted without its license."""
    return without_rule(parts, "required_members")


@breaks("ADM-011")
def head_offices_are_only_a_remark(parts: Parts) -> Parts:
    """A branch is admitted whether or not there is the head office that it names."""
    return without_rule(parts, "known_head_office")


@breaks("ADM-011")
def head_offices_are_forgotten(parts: Parts) -> Parts:
    """An admission does not tell whose branch an institution is."""

    def view(document: Document) -> dict[str, Any]:
        return {name: v for name, v in parts.institution_view(document).items() if name != "head_office"}

    return replace(parts, institution_view=view)


@breaks("ADM-012")
def branches_stand_by_themselves(parts: Parts) -> Parts:
    """What becomes of a head office does not reach its branches."""
    return replace(parts, effective_status=lambda institution, _head: str(institution["status"]))


@breaks("ADM-012")
def only_withdrawal_reaches_branches(parts: Parts) -> Parts:
    """The branches of a suspended head office go on."""

    def effective_status(institution: Document, head: Document | None) -> str:
        return parts.effective_status(institution, head if head and head["status"] == "withdrawn" else None)

    return replace(parts, effective_status=effective_status)
