"""Deliveries judged, kept and withdrawn wrongly."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

from reference_impl.mutants import breaks
from reference_impl.parts import Parts
from reference_impl.parts.base import BaseParts
from reference_impl.parts.collection import CollectionParts
from reference_impl.parts.idempotency import IdempotencyParts
from reference_impl.parts.query import QueryParts
from reference_impl.parts.wire import WireParts
from reference_impl.policy import collection
from reference_impl.policy.authorization import Authorization
from reference_impl.policy.collection import Line
from reference_impl.policy.model import Document, Refusal, Subject
from reference_impl.standard import Rejection
from reference_impl.wire.message import JSON, Call, Reply, Request

RURAL = frozenset({"farmer_cooperative", "family_farm", "farmer_household", "village_collective"})
READING = ("CAT-011", "COL-001", "COL-003", "COL-007", "COL-008", "COL-020", "COL-030")
COUNTED = "it reads outcomes by their index"


def deaf_to(collection: CollectionParts, code: str) -> CollectionParts:
    """The parts with a validator that does not see one kind of fault."""

    def validate(record: object) -> Sequence[Rejection]:
        return [rejection for rejection in collection.validate_record(record) if rejection.code != code]

    return replace(collection, validate_record=validate)


@breaks("COL-001")
def the_last_item_is_never_indexed(parts: Parts) -> Parts:
    """Records of the checklist's last item are accepted and never found again: its index was forgotten."""
    forgotten = list(parts[BaseParts].catalogue.items)[-1]

    def query_item(call: Call, code: str, asked: Subject, cited: Sequence[Authorization]) -> dict[str, Any]:
        result = parts[QueryParts].query_item(call, code, asked, cited)
        if code == forgotten and result["status"] == "ok":
            return {**result, "status": "empty", "records": []}
        return result

    return parts.with_groups(replace(parts[QueryParts], query_item=query_item))


@breaks("COL-001")
def columns_hold_255_characters(parts: Parts) -> Parts:
    """A record with a text beyond 255 characters is rejected, whatever the item allows."""

    def validate(record: object) -> Sequence[Rejection]:
        found = list(parts[CollectionParts].validate_record(record))
        return found or [_too_long(parts[BaseParts], name) for name in _long_texts(record)]

    return parts.with_groups(replace(parts[CollectionParts], validate_record=validate))


@breaks("COL-002")
def cross_field_rules_are_not_checked(collection: CollectionParts) -> CollectionParts:
    """Each field is validated alone, so that a period may end before it begins."""
    return deaf_to(collection, "rule")


@breaks("COL-002")
def check_characters_are_not_checked(collection: CollectionParts) -> CollectionParts:
    """Formats are not validated: a wrong check character or a thirtieth of February is accepted."""
    return deaf_to(collection, "format")


@breaks("COL-002")
def codes_are_free_text(collection: CollectionParts) -> CollectionParts:
    """A code that is in no code set is accepted."""
    return deaf_to(collection, "code_set")


@breaks("COL-002")
def unknown_fields_are_swallowed(collection: CollectionParts) -> CollectionParts:
    """Fields that the item does not have are accepted."""
    return deaf_to(collection, "forbidden_field")


@breaks("COL-002")
def reasons_point_nowhere(collection: CollectionParts) -> CollectionParts:
    """A rejection says what is wrong but never where."""

    def validate(record: object) -> Sequence[Rejection]:
        return [replace(rejection, pointer="") for rejection in collection.validate_record(record)]

    return replace(collection, validate_record=validate)


@breaks("COL-002", also=dict.fromkeys(READING, COUNTED))
def outcomes_count_from_one(collection: CollectionParts) -> CollectionParts:
    """The index of a rejected record is one too high."""

    def collect(call: Call, lines: Iterable[Line]) -> list[dict[str, Any]]:
        return [{**outcome, "index": outcome["index"] + 1} for outcome in collection.collect(call, lines)]

    return replace(collection, collect=collect)


@breaks("COL-003", also={"COL-007": "its delivery mixes good and malformed lines"})
def one_bad_record_spoils_the_batch(parts: Parts) -> Parts:
    """A batch is stored as a whole or not at all: one bad record rejects all the others."""

    def collect(call: Call, lines: Iterable[Line]) -> list[dict[str, Any]]:
        delivered = list(lines)
        bad = [
            line
            for line in delivered
            if line.malformed or parts[CollectionParts].validate_record(line.record)
        ]
        if not bad:
            return parts[CollectionParts].collect(call, delivered)
        title = dict(parts[BaseParts].catalogue.codes["rejection_reason"]["schema"]["title"])
        spoiled = {"code": "schema", "pointer": "", "rule": None, "message": title}
        outcomes = {outcome["index"]: outcome for outcome in parts[CollectionParts].collect(call, bad)}
        return [
            outcomes.get(line.index)
            or collection.outcome(line.index, line.record.get("record_id"), [spoiled])
            for line in delivered
        ]

    return parts.with_groups(replace(parts[CollectionParts], collect=collect))


