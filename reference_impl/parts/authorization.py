"""Decisions about authorizations: who may grant them, how long they last, what they open."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from reference_impl.knowledge import Setup
from reference_impl.policy import authorization as policy
from reference_impl.policy import consent
from reference_impl.policy.authorization import Authorization, Condition
from reference_impl.policy.consent import Rule as ConsentRule
from reference_impl.policy.model import Caller, Document
from reference_impl.store.authorizations import Authorizations
from reference_impl.wire.message import Call


@dataclass(frozen=True, slots=True, kw_only=True)
class AuthorizationParts:
    """Decisions about authorizations."""

    check_grant: Callable[[Caller, Document], None]
    """Raises Refusal for an authorization that the caller may not grant."""
    consent_rules: Mapping[str, ConsentRule]
    """By name; all of them must hold for a consent to be recorded."""
    same_consent: Callable[[Document, Document], bool]
    """True if a recorded authorization and a new one on the same evidence have the same terms."""
    record: Callable[[Caller, Document, str, str], dict[str, Any]]
    """The record of a new authorization, by grantor, body, id and moment."""
    state: Callable[[Authorization, datetime], str]
    is_final: Callable[[str], bool]
    """True if no event leads out of a state."""
    own_authorizations: Callable[[Call, int, int], list[tuple[int, dict[str, Any]]]]
    """Position and document of the calling subject's authorizations, after a position, up to a limit."""
    replace_older: Callable[[Call, Authorization], None]
    supersede: Callable[[Authorization, Authorization], dict[str, Any] | None]
    """The older record once the newer covers it; None where it does not."""
    reinstate: Callable[[Authorization, Authorization, datetime], dict[str, Any] | None]
    """The older record once the newer is revoked before its beginning; None for no change."""
    may_read: Callable[[Caller, Authorization], bool]
    may_revoke: Callable[[Caller, Authorization], bool]
    revoke: Callable[[Authorization, str], dict[str, Any]]
    """The record after revocation at a moment."""
    conditions: Mapping[str, Condition]
    """By name; all of them must hold for an authorization to serve a query."""


def honest(setup: Setup) -> AuthorizationParts:
    """Rules and conditions of the policy; states as the code sets publish them."""
    codes = setup.knowledge.catalogue.codes
    return AuthorizationParts(
        check_grant=policy.check_grant,
        consent_rules=consent.RULES,
        same_consent=policy.same_consent,
        record=policy.record,
        state=partial(policy.state, transitions=codes["authorization_event"]),
        is_final=lambda state: "final" in codes["authorization_state"][state],
        own_authorizations=own_authorizations,
        replace_older=replace_older,
        supersede=policy.supersede,
        reinstate=policy.reinstate,
        may_read=policy.may_read,
        may_revoke=policy.may_revoke,
        revoke=policy.revoke,
        conditions=policy.CONDITIONS,
    )


def own_authorizations(call: Call, after: int, limit: int) -> list[tuple[int, dict[str, Any]]]:
    """Position and document of the authorizations of the asserted subject."""
    ids = call.party.subject.ids if call.party.subject else ()
    return call.store[Authorizations].of_subject(ids, max(after, 0), limit)


def replace_older(call: Call, newer: Authorization) -> None:
    """Let the older ones that the newer covers be superseded from its first moment on."""
    group = call.parts[AuthorizationParts]
    for older in siblings(call, newer):
        if not group.is_final(group.state(older, call.now)):
            document = group.supersede(older, newer)
            if document is not None:
                call.store[Authorizations].put(document)


def lapse_all(call: Call, recipient: str) -> None:
    """Let every authorization of a recipient lapse."""
    group = call.parts[AuthorizationParts]
    for document in call.store[Authorizations].to_recipient(recipient):
        authorization = Authorization.of(document)
        if not group.is_final(group.state(authorization, call.now)):
            call.store[Authorizations].put(policy.lapse(authorization, call.at))


def siblings(call: Call, authorization: Authorization) -> Iterator[Authorization]:
    """The other authorizations of the same subject."""
    for _, document in call.store[Authorizations].of_subject(authorization.subject.ids):
        if document["authorization_id"] != authorization.document["authorization_id"]:
            yield Authorization.of(document)
