"""Authorizations that open more, or for longer, than they say."""

import secrets
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from reference_impl.china_time import CHINA
from reference_impl.mutants import breaks
from reference_impl.parts import Parts
from reference_impl.parts.authorization import AuthorizationParts
from reference_impl.parts.base import BaseParts
from reference_impl.parts.desensitization import DesensitizationParts
from reference_impl.parts.query import QueryParts
from reference_impl.parts.security import SecurityParts
from reference_impl.parts.wire import WireParts
from reference_impl.policy.authorization import Authorization, Condition, Need
from reference_impl.policy.model import Caller, Document, Refusal, Subject
from reference_impl.policy.query import Grant
from reference_impl.store.institutions import Institutions
from reference_impl.wire.message import Call, moment

MATRIX = "the matrix is then read in the authorized column"
SHARED = "what one audience was authorized to see opens for the others"
ANYBODY = "anybody"


def with_condition(
    authorization: AuthorizationParts, name: str, condition: Condition | None
) -> AuthorizationParts:
    """The parts with one condition of a match replaced or left out."""
    conditions = {key: value for key, value in authorization.conditions.items() if key != name}
    return replace(
        authorization, conditions=conditions if condition is None else {**conditions, name: condition}
    )


def with_record(authorization: AuthorizationParts, **changed: Any) -> AuthorizationParts:
    """The parts with members of a recorded authorization overwritten."""

    def record(caller: Caller, body: Document, name: str, at: str) -> dict[str, Any]:
        return {**authorization.record(caller, body, name, at), **changed}

    return replace(authorization, record=record)


@breaks("AUT-001")
def every_signer_is_the_legal_representative(authorization: AuthorizationParts) -> AuthorizationParts:
    """Whoever signs is recorded as the legal representative."""
    return with_record(authorization, granted_by={"capacity": "legal_representative", "assurance": "high"})


@breaks("AUT-001")
def text_version_is_the_current_one(authorization: AuthorizationParts) -> AuthorizationParts:
    """The record names the newest text of the authorization and not the one that was signed."""
    return with_record(authorization, text_version="current")


@breaks("AUT-001", also={"AUT-020": "evidence that is not kept is not recognized"})
def evidence_is_hashed_again(authorization: AuthorizationParts) -> AuthorizationParts:
    """The digest of the evidence is replaced by one that the platform made up itself."""

    def record(caller: Caller, body: Document, name: str, at: str) -> dict[str, Any]:
        document = authorization.record(caller, body, name, at)
        return {**document, "evidence": {**document["evidence"], "digest": "0" * 64}}

    return replace(authorization, record=record)


@breaks(
    "AUT-002",
    also={
        "QRY-002": "records show that they exist",
        "DES-001": "their fields are shown",
        "COL-010": "sources are asked without authorization, too",
        "DES-007": "so are those about firms that are like persons",
        "QRY-013": "what is shown without authorization fills the reply",
        "DES-002": "what should be closed is shown, in part",
    },
)
def authorized_items_are_shown_desensitized(parts: Parts) -> Parts:
    """To a query that cites no authorization, an item that needs one is shown like items that need none."""

    def grant(caller: Caller, asked: Subject, _disclosure: str, matching: Sequence[Authorization]) -> Grant:
        return parts[QueryParts].grant(caller, asked, "public", matching)

    def view(item: Any, *rest: Any, **by: Any) -> dict[str, Any]:
        fields: dict[str, Any] = parts[DesensitizationParts].view(
            replace(item, disclosure="public"), *rest, **by
        )
        return fields

    def query_item(call: Call, code: str, subject: Subject, cited: Sequence[Authorization]) -> dict[str, Any]:
        all_parts = (
            call.parts
            if cited
            else call.parts.with_groups(
                replace(call.parts[QueryParts], grant=grant),
                replace(call.parts[DesensitizationParts], view=view),
            )
        )
        return parts[QueryParts].query_item(replace(call, parts=all_parts), code, subject, cited)

    return parts.with_groups(replace(parts[QueryParts], query_item=query_item))