@breaks(
    "COL-004",
    also={
        "AUT-019": "authorizations have the same keys",
        "COL-032": "a remembered key shows in its repetition",
    },
)
def idempotency_keys_are_forgotten(idempotency: IdempotencyParts) -> IdempotencyParts:
    """The key is asked for and not remembered: a repetition is a new delivery."""

    def idempotency_key(request: Request) -> str | None:
        idempotency.idempotency_key(request)
        return None

    return replace(idempotency, idempotency_key=idempotency_key)


@breaks(
    "COL-004",
    also={
        "AUT-019": "authorizations have the same keys",
        "COL-032": "a remembered key shows in its repetition",
    },
)
def a_repetition_is_carried_out_again(idempotency: IdempotencyParts) -> IdempotencyParts:
    """A key is only held against other bodies: the same delivery is carried out each time it arrives."""
    bodies: dict[str, bytes] = {}

    def idempotency_key(request: Request) -> str | None:
        key = idempotency.idempotency_key(request)
        if key is None or bodies.get(key) == request.body:
            return None
        bodies.setdefault(key, request.body)
        return key

    return replace(idempotency, idempotency_key=idempotency_key)


@breaks("COL-004", also={"AUT-019": "authorizations have the same keys"})
def another_body_gets_the_old_reply(idempotency: IdempotencyParts) -> IdempotencyParts:
    """A second delivery under the same key is acknowledged with the first reply, and lost."""
    return replace(idempotency, same_request=lambda _earlier, _now: True)


@breaks("COL-005", also={"COL-006": "what was withdrawn comes back with an older delivery of it"})
def the_last_delivery_wins(collection: CollectionParts) -> CollectionParts:
    """A record is overwritten by whatever arrives later, an older version too."""
    return replace(collection, supersedes=lambda _new, _stored: True)


@breaks(
    "COL-005",
    also={
        "COL-006": "a cached record goes on being served after its withdrawal",
        "QRY-008": "a result of a batch is cached, too",
        "QRY-010": "a cached record outlives its end",
    },
)
def answers_are_cached(query: QueryParts) -> QueryParts:
    """Open items are answered from a cache that a new version of a record does not empty."""
    cache: dict[Any, dict[str, Any]] = {}

    def query_item(call: Call, code: str, subject: Subject, cited: Sequence[Authorization]) -> dict[str, Any]:
        if cited or call.party.subject is not None:
            return query.query_item(call, code, subject, cited)
        key = (call.party.client_id, code, subject.ids)
        result = cache.get(key) or query.query_item(call, code, subject, cited)
        return cache.setdefault(key, result) if result["status"] == "ok" else result

    return replace(query, query_item=query_item)


@breaks("COL-006", also={"QRY-008": "batches go on serving it, too"})
def withdrawals_are_only_filed(collection_parts: CollectionParts) -> CollectionParts:
    """A withdrawal is acknowledged as accepted, and the record goes on being served."""

    def collect(call: Call, lines: Iterable[Line]) -> list[dict[str, Any]]:
        return [
            collection.outcome(line.index, line.record["record_id"], [])
            if _withdraws(line) and not collection_parts.validate_record(line.record)
            else collection_parts.collect(call, [line])[0]
            for line in lines
        ]

    return replace(collection_parts, collect=collect)


@breaks("COL-006", also={"QRY-008": "batches tell of it, too"})
def withdrawn_records_are_served_empty(collection: CollectionParts) -> CollectionParts:
    """A withdrawn record loses its content, and still tells everybody that there was one."""

    def in_force(record: Document) -> bool:
        return record["operation"] == "withdraw" or collection.in_force(record)

    return replace(collection, hides=lambda _version: False, in_force=in_force)


@breaks("COL-006", also={"QRY-008": "until then batches serve it, too"})
def withdrawals_wait_for_a_delivery(collection_parts: CollectionParts) -> CollectionParts:
    """A withdrawal is filed, and carried out when something of the same record is delivered again."""
    filed: dict[Any, Line] = {}

    def outcome(call: Call, line: Line) -> dict[str, Any]:
        name = line.record.get("record_id") if isinstance(line.record, dict) else None
        if _withdraws(line) and not collection_parts.validate_record(line.record):
            filed[name] = line
            return collection.outcome(line.index, name, [])
        if name in filed:
            collection_parts.collect(call, [filed.pop(name)])
        return collection_parts.collect(call, [line])[0]

    return replace(collection_parts, collect=lambda call, lines: [outcome(call, line) for line in lines])


