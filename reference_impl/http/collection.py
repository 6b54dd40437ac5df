"""Collection: deliveries are judged record by record, and kept with the outcome of each."""

from collections.abc import Iterable, Mapping
from typing import Any

from reference_impl.http import paging
from reference_impl.policy import collection
from reference_impl.policy.model import Refusal
from reference_impl.wire.message import JSON, Call, Reply

Reason = Mapping[str, Any]


def create(call: Call) -> Reply:
    """Judge every record and answer when all of it is decided; the reply leaves after the commit."""
    delivered = list(_delivered(call))
    if len(delivered) > call.settings.limits.max_batch_records:
        raise Refusal("payload_too_large")
    if not delivered:
        raise Refusal("invalid_request", errors=[{"pointer": "", "message": "holds no record"}])
    outcomes = call.parts.collect(call, delivered)
    batch_id = call.parts.new_id("batch", {})
    summary = collection.summary(batch_id, outcomes)
    call.store.batches.add(call.party.client_id, summary, outcomes)
    call.note("collection", f"accepted {summary['accepted']} of {summary['received']}")
    body = {name: summary[name] for name in ("batch_id", "received", "status")}
    return Reply(202, body, {"Location": f"/v1/batches/{batch_id}"})


def read(call: Call) -> Reply:
    batch_id = call.request.parameters["batch_id"]
    found = call.store.batches.get(batch_id)
    if found is None or not call.parts.own_batch(call.party, found[0]):
        raise Refusal("not_found")
    summary = found[1]
    after, size = paging.position(call, batch_id), paging.limit(call)
    outcomes = call.store.batches.outcomes(batch_id, after, size + 1)
    more = len(outcomes) > size
    following = paging.cursor(call, batch_id, outcomes[size - 1]["index"]) if more else None
    return Reply(200, {**summary, "outcomes": outcomes[:size], "next_cursor": following})


def collect(call: Call, delivered: Iterable[collection.Line]) -> list[dict[str, Any]]:
    """Decide each record on its own: a bad one spoils nothing but itself."""
    return [_outcome(call, line) for line in delivered]


def _delivered(call: Call) -> Iterable[collection.Line]:
    if call.request.media_type != JSON:
        return call.parts.read_lines(call.request.body)
    return (collection.Line(index, record) for index, record in enumerate(call.body["records"]))


def _outcome(call: Call, line: collection.Line) -> dict[str, Any]:
    if line.malformed:
        return collection.outcome(line.index, None, [_reason(call, "malformed_line", "")])
    reasons = _reasons(call, line.record) or _take(call, line.record)
    outcome = collection.outcome(line.index, line.record.get("record_id"), reasons)
    timeliness = None if reasons else _timeliness(call, line.record)
    return {**outcome, "timeliness": timeliness} if timeliness else outcome


def _timeliness(call: Call, record: Mapping[str, Any]) -> str | None:
    item = call.parts.catalogue.items[record["item_code"]]
    return call.parts.timeliness(item.timeliness, record)


def _reasons(call: Call, record: Any) -> list[Reason]:
    """Why a record is not valid by itself."""
    found: list[Reason] = [
        {"code": r.code, "pointer": r.pointer, "rule": r.rule, "message": dict(r.message)}
        for r in call.parts.validate_record(record)
    ]
    announced = call.body and call.body["item_code"]
    if not found and announced and record["item_code"] != announced:
        found.append(_reason(call, "schema", "/item_code"))
    if not found and not call.parts.catalogue.items[record["item_code"]].collected:
        found.append(_reason(call, "collection_mode", "/item_code"))
    if not found and _is_repeated(call, record):
        found.append(_reason(call, "head_to_head", "/source_channel"))
    if not found and (pointer := call.parts.reserved_identity(record)):
        found.append(_reason(call, "format", pointer))
    return found


def _is_repeated(call: Call, record: Mapping[str, Any]) -> bool:
    item = call.parts.catalogue.items[record["item_code"]]
    return call.parts.repeats_locally(item, record["source_channel"])


def _take(call: Call, record: Mapping[str, Any]) -> list[Reason]:
    """Store a valid record, unless what is stored already stands against it."""
    parts, records = call.parts, call.store.records
    new = collection.incoming(record)
    identity = (call.party.client_id, *collection.identity(record))
    row = records.find(identity)
    stored = row and collection.Stored(row.record_version, row.digest, row.withdrawn)
    item = parts.catalogue.governing(record).items[record["item_code"]]
    key = collection.key(record, item.key)
    key_ref = None if new.withdraws else records.key_ref(key)
    taken = key_ref is not None and records.key_is_taken(identity, key_ref)
    newer = stored is not None and parts.supersedes(new, stored)
    code = parts.record_conflict(new, stored, newer=newer, key_taken=taken)
    if code is not None:
        return [_reason(call, code, "/record_version" if code == "stale_version" else "")]
    columns = {
        "record_version": new.version,
        "digest": new.digest,
        "key_ref": key_ref,
        "withdrawn": parts.hides(new),
        "in_force": parts.in_force(record),
        "served_until": parts.serve_until(item, record),
        "timeliness": _timeliness(call, record),
        "collected_at": call.at,
        "as_of": record["as_of"],
        "source_channel": record["source_channel"],
    }
    records.put(identity, columns, record, row and row.row_id)
    return []


def _reason(call: Call, code: str, pointer: str) -> Reason:
    title = call.parts.codes["rejection_reason"][code]["title"]
    return {"code": code, "pointer": pointer, "rule": None, "message": dict(title)}
