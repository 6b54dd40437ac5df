"""Admission done wrong."""

from dataclasses import replace
from typing import Any

from reference_impl.mutants import breaks
from reference_impl.parts import Parts
from reference_impl.parts.admission import AdmissionParts
from reference_impl.parts.authorization import AuthorizationParts
from reference_impl.parts.base import BaseParts
from reference_impl.parts.security import SecurityParts
from reference_impl.parts.wire import WireParts
from reference_impl.policy.consent import Consent
from reference_impl.policy.model import Caller, Client, Document
from reference_impl.store.institutions import Institutions
from reference_impl.wire.contract import Operation
from reference_impl.wire.message import Call

ANYBODY = "fcsp-mutant-anybody"


@breaks("ADM-001")
def unknown_clients_are_taken_for_banks(security: SecurityParts) -> SecurityParts:
    """A client that nobody admitted is looked up without success, taken for a bank, and never verified."""

    def find_client(call: Call, client_id: str) -> Client | None:
        return security.find_client(call, client_id) or Client(client_id, "bank", {ANYBODY: True})

    def verify(assertion: str, jwks: Document) -> Document | None:
        return security.peek(assertion) if ANYBODY in jwks else security.verify(assertion, jwks)

    def check_standing(call: Call, caller: Caller) -> None:
        if caller.role != "bank" or call.store[Institutions].get(caller.client_id) is not None:
            security.check_standing(call, caller)

    return replace(security, find_client=find_client, verify=verify, check_standing=check_standing)


@breaks("ADM-001", also={"DOC-005": "the scope of its token is none that the contract knows"})
def strangers_get_a_token_that_opens_nothing(security: SecurityParts) -> SecurityParts:
    """A client that nobody admitted gets a token without scopes; that it is of no use is found out later."""

    def find_client(call: Call, client_id: str) -> Client | None:
        return security.find_client(call, client_id) or Client(client_id, "stranger", {ANYBODY: True})

    def verify(assertion: str, jwks: Document) -> Document | None:
        return security.peek(assertion) if ANYBODY in jwks else security.verify(assertion, jwks)

    return replace(security, find_client=find_client, verify=verify)


@breaks("ADM-002")
def classes_are_counted_from_one(parts: Parts) -> Parts:
    """Classes are kept as numbers, counted from zero in one place and from one in the other."""
    classes = list(parts[BaseParts].catalogue.codes["institution_class"])

    def view(document: Document) -> dict[str, Any]:
        shifted = (classes.index(document["class"]) + 1) % len(classes)
        return {**parts[AdmissionParts].institution_view(document), "class": classes[shifted]}

    return parts.with_groups(replace(parts[AdmissionParts], institution_view=view))


@breaks("ADM-002")
def status_is_read_from_the_first_admission(admission: AdmissionParts) -> AdmissionParts:
    """An admission is read back as active whatever became of it."""
    return replace(
        admission, institution_view=lambda d: {**admission.institution_view(d), "status": "active"}
    )


@breaks("ADM-002")
def names_are_cut(admission: AdmissionParts) -> AdmissionParts:
    """Names of institutions are cut to four characters, which the old system's column holds."""

    def admit(institution_id: str, body: Document, existing: Document | None, now: str) -> dict[str, Any]:
        return admission.admit(institution_id, {**body, "name": body["name"][:4]}, existing, now)

    return replace(admission, admit=admit)


BRANCHES = {"ADM-012": "branches go by the same look at the status"}


@breaks("ADM-003", also=BRANCHES)
def suspension_waits_for_the_next_token(security: SecurityParts) -> SecurityParts:
    """The status of an institution is looked at when a token is issued, so that issued ones work on."""
    return replace(security, check_standing=lambda _call, _caller: None)


@breaks("ADM-003")
def suspension_stops_queries_only(security: SecurityParts) -> SecurityParts:
    """A suspended institution is refused queries and goes on uploading authorizations."""

    def check_standing(call: Call, caller: Caller) -> None:
        if call.operation != "createAuthorization":
            security.check_standing(call, caller)

    return replace(security, check_standing=check_standing)


