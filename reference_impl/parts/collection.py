"""Decisions about collection: the judgement of each delivered record, versions, and the end of service."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from operator import attrgetter
from typing import Any

from reference_impl.knowledge import Setup
from reference_impl.parts.base import BaseParts, reserved_identity
from reference_impl.policy import collection
from reference_impl.policy.collection import Incoming, Line, Stored
from reference_impl.policy.model import Caller, Document
from reference_impl.policy.timeliness import timeliness
from reference_impl.standard import ItemSpec, Rejection
from reference_impl.standard.channels import is_local_repeat, prevailing_channels
from reference_impl.store.records import Records
from reference_impl.wire import body
from reference_impl.wire.message import Call

Reason = Mapping[str, Any]
"""A reason of rejection as its provider reads it."""
Collected = list[tuple[Document, str]]
"""Records, each with the moment of its collection."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CollectionParts:
    """Decisions about delivered records."""

    read_lines: Callable[[bytes], Iterable[Line]]
    """The records of an NDJSON body."""
    validate_record: Callable[[object], Sequence[Rejection]]
    collect: Callable[[Call, Iterable[Line]], list[dict[str, Any]]]
    """Judges and stores the delivered records; the outcome of each."""
    supersedes: Callable[[Incoming, Stored], bool]
    """True if a version takes the place of the stored one."""
    hides: Callable[[Incoming], bool]
    """True if a version ends the service of its record."""
    repeats_locally: Callable[[ItemSpec, str], bool]
    """True if a channel delivers again what an item's headquarters share already."""
    prevailing: Callable[[ItemSpec, Collected], Collected]
    """The records that are served where several speak of the same thing."""
    own_batch: Callable[[Caller, str], bool]
    """True if the caller sent a batch, by the client id of its sender."""
    in_force: Callable[[Document], bool]
    serve_until: Callable[[ItemSpec, Document], str | None]
    """The last day on which a record is served; None without an end."""
    timeliness: Callable[[Document | None, Document], str | None]
    """Timeliness of a record within the limit of its item; None without a limit."""


def honest(setup: Setup) -> CollectionParts:
    """Each record judged by its item's schema and rules, and stored by version."""
    catalogue = setup.knowledge.catalogue
    return CollectionParts(
        read_lines=body.lines,
        validate_record=catalogue.validate_record,
        collect=collect,
        supersedes=collection.supersedes,
        hides=attrgetter("withdraws"),
        repeats_locally=lambda item, channel: is_local_repeat(catalogue.codes, item.sharing_mode, channel),
        prevailing=partial(collection.prevailing, prevailing_channels(catalogue.codes)),
        own_batch=lambda caller, sender: caller.client_id == sender,
        in_force=collection.in_force,
        serve_until=collection.serve_until,
        timeliness=partial(timeliness, catalogue.calendar),
    )


def collect(call: Call, delivered: Iterable[Line]) -> list[dict[str, Any]]:
    """The outcome of each record, judged by itself: a bad one spoils no other."""
    return [_outcome(call, line) for line in delivered]


def _outcome(call: Call, line: Line) -> dict[str, Any]:
    if line.malformed:
        return collection.outcome(line.index, None, [_reason(call, "malformed_line", "")])
    reasons = _faults(call, line.record) or _store(call, line.record)
    outcome = collection.outcome(line.index, line.record.get("record_id"), reasons)
    timely = None if reasons else _timeliness(call, line.record)
    return {**outcome, "timeliness": timely} if timely else outcome


def _timeliness(call: Call, record: Document) -> str | None:
    return call.parts[CollectionParts].timeliness(_item(call, record).timeliness, record)


def _item(call: Call, record: Document) -> ItemSpec:
    return call.parts[BaseParts].catalogue.items[record["item_code"]]


def _faults(call: Call, record: Any) -> list[Reason]:
    """The reasons for which a record is not valid, whatever is stored."""
    group = call.parts[CollectionParts]
    reasons: list[Reason] = [
        {"code": r.code, "pointer": r.pointer, "rule": r.rule, "message": dict(r.message)}
        for r in group.validate_record(record)
    ]
    if reasons:
        return reasons
    announced = call.body and call.body["item_code"]
    if announced and record["item_code"] != announced:
        return [_reason(call, "schema", "/item_code")]
    item = _item(call, record)
    if not item.collected:
        return [_reason(call, "collection_mode", "/item_code")]
    if group.repeats_locally(item, record["source_channel"]):
        return [_reason(call, "head_to_head", "/source_channel")]
    pointer = reserved_identity(call, record)
    return [_reason(call, "format", pointer)] if pointer else []


def _store(call: Call, record: Document) -> list[Reason]:
    """Store a valid record; the reason why not, where what is stored stands against it."""
    group, records = call.parts[CollectionParts], call.store[Records]
    new = collection.incoming(record)
    identity = (call.party.client_id, *collection.identity(record))
    row = records.find(identity)
    stored = row and Stored(row.record_version, row.digest, row.withdrawn)
    item = call.parts[BaseParts].catalogue.governing(record).items[record["item_code"]]
    key_ref = None if new.withdraws else records.key_ref(collection.key(record, item.key))
    key_taken = key_ref is not None and records.key_is_taken(identity, key_ref)
    newer = stored is not None and group.supersedes(new, stored)
    code = collection.conflict(new, stored, newer=newer, key_taken=key_taken)
    if code is not None:
        return [_reason(call, code, "/record_version" if code == "stale_version" else "")]
    columns = {
        "record_version": new.version,
        "digest": new.digest,
        "key_ref": key_ref,
        "withdrawn": group.hides(new),
        "in_force": group.in_force(record),
        "served_until": group.serve_until(item, record),
        "timeliness": _timeliness(call, record),
        "collected_at": call.at,
        "as_of": record["as_of"],
        "source_channel": record["source_channel"],
    }
    records.put(identity, columns, record, row and row.row_id)
    return []


def _reason(call: Call, code: str, pointer: str) -> Reason:
    title = call.parts[BaseParts].catalogue.codes["rejection_reason"][code]["title"]
    return {"code": code, "pointer": pointer, "rule": None, "message": dict(title)}
