"""Records of the wrong subject, of the wrong day, too many or too few; and what replies tell beside them."""

import threading
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

from reference_impl.mutants import breaks
from reference_impl.parts import Parts
from reference_impl.parts.base import BaseParts
from reference_impl.parts.collection import CollectionParts
from reference_impl.parts.query import QueryParts
from reference_impl.parts.wire import WireParts
from reference_impl.policy.authorization import Authorization
from reference_impl.policy.model import Document, Refusal, Subject
from reference_impl.wire.message import Call, Reply

Found = list[tuple[Any, str]]
Ids = Iterable[tuple[str, str]]
DAY_BEFORE_ALL = "0001-01-01"


def with_found(query: QueryParts, change: Any) -> QueryParts:
    """The parts with the records that are found changed: `change(call, ids, found)`."""

    def find(call: Call, code: str, ids: Ids, today: str) -> Found:
        known = list(ids)
        return list(change(call, known, list(query.find_records(call, code, known, today))))

    return replace(query, find_records=find)


@breaks("QRY-010")
def publicity_ends_at_midnight_of_the_last_day(collection: CollectionParts) -> CollectionParts:
    """The last day of publicity is turned into a moment, its first."""

    def serve_until(item: Any, record: Document) -> str | None:
        last = collection.serve_until(item, record)
        return last and f"{last[:8]}{int(last[8:]) - 1:02d}"

    return replace(collection, serve_until=serve_until)


@breaks("QRY-010")
def the_end_of_publicity_waits_for_a_clean_up(query: QueryParts) -> QueryParts:
    """Records leave when a nightly job removes them, and until then nobody looks at their last day."""

    def find(call: Call, code: str, ids: Ids, _today: str) -> Any:
        return query.find_records(call, code, ids, DAY_BEFORE_ALL)

    return replace(query, find_records=find)


@breaks("QRY-010")
def only_a_withdrawal_ends_a_record(collection: CollectionParts) -> CollectionParts:
    """What the provider says of the state of a record is stored and not looked at."""
    return replace(collection, in_force=lambda _record: True)


@breaks("QRY-010")
def expired_records_are_still_served(collection: CollectionParts) -> CollectionParts:
    """Only repaired records are left out: an expired one counts as history worth showing."""
    return replace(
        collection, in_force=lambda record: collection.in_force(record) or record["status"] == "expired"
    )


@breaks("QRY-011")
def only_the_first_identifier_is_indexed(query: QueryParts) -> QueryParts:
    """Records are found by the first of their identifiers alone."""

    def first(_call: Call, ids: Ids, found: Found) -> Found:
        wanted = set(ids)
        heads = ((r["subject"]["ids"][0], r, at) for r, at in found)
        return [(r, at) for head, r, at in heads if (head["scheme"], head["value"]) in wanted]

    return with_found(query, first)


@breaks("QRY-011")
def a_record_comes_once_for_each_identifier(query: QueryParts) -> QueryParts:
    """The index of identifiers is joined without DISTINCT."""

    def find(call: Call, code: str, ids: Ids, today: str) -> Found:
        return [found for one in ids for found in query.find_records(call, code, [one], today)]

    return replace(query, find_records=find)


@breaks("QRY-011")
def identifiers_are_joined_by_or(query: QueryParts) -> QueryParts:
    """Whatever any of the identifiers finds is served, so that two subjects become one."""
    return replace(query, concerns=lambda _record, _asked: True)


@breaks("QRY-012")
def contradictions_are_searched_for(query: QueryParts) -> QueryParts:
    """Identifiers that contradict each other are used side by side."""
    return replace(query, contradictions=lambda _ids: ())


@breaks("QRY-012", also={"DOC-005": "the reply repeats the wrong identifier"})
def check_characters_are_not_looked_at(wire: WireParts) -> WireParts:
    """Identifiers are matched against a pattern and no more, so that a slip of the pen finds nothing."""

    def errors(operation: str, media_type: str, body: Any) -> list[dict[str, str]]:
        found = wire.request_errors(operation, media_type, body)
        return [e for e in found if operation != "createQuery" or e["message"] != "violates format"]

    return replace(wire, request_errors=errors)


@breaks("QRY-012")
def items_may_be_named_twice(wire: WireParts) -> WireParts:
    """An item that is named twice is answered twice."""

    def errors(operation: str, media_type: str, body: Any) -> list[dict[str, str]]:
        found = wire.request_errors(operation, media_type, body)
        return [e for e in found if operation != "createQuery" or e["message"] != "violates uniqueItems"]

    return replace(wire, request_errors=errors)