@breaks("ADM-003", also=BRANCHES)
def suspension_stops_what_writes(security: SecurityParts) -> SecurityParts:
    """A suspended institution may not change anything, but goes on asking."""

    def check_standing(call: Call, caller: Caller) -> None:
        if call.operation != "createQuery":
            security.check_standing(call, caller)

    return replace(security, check_standing=check_standing)


@breaks("ADM-004", also={"SEC-003": "the admission operations are among those whose scope is tried"})
def institutions_lift_suspensions(security: SecurityParts) -> SecurityParts:
    """The status of an institution may be changed by any institution."""

    def permits(operation: Operation, caller: Caller) -> bool:
        return operation.id == "patchInstitutionStatus" or security.permits(operation, caller)

    return replace(security, permits=permits)


@breaks("ADM-004", also={"SEC-003": "the admission operations are among those whose scope is tried"})
def institutions_admit_each_other(security: SecurityParts) -> SecurityParts:
    """An institution that is admitted may admit others."""

    def permits(operation: Operation, caller: Caller) -> bool:
        return operation.id == "putInstitution" or security.permits(operation, caller)

    return replace(security, permits=permits)


@breaks("ADM-005")
def credit_service_agencies_upload_authorizations(security: SecurityParts) -> SecurityParts:
    """A credit-service agency is given the scopes of a bank."""

    def granted(role: str, requested: str | None) -> frozenset[str]:
        return security.granted_scopes("bank" if role == "credit_service" else role, requested)

    return replace(security, granted_scopes=granted)


@breaks("ADM-005", also={"SEC-003": "uploading is among the operations whose scope is tried"})
def uploads_need_only_the_scope_of_queries(security: SecurityParts) -> SecurityParts:
    """Whoever may query may upload authorizations too."""

    def permits(operation: Operation, caller: Caller) -> bool:
        uploads = operation.id == "createAuthorization" and "query" in caller.scopes
        return uploads or security.permits(operation, caller)

    return replace(security, permits=permits)


def without_rule(admission: AdmissionParts, name: str) -> AdmissionParts:
    """The parts with one rule of admissions left out."""
    return replace(admission, rules={k: r for k, r in admission.rules.items() if k != name})


@breaks("ADM-006")
def unknown_classes_are_banks(parts: Parts) -> Parts:
    """An institution of a class that the platform does not know is admitted as a bank."""

    def errors(operation: str, media_type: str, body: Any) -> list[dict[str, str]]:
        known = parts[BaseParts].catalogue.codes["institution_class"]
        if operation == "putInstitution" and isinstance(body, dict) and body.get("class") not in known:
            body["class"] = "bank"
        return parts[WireParts].request_errors(operation, media_type, body)

    return parts.with_groups(replace(parts[WireParts], request_errors=errors))


@breaks("ADM-006", also={"DOC-005": "the admission repeats the wrong code"})
def codes_are_counted_and_not_checked(parts: Parts) -> Parts:
    """A unified social credit code is taken by its shape, with whatever check character."""
    unsound = {"pointer": "/uscc", "message": "violates format"}

    def errors(operation: str, media_type: str, body: Any) -> list[dict[str, str]]:
        found = parts[WireParts].request_errors(operation, media_type, body)
        return [e for e in found if operation != "putInstitution" or e != unsound]

    return parts.with_groups(
        without_rule(parts[AdmissionParts], "sound_code"),
        replace(parts[WireParts], request_errors=errors),
    )


@breaks("ADM-006")
def the_address_alone_says_who_it_is(admission: AdmissionParts) -> AdmissionParts:
    """An admission whose code is another institution's is filed under its address."""
    return without_rule(admission, "own_code")


@breaks("ADM-007")
def keys_are_added(admission: AdmissionParts) -> AdmissionParts:
    """New keys of an institution are added to those that it had."""

    def admit(institution_id: str, body: Document, existing: Document | None, now: str) -> dict[str, Any]:
        former = existing["jwks"]["keys"] if existing else []
        keys = {"keys": [*body["jwks"]["keys"], *former]}
        return admission.admit(institution_id, {**body, "jwks": keys}, existing, now)

    return replace(admission, admit=admit)


