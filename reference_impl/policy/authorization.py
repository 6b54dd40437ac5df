"""Authorizations: their record, their state at a moment, who may give them, and what they open."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Self

from reference_impl.china_time import CHINA
from reference_impl.policy import life
from reference_impl.policy.model import Caller, Document, Identifier, Refusal, Subject

SUPERSEDED, LAPSED = "superseded", "lapsed_at"
HIDDEN = (SUPERSEDED, LAPSED)
"""Members of a record that its readers see in the state only."""


@dataclass(frozen=True, slots=True)
class Authorization:
    """An authorization as recorded."""

    document: Document
    subject: Subject
    valid_from: date
    valid_until: date
    revoked_at: str | None
    superseded_at: datetime | None
    """From when a newer one stands in its place."""
    lapsed_at: datetime | None

    @classmethod
    def of(cls, document: Document) -> Self:
        return cls(
            document,
            Subject.of(document["subject"]),
            date.fromisoformat(document["valid_from"]),
            date.fromisoformat(document["valid_until"]),
            document.get("revoked_at"),
            _moment(document.get(SUPERSEDED, {}).get("at")),
            _moment(document.get(LAPSED)),
        )


@dataclass(frozen=True, slots=True)
class Need:
    """The need of a disclosure: recipient, purpose, item."""

    recipient: str
    purpose: str
    item: str


Condition = Callable[[Authorization, Need, datetime], bool]


def events(authorization: Authorization) -> list[tuple[datetime, str]]:
    """Past and coming events. Both ends are whole days in China; the last day ends at 24:00."""
    moments = {
        "begin": life.begins(authorization.valid_from),
        "end": life.ends(authorization.valid_until),
        "revoke": _moment(authorization.revoked_at),
        "supersede": authorization.superseded_at,
        "lapse": authorization.lapsed_at,
    }
    return [(at, code) for code, at in moments.items() if at is not None]


def state(authorization: Authorization, now: datetime, transitions: life.Transitions) -> str:
    """The state at `now`."""
    return life.state(events(authorization), transitions, now)


def not_revoked(authorization: Authorization, _need: Need, _now: datetime) -> bool:
    return authorization.revoked_at is None


def begun(authorization: Authorization, _need: Need, now: datetime) -> bool:
    return authorization.valid_from <= now.astimezone(CHINA).date()


def not_ended(authorization: Authorization, _need: Need, now: datetime) -> bool:
    return now.astimezone(CHINA).date() <= authorization.valid_until


def not_superseded(authorization: Authorization, _need: Need, now: datetime) -> bool:
    return authorization.superseded_at is None or now < authorization.superseded_at


def not_lapsed(authorization: Authorization, _need: Need, _now: datetime) -> bool:
    return authorization.lapsed_at is None


def for_recipient(authorization: Authorization, need: Need, _now: datetime) -> bool:
    return bool(authorization.document["recipient"] == need.recipient)


def for_purpose(authorization: Authorization, need: Need, _now: datetime) -> bool:
    return bool(authorization.document["purpose"] == need.purpose)


def for_item(authorization: Authorization, need: Need, _now: datetime) -> bool:
    return need.item in authorization.document["items"]


CONDITIONS: Mapping[str, Condition] = {
    function.__name__: function
    for function in (
        not_revoked,
        begun,
        not_ended,
        not_superseded,
        not_lapsed,
        for_recipient,
        for_purpose,
        for_item,
    )
}


def matching(
    conditions: Mapping[str, Condition], given: Iterable[Authorization], need: Need, now: datetime
) -> tuple[Authorization, ...]:
    """Those of the cited authorizations that meet every condition, whoever their subject is."""
    return tuple(a for a in given if all(condition(a, need, now) for condition in conditions.values()))


def opened_ids(authorizations: Iterable[Authorization], subject: Subject) -> dict[Identifier, str]:
    """Identifiers of the asked subject that an authorization covers, with the authorization's id.

    Only these select records: an authorization of one enterprise opens nothing of another one that the
    query names beside it.
    """
    ids: dict[Identifier, str] = {}
    for authorization in authorizations:
        for shared in authorization.subject.ids & subject.ids:
            ids.setdefault(shared, authorization.document["authorization_id"])
    return ids


def consenting_persons(authorizations: Iterable[Authorization]) -> frozenset[str]:
    """Resident ids of the natural persons who gave these authorizations themselves."""
    return frozenset(
        value
        for authorization in authorizations
        if authorization.subject.type == "natural_person"
        for scheme, value in authorization.subject.ids
        if scheme == "resident_id"
    )


def check_grant(caller: Caller, body: Document) -> None:
    """Refuse an authorization that the caller may not give."""
    if caller.subject is not None:
        if body["origin"] != "platform_page" or Subject.of(body["subject"]) != caller.subject:
            raise Refusal("forbidden")
    elif body["origin"] != "institution_upload" or body["recipient"] != caller.client_id:
        raise Refusal("forbidden")
    if body["valid_until"] < body["valid_from"]:
        raise Refusal(
            "authorization_invalid", errors=[{"pointer": "/valid_until", "message": "before valid_from"}]
        )


def record(caller: Caller, body: Document, authorization_id: str, created_at: str) -> dict[str, Any]:
    """The record of a new authorization, with the capacity and assurance of its grantor."""
    return {
        "authorization_id": authorization_id,
        **body,
        "granted_by": {"capacity": caller.capacity, "assurance": caller.assurance},
        "created_at": created_at,
    }


def revoke(authorization: Authorization, at: str) -> dict[str, Any]:
    """The record after revocation. Repeating changes nothing: the first moment stays."""
    return {**authorization.document, "revoked_at": authorization.revoked_at or at}


def supersede(older: Authorization, newer: Authorization) -> dict[str, Any] | None:
    """The record of the older one once the newer covers it; None where it does not."""
    new, old = newer.document, older.document
    same_scope = newer.subject == older.subject and all(new[m] == old[m] for m in ("recipient", "purpose"))
    if not same_scope or not set(old["items"]) <= set(new["items"]):
        return None
    recorded = datetime.fromisoformat(new["created_at"])
    at = max(recorded, life.begins(newer.valid_from))
    return {**old, SUPERSEDED: {"at": at.isoformat(), "by": new["authorization_id"]}}


def reinstate(older: Authorization, newer: Authorization, at: datetime) -> dict[str, Any] | None:
    """The record of the older one when the newer is revoked before it began; None for no change."""
    by = older.document.get(SUPERSEDED, {}).get("by")
    if by != newer.document["authorization_id"] or older.superseded_at is None or older.superseded_at <= at:
        return None
    return {name: value for name, value in older.document.items() if name != SUPERSEDED}


def lapse(authorization: Authorization, at: str) -> dict[str, Any]:
    """The record after its recipient was withdrawn."""
    return {LAPSED: at, **authorization.document}


def same_consent(earlier: Document, body: Document) -> bool:
    """True if two authorizations have the same terms: one signed text proves no more than its own."""
    terms = ("recipient", "purpose", "valid_from", "valid_until")
    return (
        all(earlier[member] == body[member] for member in terms)
        and set(earlier["items"]) == set(body["items"])
        and Subject.of(earlier["subject"]) == Subject.of(body["subject"])
    )


def view(authorization: Authorization, state: str) -> dict[str, Any]:
    """The authorization as a party to it reads it."""
    shown = {name: value for name, value in authorization.document.items() if name not in HIDDEN}
    return {**shown, "state": state}


def may_read(caller: Caller, authorization: Authorization) -> bool:
    """The recipient and the subject read an authorization; for others it does not exist."""
    if caller.subject is not None:
        return may_revoke(caller, authorization)
    return bool(authorization.document["recipient"] == caller.client_id)


def may_revoke(caller: Caller, authorization: Authorization) -> bool:
    """The subject revokes, whoever of its people gave the authorization and by whichever way."""
    return caller.subject is not None and bool(caller.subject.ids & authorization.subject.ids)


def _moment(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text)
