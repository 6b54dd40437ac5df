"""Authorization: granted, read, listed and revoked."""

from typing import Any

from reference_impl.http import paging
from reference_impl.http.operations import handles
from reference_impl.parts.authorization import AuthorizationParts, siblings
from reference_impl.parts.base import BaseParts, refuse_reserved
from reference_impl.parts.catalog import CatalogParts
from reference_impl.parts.security import log_event
from reference_impl.policy import authorization as policy
from reference_impl.policy import consent
from reference_impl.policy.authorization import Authorization
from reference_impl.policy.model import Refusal
from reference_impl.store.authorizations import Authorizations
from reference_impl.store.institutions import Institutions
from reference_impl.wire.message import Call, Reply


@handles("createAuthorization")
def create(call: Call) -> Reply:
    """Record an authorization; older ones that it covers are superseded."""
    group = call.parts[AuthorizationParts]
    _check_items(call)
    refuse_reserved(call, call.body)
    group.check_grant(call.party, call.body)
    _check_consent(call)
    authorization_id = call.parts[BaseParts].new_id("authorization", call.body)
    document = group.record(call.party, call.body, authorization_id, call.at)
    call.store[Authorizations].add(document)
    authorization = Authorization.of(document)
    _log(call, "authorization_given", authorization)
    if group.state(authorization, call.now) != "expired":
        group.replace_older(call, authorization)
    location = f"/v1/authorizations/{authorization_id}"
    return Reply(201, _view(call, authorization), {"Location": location})


@handles("getAuthorization")
def read(call: Call) -> Reply:
    """One authorization, for its parties."""
    return Reply(200, _view(call, _authorization(call)))


@handles("listAuthorizations")
def list_own(call: Call) -> Reply:
    """A page of the authorizations of the asserted subject."""
    after, size = paging.position(call, "authorizations"), paging.limit(call)
    rows = call.parts[AuthorizationParts].own_authorizations(call, after, size + 1)
    page, has_more = rows[:size], len(rows) > size
    body = {
        "authorizations": [_view(call, Authorization.of(document)) for _, document in page],
        "next_cursor": paging.cursor(call, "authorizations", page[-1][0]) if has_more else None,
    }
    return Reply(200, body)


@handles("revokeAuthorization")
def revoke(call: Call) -> Reply:
    """Revoke an authorization; an older one that it replaced before its beginning serves again."""
    group, authorization = call.parts[AuthorizationParts], _authorization(call)
    if not group.may_revoke(call.party, authorization):
        raise Refusal("forbidden")
    revoked = Authorization.of(group.revoke(authorization, call.at))
    if group.is_final(group.state(authorization, call.now)):
        return Reply(200, _view(call, authorization))
    call.store[Authorizations].put(revoked.document)
    _log(call, "authorization_revoked", revoked)
    for older in siblings(call, authorization):
        reinstated = group.reinstate(older, authorization, call.now)
        if reinstated is not None:
            call.store[Authorizations].put(reinstated)
    return Reply(200, _view(call, revoked))


def _check_items(call: Call) -> None:
    """Raises Refusal for items that the checklist in force does not have."""
    knows_item = call.parts[CatalogParts].knows_item
    unknown = [i for i, code in enumerate(call.body["items"]) if not knows_item(code)]
    if unknown:
        errors = [{"pointer": f"/items/{i}", "message": "not in the checklist in force"} for i in unknown]
        raise Refusal("invalid_request", errors=errors)


def _check_consent(call: Call) -> None:
    """Raises Refusal for a consent that breaks a rule, or whose evidence has other terms elsewhere."""
    group, body = call.parts[AuthorizationParts], call.body
    recipient = call.store[Institutions].get(body["recipient"])
    codes = call.parts[BaseParts].catalogue.codes
    parameters = call.parameters["authorization"]
    errors = list(
        consent.faults(
            group.consent_rules,
            consent.Consent(call.party, body, recipient, codes, parameters, call.now),
        )
    )
    earlier = call.store[Authorizations].on_evidence(body)
    if not all(group.same_consent(document, body) for document in earlier):
        errors.append({"pointer": "/evidence/digest", "message": "stands behind another authorization"})
    if errors:
        raise Refusal("authorization_invalid", errors=errors)


def _view(call: Call, authorization: Authorization) -> dict[str, Any]:
    return policy.view(authorization, call.parts[AuthorizationParts].state(authorization, call.now))


def _authorization(call: Call) -> Authorization:
    """The authorization in the path. Raises Refusal where the caller may not read it."""
    document = call.store[Authorizations].get(call.request.parameters["authorization_id"])
    authorization = document and Authorization.of(document)
    if not authorization or not call.parts[AuthorizationParts].may_read(call.party, authorization):
        raise Refusal("not_found")
    return authorization


def _log(call: Call, action: str, authorization: Authorization) -> None:
    document = authorization.document
    log_event(
        call,
        action,
        "recorded",
        recipient=document["recipient"],
        purpose=document["purpose"],
        subject_ref=call.subject_ref(document["subject"]),
        items=document["items"],
        authorization_ids=[document["authorization_id"]],
    )
