"""Authorizations that go on when they should not, or end when they should go on."""

from dataclasses import replace
from datetime import datetime
from typing import Any

from reference_impl.china_time import CHINA
from reference_impl.mutants import breaks
from reference_impl.mutants.authorization.consent import with_rule
from reference_impl.mutants.authorization.effect import with_condition
from reference_impl.parts.authorization import AuthorizationParts
from reference_impl.policy.authorization import SUPERSEDED, Authorization

ITEMS = "items"


@breaks("AUT-022")
def everything_recorded_is_active(authorizations: AuthorizationParts) -> AuthorizationParts:
    """An authorization reads as active from the moment it is recorded, though it serves later."""

    def state(authorization: Authorization, now: datetime) -> str:
        found = authorizations.state(authorization, now)
        return "active" if found == "pending" else found

    return replace(authorizations, state=state)


@breaks("AUT-022")
def revoking_always_ends_in_revoked(authorizations: AuthorizationParts) -> AuthorizationParts:
    """A revocation overwrites the state, whatever had ended the authorization before."""

    def state(authorization: Authorization, now: datetime) -> str:
        return "revoked" if authorization.revoked_at else authorizations.state(authorization, now)

    return replace(authorizations, state=state, is_final=lambda found: found == "revoked")


@breaks("AUT-023", also={"AUT-022": "one that was to be superseded is revoked instead"})
def authorizations_live_side_by_side(authorization: AuthorizationParts) -> AuthorizationParts:
    """A newer authorization leaves all older ones as they are."""
    return replace(authorization, replace_older=lambda _call, _newer: None)


@breaks("AUT-023")
def only_the_same_items_are_replaced(authorization: AuthorizationParts) -> AuthorizationParts:
    """A newer authorization replaces an older one only if it names exactly the same items."""

    def supersede(older: Authorization, newer: Authorization) -> dict[str, Any] | None:
        same = set(older.document[ITEMS]) == set(newer.document[ITEMS])
        return authorization.supersede(older, newer) if same else None

    return replace(authorization, supersede=supersede)


@breaks("AUT-023")
def the_newest_replaces_all(authorization: AuthorizationParts) -> AuthorizationParts:
    """A newer authorization replaces older ones that name items beyond its own."""

    def supersede(older: Authorization, newer: Authorization) -> dict[str, Any] | None:
        wide = replace(newer, document={**newer.document, ITEMS: older.document[ITEMS]})
        return authorization.supersede(older, wide)

    return replace(authorization, supersede=supersede)


@breaks("AUT-023")
def the_older_ends_before_the_newer_begins(authorization: AuthorizationParts) -> AuthorizationParts:
    """An older authorization ends when the newer is recorded, long before that one's first day."""

    def supersede(older: Authorization, newer: Authorization) -> dict[str, Any] | None:
        day = datetime.fromisoformat(newer.document["created_at"]).astimezone(CHINA).date()
        return authorization.supersede(older, replace(newer, valid_from=day))

    return replace(authorization, supersede=supersede)


@breaks("AUT-023")
def revoking_the_newer_revives_the_older(authorization: AuthorizationParts) -> AuthorizationParts:
    """When the newer authorization is revoked, the one that it replaced serves again."""

    def reinstate(older: Authorization, newer: Authorization, _at: datetime) -> dict[str, Any] | None:
        if older.document.get(SUPERSEDED, {}).get("by") != newer.document["authorization_id"]:
            return None
        return {name: value for name, value in older.document.items() if name != SUPERSEDED}

    return replace(authorization, reinstate=reinstate)


@breaks("AUT-024")
def lapse_is_not_shown(authorizations: AuthorizationParts) -> AuthorizationParts:
    """To its subject, an authorization of a withdrawn institution reads as before."""

    def state(authorization: Authorization, now: datetime) -> str:
        return authorizations.state(replace(authorization, lapsed_at=None), now)

    return replace(authorizations, state=state)


@breaks("AUT-024")
def returning_institutions_find_their_authorizations(authorization: AuthorizationParts) -> AuthorizationParts:
    """After a new admission, the authorizations of the former one serve again."""
    return with_condition(authorization, "not_lapsed", None)


@breaks("AUT-024")
def anybody_may_be_a_recipient(authorization: AuthorizationParts) -> AuthorizationParts:
    """An authorization is recorded for an institution that nobody has admitted."""
    return with_rule(authorization, "recipient_admitted", None)