@breaks("QRY-012", also={"DOC-004": "an error reply repeats a personal value of the request"})
def refusals_repeat_the_identifier(wire: WireParts) -> WireParts:
    """The explanation of a refused identifier quotes it."""

    def errors(operation: str, media_type: str, body: Any) -> list[dict[str, str]]:
        errors_of_contract = wire.request_errors(operation, media_type, body)
        if operation != "createQuery" or not errors_of_contract or not isinstance(body, dict):
            return errors_of_contract
        ids = (body.get("subject") or {}).get("ids") or ()
        quoted = ", ".join(str(one.get("value")) for one in ids if isinstance(one, dict))
        return [{**error, "message": f"{error['message']}: {quoted}"} for error in errors_of_contract]

    return replace(wire, request_errors=errors)


@breaks("QRY-013")
def a_header_counts_what_is_hidden(parts: Parts) -> Parts:
    """X-Total-Count tells how many records there are, those that are not shown included."""
    count = threading.local()

    def query_item(call: Call, code: str, asked: Subject, cited: Sequence[Authorization]) -> dict[str, Any]:
        count.records = len(list(parts[QueryParts].find_records(call, code, asked.ids, str(call.now.date()))))
        return parts[QueryParts].query_item(call, code, asked, cited)

    def finish(operation: str, reply: Reply) -> Reply:
        reply = parts[WireParts].finish(operation, reply)
        if operation != "createQuery" or reply.status != 200:
            return reply
        return replace(reply, headers={**reply.headers, "X-Total-Count": str(count.records)})

    return parts.with_groups(
        replace(parts[QueryParts], query_item=query_item), replace(parts[WireParts], finish=finish)
    )


@breaks("QRY-013")
def names_are_compared_with_those_stored(parts: Parts) -> Parts:
    """A query may hold the subject's name, and is refused only where it is not the one in the records."""

    def errors(operation: str, media_type: str, body: Any) -> list[dict[str, str]]:
        errors_of_contract = parts[WireParts].request_errors(operation, media_type, body)
        unknown_items = (
            operation == "createQuery" and isinstance(body, dict) and "name" in (body.get("subject") or {})
        )
        return [
            e
            for e in errors_of_contract
            if not (unknown_items and e["message"] == "violates additionalProperties")
        ]

    def check(call: Call) -> None:
        name = call.body["subject"].pop("name", None)
        parts[QueryParts].check_query(call)
        ids = Subject.of(call.body["subject"]).ids
        today = str(call.now.date())
        items_of_checklist = {
            record["subject"]["name"]
            for code in parts[BaseParts].catalogue.items
            for record, _ in parts[QueryParts].find_records(call, code, ids, today)
        }
        if name is not None and name not in items_of_checklist:
            raise Refusal(
                "invalid_request", errors=[{"pointer": "/subject/name", "message": "does not match"}]
            )

    return parts.with_groups(
        replace(parts[WireParts], request_errors=errors), replace(parts[QueryParts], check_query=check)
    )


@breaks("QRY-013")
def records_can_be_filtered_by_raw_values(query: QueryParts) -> QueryParts:
    """Parameters of the address select records by their values as collected, whatever is shown of them."""

    def filtered(call: Call, _ids: Ids, found: Found) -> Found:
        wanted = call.request.query.items()
        return [(r, at) for r, at in found if all(str(r["content"].get(n, v)) == v for n, v in wanted)]

    return with_found(query, filtered)


@breaks(
    "QRY-014",
    also={
        "COL-018": "what another sender delivered came later",
        "COL-016": "the records of both senders are looked at",
    },
)
def only_the_newest_record_is_served(query: QueryParts) -> QueryParts:
    """Of an item only the record that came last is served, and the months before it are lost."""
    return with_found(query, lambda _call, _ids, found: found[-1:])


@breaks("QRY-014")
def five_records_are_enough(query: QueryParts) -> QueryParts:
    """The statement has a limit that nobody remembers, and there are no pages."""
    return with_found(query, lambda _call, _ids, found: found[:5])


@breaks("QRY-014", also={"COL-016": "the records of both senders are looked at"})
def providers_overwrite_each_other(query: QueryParts) -> QueryParts:
    """Of the records of several providers only those of the last one are served."""

    def last(_call: Call, _ids: Ids, found: Found) -> Found:
        return [pair for pair in found if pair[0]["provider_uscc"] == found[-1][0]["provider_uscc"]]

    return with_found(query, last)


@breaks("QRY-015")
def a_repeated_query_is_logged_once(query: QueryParts) -> QueryParts:
    """Equal queries of one client are counted as one, so that only the first is found in the audit log."""
    logged: set[str] = set()

    def note(call: Call, query_id: str, results: Sequence[dict[str, Any]]) -> None:
        key = f"{call.party.client_id} {call.body}"
        if call.operation != "createQuery" or key not in logged:
            query.note_query(call, query_id, results)
        logged.add(key)

    return replace(query, note_query=note)
