"""Authorization: given, read, listed and revoked."""

from collections.abc import Iterator
from typing import Any

from reference_impl.http import paging
from reference_impl.policy import authorization as policy
from reference_impl.policy import consent
from reference_impl.policy.authorization import Authorization
from reference_impl.policy.model import Refusal
from reference_impl.wire.message import Call, Reply


def create(call: Call) -> Reply:
    known_items(call)
    call.parts.refuse_reserved(call.body)
    call.parts.check_grant(call.party, call.body)
    _check_consent(call)
    authorization_id = call.parts.new_id("authorization", call.body)
    document = call.parts.authorization_record(call.party, call.body, authorization_id, call.at)
    call.store.authorizations.add(document)
    authorization = Authorization.of(document)
    _note(call, "authorization_given", authorization)
    if call.parts.state(authorization, call.now) != "expired":
        call.parts.replace_older(call, authorization)
    location = f"/v1/authorizations/{authorization_id}"
    return Reply(201, _view(call, authorization), {"Location": location})


def read(call: Call) -> Reply:
    return Reply(200, _view(call, _of_caller(call)))


def list_own(call: Call) -> Reply:
    """A page of the authorizations of the asserted subject."""
    after, size = paging.position(call, "authorizations"), paging.limit(call)
    found = call.parts.own_authorizations(call, after, size + 1)
    page, more = found[:size], len(found) > size
    body = {
        "authorizations": [_view(call, Authorization.of(document)) for _, document in page],
        "next_cursor": paging.cursor(call, "authorizations", page[-1][0]) if more else None,
    }
    return Reply(200, body)


def revoke(call: Call) -> Reply:
    authorization = _of_caller(call)
    if not call.parts.may_revoke(call.party, authorization):
        raise Refusal("forbidden")
    revoked = Authorization.of(call.parts.revoke(authorization, call.at))
    if call.parts.is_final(call.parts.state(authorization, call.now)):
        return Reply(200, _view(call, authorization))
    call.store.authorizations.put(revoked.document)
    _note(call, "authorization_revoked", revoked)
    for older in _siblings(call, authorization):
        again = call.parts.reinstate(older, authorization, call.now)
        if again is not None:
            call.store.authorizations.put(again)
    return Reply(200, _view(call, revoked))


def replace_older(call: Call, newer: Authorization) -> None:
    """Let the older ones that the newer covers be superseded from its first moment on."""
    for older in _siblings(call, newer):
        if not call.parts.is_final(call.parts.state(older, call.now)):
            document = call.parts.supersede(older, newer)
            if document is not None:
                call.store.authorizations.put(document)


def lapse_all(call: Call, recipient: str) -> None:
    """Let everything that was given to an institution lapse."""
    for document in call.store.authorizations.to_recipient(recipient):
        authorization = Authorization.of(document)
        if not call.parts.is_final(call.parts.state(authorization, call.now)):
            call.store.authorizations.put(policy.lapse(authorization, call.at))


def own_authorizations(call: Call, after: int, limit: int) -> list[tuple[int, dict[str, Any]]]:
    """Position and document of the authorizations of the asserted subject."""
    ids = call.party.subject.ids if call.party.subject else ()
    found: list[tuple[int, dict[str, Any]]] = call.store.authorizations.of_subject(ids, max(after, 0), limit)
    return found


def known_items(call: Call) -> None:
    """Refuse items that the checklist in force does not have."""
    unknown = [i for i, code in enumerate(call.body["items"]) if not call.parts.knows_item(code)]
    if unknown:
        errors = [{"pointer": f"/items/{i}", "message": "not in the checklist in force"} for i in unknown]
        raise Refusal("invalid_request", errors=errors)


def _check_consent(call: Call) -> None:
    parts, body = call.parts, call.body
    recipient = call.store.institutions.get(body["recipient"])
    brought = consent.Consent(call.party, body, recipient, parts.codes, parts.parameters, call.now)
    errors = list(consent.faults(parts.consent_rules, brought))
    used = call.store.authorizations.on_evidence(body)
    if not all(parts.same_consent(earlier, body) for earlier in used):
        errors.append({"pointer": "/evidence/digest", "message": "stands behind another authorization"})
    if errors:
        raise Refusal("authorization_invalid", errors=errors)


def _siblings(call: Call, authorization: Authorization) -> Iterator[Authorization]:
    """The other authorizations of the same subject."""
    for _, document in call.store.authorizations.of_subject(authorization.subject.ids):
        if document["authorization_id"] != authorization.document["authorization_id"]:
            yield Authorization.of(document)


def _view(call: Call, authorization: Authorization) -> dict[str, Any]:
    return policy.view(authorization, call.parts.state(authorization, call.now))


def _of_caller(call: Call) -> Authorization:
    document = call.store.authorizations.get(call.request.parameters["authorization_id"])
    authorization = document and Authorization.of(document)
    if not authorization or not call.parts.may_read(call.party, authorization):
        raise Refusal("not_found")
    return authorization


def _note(call: Call, action: str, authorization: Authorization) -> None:
    document = authorization.document
    call.note(
        action,
        "recorded",
        recipient=document["recipient"],
        purpose=document["purpose"],
        subject_ref=call.subject_ref(document["subject"]),
        items=document["items"],
        authorization_ids=[document["authorization_id"]],
    )