@breaks("ADM-007")
def the_cache_of_keys_never_forgets(security: SecurityParts) -> SecurityParts:
    """A key that was seen to belong to a client is taken from then on, whatever the admission says now."""
    keys_of_client: dict[str, list[Any]] = {}

    def find_client(call: Call, client_id: str) -> Client | None:
        client = security.find_client(call, client_id)
        if client is None:
            return None
        keys = keys_of_client.setdefault(client_id, [])
        keys += [key for key in client.jwks["keys"] if key not in keys]
        return replace(client, jwks={"keys": list(keys)})

    return replace(security, find_client=find_client)


@breaks("ADM-008")
def tokens_remember_the_class(security: SecurityParts) -> SecurityParts:
    """A token is answered by the class that its institution had when it was issued."""
    return replace(security, present_role=lambda _call, content: str(content["role"]))


@breaks("ADM-008")
def the_first_class_stays(admission: AdmissionParts) -> AdmissionParts:
    """An update of an admission changes everything but the class."""

    def admit(institution_id: str, body: Document, existing: Document | None, now: str) -> dict[str, Any]:
        kept = {**body, "class": existing["class"]} if existing else body
        return admission.admit(institution_id, kept, existing, now)

    return replace(admission, admit=admit)


@breaks("ADM-009")
def any_status_follows_any(admission: AdmissionParts) -> AdmissionParts:
    """A withdrawn institution is made active again by a change of its status."""
    return replace(admission, may_become=lambda _present, _wanted: True)


@breaks("ADM-009")
def withdrawn_institutions_stay_so(admission: AdmissionParts) -> AdmissionParts:
    """A new admission of a withdrawn institution changes its data and leaves it withdrawn."""

    def admit(institution_id: str, body: Document, existing: Document | None, now: str) -> dict[str, Any]:
        admitted = admission.admit(institution_id, body, existing, now)
        return {**admitted, "status": existing["status"]} if existing else admitted

    return replace(admission, admit=admit)


@breaks("ADM-010")
def recipients_are_banks(authorization: AuthorizationParts) -> AuthorizationParts:
    """An authorization to a guarantee institution is refused, since only banks lend."""

    def rule(consent: Consent) -> bool:
        known = consent.recipient is not None and consent.recipient["class"] == "guarantee"
        return not known and authorization.consent_rules["text_for_recipient"](consent)

    return replace(authorization, consent_rules={**authorization.consent_rules, "text_for_recipient": rule})


@breaks("ADM-010")
def nobody_asks_for_a_license(admission: AdmissionParts) -> AdmissionParts:
    """A guarantee institution is admitted without its license."""
    return without_rule(admission, "required_members")


@breaks("ADM-011")
def head_offices_are_only_a_remark(admission: AdmissionParts) -> AdmissionParts:
    """A branch is admitted whether or not there is the head office that it names."""
    return without_rule(admission, "known_head_office")


@breaks("ADM-011")
def head_offices_are_forgotten(admission: AdmissionParts) -> AdmissionParts:
    """An admission does not tell whose branch an institution is."""

    def view(document: Document) -> dict[str, Any]:
        return {name: v for name, v in admission.institution_view(document).items() if name != "head_office"}

    return replace(admission, institution_view=view)


@breaks("ADM-012")
def branches_stand_by_themselves(admission: AdmissionParts) -> AdmissionParts:
    """What becomes of a head office does not reach its branches."""
    return replace(admission, effective_status=lambda institution, _head: str(institution["status"]))


@breaks("ADM-012")
def only_withdrawal_reaches_branches(admission: AdmissionParts) -> AdmissionParts:
    """The branches of a suspended head office go on."""

    def effective_status(institution: Document, head: Document | None) -> str:
        return admission.effective_status(
            institution, head if head and head["status"] == "withdrawn" else None
        )

    return replace(admission, effective_status=effective_status)