@breaks(
    "AUT-002",
    also={
        "COL-010": "sources are asked without authorization, too",
        "QRY-002": "records show that they exist",
        "QRY-013": "what is shown without authorization fills the reply",
    },
)
def a_caller_once_authorized_stays_so(query: QueryParts) -> QueryParts:
    """What a caller was shown once is kept in its session, and shown again without any authorization."""
    session: dict[tuple[str, str, frozenset[Any]], Sequence[Authorization]] = {}

    def query_item(call: Call, code: str, subject: Subject, cited: Sequence[Authorization]) -> dict[str, Any]:
        key = (call.party.client_id, code, subject.ids)
        result = query.query_item(call, code, subject, cited or session.get(key, ()))
        if cited and result["status"] == "ok":
            session[key] = cited
        return result

    return replace(query, query_item=query_item)


@breaks(
    "AUT-003", also={"DES-011": "what was opened stays open", "QRY-008": "results of batches stay open, too"}
)
def revocation_waits_for_a_cache(authorizations: AuthorizationParts) -> AuthorizationParts:
    """Authorizations are cached for a minute, and a revocation does not reach the cache."""

    def condition(authorization: Authorization, _need: Need, now: datetime) -> bool:
        at = authorization.revoked_at
        return at is None or now < datetime.fromisoformat(at) + timedelta(minutes=1)

    return with_condition(authorizations, "not_revoked", condition)


@breaks(
    "AUT-003", also={"DES-011": "what was opened stays open", "QRY-008": "results of batches stay open, too"}
)
def revocation_acts_the_next_day(authorizations: AuthorizationParts) -> AuthorizationParts:
    """A revocation is carried out by a nightly job; until then the authorization serves."""

    def condition(authorization: Authorization, _need: Need, now: datetime) -> bool:
        at = authorization.revoked_at
        return at is None or datetime.fromisoformat(at).date() >= now.astimezone(CHINA).date()

    return with_condition(authorizations, "not_revoked", condition)


@breaks("AUT-004")
def only_the_beginning_counts(authorization: AuthorizationParts) -> AuthorizationParts:
    """An authorization that has ended goes on serving."""
    return with_condition(authorization, "not_ended", None)


@breaks("AUT-004")
def only_the_end_counts(authorization: AuthorizationParts) -> AuthorizationParts:
    """An authorization serves before its first day."""
    return with_condition(authorization, "begun", None)


@breaks("AUT-005")
def the_last_day_ends_when_it_begins(authorizations: AuthorizationParts) -> AuthorizationParts:
    """A date-only end is read as midnight at its beginning, so that the last day does not serve."""

    def condition(authorization: Authorization, _need: Need, now: datetime) -> bool:
        return now.astimezone(CHINA).date() < authorization.valid_until

    return with_condition(authorizations, "not_ended", condition)


@breaks("AUT-005")
def one_day_is_no_period(authorization: AuthorizationParts) -> AuthorizationParts:
    """An authorization whose first day is its last is refused as empty."""

    def check_grant(caller: Caller, body: Document) -> None:
        authorization.check_grant(caller, body)
        if body["valid_from"] == body["valid_until"]:
            raise Refusal("authorization_invalid")

    return replace(authorization, check_grant=check_grant)


@breaks("AUT-006")
def branches_use_what_their_head_office_was_given(query: QueryParts) -> QueryParts:
    """An authorization given to a head office serves each of its branches."""

    def query_item(call: Call, code: str, subject: Subject, cited: Sequence[Authorization]) -> dict[str, Any]:
        me = call.party.client_id
        head = (call.store[Institutions].get(me) or {}).get("head_office")
        shared = [
            replace(a, document={**a.document, "recipient": me}) if a.document["recipient"] == head else a
            for a in cited
        ]
        return query.query_item(call, code, subject, shared)

    return replace(query, query_item=query_item)


