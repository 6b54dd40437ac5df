"""Authorizations shown to, or touched by, others than their parties."""

from dataclasses import replace
from typing import Any

from reference_impl.mutants import breaks
from reference_impl.parts import Parts
from reference_impl.parts.authorization import AuthorizationParts
from reference_impl.parts.base import BaseParts
from reference_impl.parts.security import SecurityParts
from reference_impl.policy.authorization import Authorization
from reference_impl.policy.model import Caller, Document
from reference_impl.wire.message import Call


@breaks("AUT-011")
def subjects_see_what_they_clicked_themselves(authorization: AuthorizationParts) -> AuthorizationParts:
    """The list holds what was given on a page of the platform, and no upload."""

    def own(call: Call, after: int, limit: int) -> list[tuple[int, dict[str, Any]]]:
        found = authorization.own_authorizations(call, after, limit)
        return [(at, document) for at, document in found if document["origin"] == "platform_page"]

    return replace(authorization, own_authorizations=own)


@breaks("AUT-011")
def what_has_ended_is_hidden(authorization: AuthorizationParts) -> AuthorizationParts:
    """The list holds no authorization that was revoked."""

    def own(call: Call, after: int, limit: int) -> list[tuple[int, dict[str, Any]]]:
        found = authorization.own_authorizations(call, after, limit)
        return [(at, document) for at, document in found if not document.get("revoked_at")]

    return replace(authorization, own_authorizations=own)


@breaks("AUT-012")
def institutions_read_each_others_authorizations(parts: Parts) -> Parts:
    """Any admitted institution that knows its id reads an authorization."""

    def may_read(caller: Caller, authorization: Authorization) -> bool:
        return caller.role in parts[BaseParts].catalogue.codes["institution_class"] or parts[
            AuthorizationParts
        ].may_read(caller, authorization)

    return parts.with_groups(replace(parts[AuthorizationParts], may_read=may_read))


@breaks("AUT-012")
def the_hub_reads_every_authorization(authorizations: AuthorizationParts) -> AuthorizationParts:
    """The hub reads authorizations to which it is no party."""

    def may_read(caller: Caller, authorization: Authorization) -> bool:
        return caller.role == "hub" or authorizations.may_read(caller, authorization)

    return replace(authorizations, may_read=may_read)


@breaks("AUT-018")
def subject_assertions_are_taken_again(security: SecurityParts) -> SecurityParts:
    """An assertion of a subject agent is taken as often as it is shown; only clients are held to once."""

    def first_use(store: Any, issuer: str, jti: str, until: int, now: int) -> bool:
        return issuer.startswith("https:") or security.first_use(store, issuer, jti, until, now)

    return replace(security, first_use=first_use)


@breaks("AUT-018")
def agents_see_all_that_they_ever_gave(authorizations: AuthorizationParts) -> AuthorizationParts:
    """An agent who acts for several subjects touches the authorizations of all of them at once."""
    givers: dict[str, str] = {}

    def record(caller: Caller, body: Document, name: str, at: str) -> dict[str, Any]:
        givers[name] = caller.client_id
        return authorizations.record(caller, body, name, at)

    def given_by(caller: Caller, authorization: Authorization) -> bool:
        return givers.get(authorization.document["authorization_id"]) == caller.client_id

    return replace(
        authorizations,
        record=record,
        may_read=lambda caller, a: given_by(caller, a) or authorizations.may_read(caller, a),
        may_revoke=lambda caller, a: (
            caller.subject is not None and (given_by(caller, a) or authorizations.may_revoke(caller, a))
        ),
    )
