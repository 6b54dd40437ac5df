"""Queries: the grant of a caller for each item, decided before anything is looked up, and the reply."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from reference_impl.policy.authorization import Authorization, consenting_persons, opened_ids
from reference_impl.policy.model import Caller, Document, Identifier, Subject

AUTHORIZED_ONLY = "authorized"
REFUSED = "not_authorized"


@dataclass(frozen=True, slots=True)
class Grant:
    """The access of a caller to one item: identifiers by which records are found and disclosed."""

    visible: frozenset[Identifier]
    """Records about these may be shown at all."""
    opened: Mapping[Identifier, str | None]
    """Records about these are shown as authorized, by this authorization (None: the subject itself)."""
    persons: frozenset[str]
    """Natural persons who consented to the disclosure of their own fields."""
    own: bool = False

    @property
    def refused(self) -> bool:
        return not self.visible

    @property
    def authorization_id(self) -> str | None:
        return next((name for name in self.opened.values() if name), None)


CLOSED = Grant(frozenset(), {}, frozenset())
"""The grant of nothing."""


def grant(caller: Caller, subject: Subject, disclosure: str, matching: Sequence[Authorization]) -> Grant:
    """The grant for an item of this disclosure rule, by the authorizations that match it."""
    if caller.subject is not None:
        own_person = caller.subject.type == "natural_person"
        persons = {value for _, value in caller.subject.ids} if own_person else set()
        return Grant(subject.ids, dict.fromkeys(subject.ids), frozenset(persons), own=True)
    authorization_of = opened_ids(matching, subject)
    visible = frozenset(authorization_of) if disclosure == AUTHORIZED_ONLY else subject.ids
    return Grant(visible, dict(authorization_of), consenting_persons(matching))


def is_own(caller: Caller, asked: Subject) -> bool:
    """True if a subject queries itself and nobody else."""
    return caller.subject is None or asked.ids <= caller.subject.ids


def may_read_batch(caller: Caller, batch: Any) -> bool:
    """A batch of queries exists for whoever made it, and for nobody else."""
    return bool(batch.client_id == caller.client_id)


def standing(grant: Grant, count: int) -> str:
    """`not_authorized` comes first: it says nothing of whether records exist."""
    if grant.refused:
        return REFUSED
    return "ok" if count else "empty"


def authorizes(grant: Grant, record: Document) -> bool:
    """True if this record is disclosed as authorized: one of its identifiers was opened."""
    return any(identifier in grant.opened for identifier in Subject.of(record["subject"]).ids)


def served(record: Document, collected_at: str, fields: Mapping[str, Any]) -> dict[str, Any]:
    """One record of a reply: where it comes from, of when it is, and its disclosed fields."""
    return {
        "record_id": record["record_id"],
        "record_version": record["record_version"],
        "provider_uscc": record["provider_uscc"],
        "as_of": record["as_of"],
        "collected_at": collected_at,
        "source_channel": record["source_channel"],
        "status": record["status"],
        "fields": dict(fields),
    }


def result(
    item_code: str, grant: Grant, records: Sequence[Document], status: str | None = None
) -> dict[str, Any]:
    """The one result of an item; a status of its own stands behind that of the authorization."""
    decided = standing(grant, len(records))
    if status is not None and decided != REFUSED:
        decided = status
    refused = decided == REFUSED
    return {
        "item_code": item_code,
        "status": decided,
        "authorization_id": None if refused else grant.authorization_id,
        "records": list(records),
    }


def reply(
    query_id: str, caller: Caller, body: Document, at: str, results: Iterable[Document]
) -> dict[str, Any]:
    """A disclosure that names its channel, recipient, purpose and authorizations."""
    return {
        "query_id": query_id,
        "subject": body["subject"],
        "recipient": caller.client_id,
        "audience": caller.audience,
        "purpose": body["purpose"],
        "channel": "query",
        "at": at,
        "results": list(results),
    }