@breaks("COL-007")
def reading_ends_at_a_malformed_line(collection: CollectionParts) -> CollectionParts:
    """A line that cannot be parsed has its outcome, and what stands behind it is not read."""

    def read_lines(body: bytes) -> Iterable[Line]:
        for line in collection.read_lines(body):
            yield line
            if line.malformed:
                return

    return replace(collection, read_lines=read_lines)


@breaks("COL-007")
def malformed_lines_vanish(collection: CollectionParts) -> CollectionParts:
    """A line that cannot be parsed is skipped without an outcome, and the rest is counted anew."""

    def read_lines(body: bytes) -> Iterable[Line]:
        good = (line for line in collection.read_lines(body) if not line.malformed)
        return (replace(line, index=index) for index, line in enumerate(good))

    return replace(collection, read_lines=read_lines)


@breaks("COL-007")
def one_malformed_line_refuses_the_delivery(collection: CollectionParts) -> CollectionParts:
    """A delivery with one line that cannot be parsed is refused as a whole."""

    def read_lines(body: bytes) -> Iterable[Line]:
        lines = list(collection.read_lines(body))
        if any(line.malformed for line in lines):
            raise Refusal("malformed_request")
        return lines

    return replace(collection, read_lines=read_lines)


@breaks("COL-007")
def received_counts_down(wire: WireParts) -> WireParts:
    """A batch reads back with the number of records that still wait, which is none in the end."""

    def finish(operation: str, reply: Reply) -> Reply:
        if operation != "getBatch" or reply.media_type != JSON:
            return wire.finish(operation, reply)
        return wire.finish(operation, replace(reply, body={**reply.body, "received": 0}))

    return replace(wire, finish=finish)


@breaks(
    "COL-003",
    also={
        "COL-007": "its delivery mixes good and malformed lines",
        "COL-002": "the reasons of what stands behind are those of the first",
    },
)
def work_stops_at_the_first_bad_record(collection_parts: CollectionParts) -> CollectionParts:
    """The loop over a batch ends with the first record that fails: what stands behind it is not stored."""

    def collect(call: Call, lines: Iterable[Line]) -> list[dict[str, Any]]:
        outcomes: list[dict[str, Any]] = []
        for line in lines:
            stopped = next((o["reasons"] for o in outcomes if o["outcome"] == "rejected"), None)
            outcomes += (
                [collection.outcome(line.index, None, stopped)]
                if stopped
                else collection_parts.collect(call, [line])
            )
        return outcomes

    return replace(collection_parts, collect=collect)


@breaks("COL-008", also={"COL-001": "one item is about rural subjects alone"})
def only_enterprises_are_subjects(parts: Parts) -> Parts:
    """Records of farms, farmer households and cooperatives are rejected whatever the item lists."""

    def validate(record: object) -> Sequence[Rejection]:
        faults = list(parts[CollectionParts].validate_record(record))
        if not faults and isinstance(record, dict) and record["subject"]["type"] in RURAL:
            title = parts[BaseParts].catalogue.codes["rejection_reason"]["unknown_subject_type"]["title"]
            faults.append(Rejection("unknown_subject_type", "/subject/type", None, title))
        return faults

    return parts.with_groups(replace(parts[CollectionParts], validate_record=validate))


@breaks("COL-008")
def farms_need_a_social_credit_code(parts: Parts) -> Parts:
    """Whoever has no unified social credit code is unknown: the subject table has it as its key."""

    def validate(record: object) -> Sequence[Rejection]:
        faults = list(parts[CollectionParts].validate_record(record))
        if not faults and isinstance(record, dict) and record["subject"]["type"] in RURAL:
            schemes = {identifier["scheme"] for identifier in record["subject"]["ids"]}
            if "uscc" not in schemes:
                title = parts[BaseParts].catalogue.codes["rejection_reason"]["unknown_subject_type"]["title"]
                faults.append(Rejection("unknown_subject_type", "/subject/ids", None, title))
        return faults

    return parts.with_groups(replace(parts[CollectionParts], validate_record=validate))


def _withdraws(line: Line) -> bool:
    return isinstance(line.record, dict) and line.record.get("operation") == "withdraw"


def _long_texts(record: Any) -> list[str]:
    content = record.get("content") or {}
    return [name for name, value in content.items() if isinstance(value, str) and len(value) > 255]


def _too_long(base: BaseParts, name: str) -> Rejection:
    return Rejection(
        "schema", f"/content/{name}", None, base.catalogue.codes["rejection_reason"]["schema"]["title"]
    )