@breaks("AUT-006", also=dict.fromkeys(("DES-001", "DES-002", "DES-007", "COL-010"), SHARED))
def only_branches_are_told_apart(query: QueryParts) -> QueryParts:
    """Whose an authorization is counts between head office and branch; institutions without any share."""

    def branch(call: Call, name: str) -> bool:
        return "head_office" in (call.store[Institutions].get(name) or {})

    def query_item(call: Call, code: str, subject: Subject, cited: Sequence[Authorization]) -> dict[str, Any]:
        me = call.party.client_id
        shared = [
            a
            if branch(call, me) or branch(call, a.document["recipient"])
            else replace(a, document={**a.document, "recipient": me})
            for a in cited
        ]
        return query.query_item(call, code, subject, shared)

    return replace(query, query_item=query_item)


@breaks("AUT-006", also=dict.fromkeys(("DES-001", "DES-002", "DES-007", "COL-010"), SHARED))
def one_institution_is_as_good_as_another(authorization: AuthorizationParts) -> AuthorizationParts:
    """An authorization given to one institution serves every institution that knows its id."""
    return with_condition(authorization, "for_recipient", None)


@breaks("AUT-007")
def one_item_opens_all(authorization: AuthorizationParts) -> AuthorizationParts:
    """An authorization for one item opens every item of its subject."""
    return with_condition(authorization, "for_item", None)


@breaks("AUT-007", also={"COL-010": "a source is asked for any purpose"})
def one_purpose_is_as_good_as_another(authorization: AuthorizationParts) -> AuthorizationParts:
    """An authorization for one purpose serves all purposes."""
    return with_condition(authorization, "for_purpose", None)


@breaks("AUT-007")
def one_subject_opens_another(query: QueryParts) -> QueryParts:
    """An authorization is never held against the subject that a query asks about."""

    def grant(caller: Caller, subject: Subject, disclosure: str, matching: Sequence[Authorization]) -> Grant:
        honest_grant = query.grant(caller, subject, disclosure, matching)
        if not matching or caller.subject is not None:
            return honest_grant
        name = matching[0].document["authorization_id"]
        return replace(honest_grant, visible=subject.ids, opened=dict.fromkeys(subject.ids, name))

    return replace(query, grant=grant)


@breaks("AUT-008", also={"SEC-009": "an assertion that lives too long is taken as well"})
def assertions_do_not_end(security: SecurityParts) -> SecurityParts:
    """A subject assertion is taken however long ago it ended."""
    return without_check(security, "expiry")


@breaks("AUT-008")
def assertions_for_others_are_taken(security: SecurityParts) -> SecurityParts:
    """A subject assertion that was made for another platform is taken."""
    return without_check(security, "audience")


@breaks("AUT-008")
def anybody_issues_assertions(security: SecurityParts) -> SecurityParts:
    """A subject assertion is believed without a look at its signature."""

    def verify(assertion: str, jwks: Document) -> Document | None:
        claims = security.peek(assertion)
        return claims if "fcsp_subject" in claims else security.verify(assertion, jwks)

    return replace(security, find_issuer=lambda _trust, _issuer: {"keys": []}, verify=verify)


@breaks("AUT-008")
def agents_authorize_for_any_subject(authorization: AuthorizationParts) -> AuthorizationParts:
    """A subject agent may authorize for a subject that its assertion does not name."""

    def check_grant(caller: Caller, body: Document) -> None:
        authorization.check_grant(
            replace(caller, subject=caller.subject and Subject.of(body["subject"])), body
        )

    return replace(authorization, check_grant=check_grant)


@breaks("AUT-008")
def institutions_upload_for_each_other(authorization: AuthorizationParts) -> AuthorizationParts:
    """An institution may upload an authorization whose recipient is another institution."""

    def check_grant(caller: Caller, body: Document) -> None:
        upload = caller.subject is None and body["origin"] == "institution_upload"
        authorization.check_grant(replace(caller, client_id=body["recipient"]) if upload else caller, body)

    return replace(authorization, check_grant=check_grant)


@breaks("AUT-008")
def missing_evidence_is_made_up(parts: Parts) -> Parts:
    """An upload without evidence is taken, and the platform fills in evidence of its own."""

    def errors(operation: str, media_type: str, body: Any) -> list[dict[str, str]]:
        if operation == "createAuthorization" and isinstance(body, dict):
            digest = secrets.token_hex(32)
            made_up = {
                "digest_algorithm": "SHA-256",
                "digest": digest,
                "signed_at": moment(parts[BaseParts].clock()),
            }
            body.setdefault("evidence", made_up)
        return parts[WireParts].request_errors(operation, media_type, body)

    return parts.with_groups(replace(parts[WireParts], request_errors=errors))


@breaks("AUT-009", also={"DES-001": MATRIX, "DES-002": MATRIX})
def the_enterprise_speaks_for_its_people(desensitization: DesensitizationParts) -> DesensitizationParts:
    """The enterprise's authorization opens the fields of its legal representative and staff too."""

    def view(item: Any, content: Document, *arguments: Any, **by: Any) -> dict[str, Any]:
        everybody = frozenset(
            content[field.identified_by]
            for field in item.fields
            if field.identified_by and isinstance(content.get(field.identified_by), str)
        )
        persons = everybody if by["authorized"] else by["persons"]
        return desensitization.view(item, content, *arguments, **{**by, "persons": persons})

    return replace(desensitization, view=view)


@breaks("AUT-009", also={"DES-001": MATRIX, "DES-002": MATRIX})
def the_enterprise_speaks_where_nobody_did(desensitization: DesensitizationParts) -> DesensitizationParts:
    """As long as no natural person has consented, the enterprise's authorization counts for all of them."""

    def view(item: Any, content: Document, *rest: Any, **by: Any) -> dict[str, Any]:
        silent = by["authorized"] and not by["persons"]
        persons = everybody(item, content, frozenset({ANYBODY})) if silent else by["persons"]
        return desensitization.view(item, content, *rest, **{**by, "persons": persons})

    return replace(desensitization, view=view)


@breaks("AUT-009", also={"DES-001": MATRIX, "DES-002": MATRIX})
def one_person_speaks_for_all(desensitization: DesensitizationParts) -> DesensitizationParts:
    """The consent of one natural person opens the fields of everybody in the record."""

    def view(item: Any, content: Document, *rest: Any, **by: Any) -> dict[str, Any]:
        return desensitization.view(
            item, content, *rest, **{**by, "persons": everybody(item, content, by["persons"])}
        )

    return replace(desensitization, view=view)


def everybody(item: Any, content: Document, persons: frozenset[str]) -> frozenset[str]:
    """Identifiers of all persons of a record, once somebody has consented."""
    found = (content.get(field.identified_by) for field in item.fields if field.identified_by)
    return frozenset(value for value in found if isinstance(value, str)) if persons else persons


@breaks("AUT-010", also={"AUT-003": "what cannot be revoked goes on"})
def revoking_needs_a_reason(wire: WireParts) -> WireParts:
    """A revocation that gives no reason is refused."""

    def errors(operation: str, media_type: str, body: Any) -> list[dict[str, str]]:
        if operation == "revokeAuthorization" and not (body or {}).get("reason"):
            return [{"pointer": "/reason", "message": "missing"}]
        return wire.request_errors(operation, media_type, body)

    return replace(wire, request_errors=errors)


@breaks("AUT-010")
def revoking_twice_is_a_conflict(authorizations: AuthorizationParts) -> AuthorizationParts:
    """The second revocation of an authorization is answered with 409."""

    def revoke(authorization: Authorization, at: str) -> dict[str, Any]:
        if authorization.revoked_at is not None:
            raise Refusal("conflict")
        return authorizations.revoke(authorization, at)

    return replace(authorizations, revoke=revoke)


def without_check(security: SecurityParts, name: str) -> SecurityParts:
    """The parts with one check of subject assertions left out."""
    checks = {key: check for key, check in security.subject_checks.items() if key != name}
    return replace(security, subject_checks=checks)
