"""Queries done wrong."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from typing import Any

from reference_impl.mutants import breaks
from reference_impl.parts import Parts
from reference_impl.parts.base import BaseParts
from reference_impl.parts.catalog import CatalogParts
from reference_impl.parts.desensitization import DesensitizationParts
from reference_impl.parts.query import QueryParts
from reference_impl.parts.wire import WireParts
from reference_impl.policy.authorization import Authorization
from reference_impl.policy.model import Caller, Document, Refusal, Subject
from reference_impl.settings import TEST_OPERATOR
from reference_impl.store.records import Records
from reference_impl.wire.message import Call

Result = dict[str, Any]
CONTRACT = "the API contract asks for the same"
WITHDRAWN = "a withdrawn record leaves its item without records"
WITHOUT_RECORDS = {
    "COL-006": WITHDRAWN,
    "COL-009": "a source without records leaves its item without records",
    "COL-011": "what is gone at its source leaves the item without records",
    "QRY-008": "a line of a batch may have no records any more",
    "QRY-010": "a record that has ended leaves its item without records",
}


def with_result(query: QueryParts, change: Callable[[Call, Result, Subject], Result]) -> QueryParts:
    """The parts with the result of each item changed."""

    def query_item(call: Call, code: str, asked: Subject, cited: Sequence[Authorization]) -> Result:
        return change(call, query.query_item(call, code, asked, cited), asked)

    return replace(query, query_item=query_item)


@breaks("QRY-001", also=WITHOUT_RECORDS | {"DOC-005": "a reply without any result breaks the contract"})
def items_without_data_are_left_out(query: QueryParts) -> QueryParts:
    """Results are grouped from database rows, so that an item without records has none."""
    return replace(query, arrange=lambda results: [r for r in results if r["status"] != "empty"])


@breaks(
    "QRY-001",
    also={"COL-012": "it reads results by their place", "DES-010": "it reads results by their place"},
)
def results_come_in_order_of_code(query: QueryParts) -> QueryParts:
    """Results are sorted by item code, whatever order was asked for."""
    return replace(query, arrange=lambda results: sorted(results, key=lambda r: str(r["item_code"])))


@breaks("QRY-001", also=WITHOUT_RECORDS)
def nothing_found_means_never_collected(query: QueryParts) -> QueryParts:
    """An item without records of the subject is answered not_collected, as if nobody's were collected."""

    def change(_call: Call, result: Result, _asked: Subject) -> Result:
        return {**result, "status": "not_collected"} if result["status"] == "empty" else result

    return with_result(query, change)


@breaks("QRY-001", also=WITHOUT_RECORDS | {"DOC-005": CONTRACT})
def an_empty_item_is_not_found(query: QueryParts) -> QueryParts:
    """An item without records has the status not_found, which the closed set does not know."""

    def change(_call: Call, result: Result, _asked: Subject) -> Result:
        return {**result, "status": "not_found"} if result["status"] == "empty" else result

    return with_result(query, change)


@breaks("QRY-002", also={"COL-010": "items of sources are answered empty, too"})
def existence_comes_before_authorization(query: QueryParts) -> QueryParts:
    """Records are looked up first: without an authorization, empty tells that there are none."""

    def change(call: Call, result: Result, subject: Subject) -> Result:
        today = str(call.now.date())
        records = call.store[Records].of(result["item_code"], subject.ids, today)
        if result["status"] == "not_authorized" and not records:
            return {**result, "status": "empty"}
        return result

    return with_result(query, change)


@breaks("QRY-003", also={"SEC-011": "the log takes the authorization from the result"})
def authorization_goes_unnamed(query: QueryParts) -> QueryParts:
    """A disclosure does not say on which authorization it rests."""
    return with_result(query, lambda _call, result, _asked: {**result, "authorization_id": None})


@breaks("QRY-003")
def recipient_is_the_platform(query: QueryParts) -> QueryParts:
    """A disclosure names the platform's operator as its recipient."""

    def query_reply(
        query_id: str, caller: Caller, body: Document, at: str, results: Iterable[Document]
    ) -> dict[str, Any]:
        reply = query.reply(query_id, caller, body, at, results)
        return {**reply, "recipient": TEST_OPERATOR["uscc"]}

    return replace(query, reply=query_reply)


@breaks("QRY-004", also={"COL-005": "the values of an update are compared"})
def long_text_is_cut(desensitization: DesensitizationParts) -> DesensitizationParts:
    """Text is cut after six characters, which is all that the column of the old system holds."""

    def view(item: Any, content: Document, *rest: Any, **by: Any) -> dict[str, Any]:
        fields: dict[str, Any] = desensitization.view(item, content, *rest, **by)
        return {name: _cut(field) for name, field in fields.items()}

    return replace(desensitization, view=view)


@breaks("QRY-004", also={"COL-005": "the values of an update are compared"})
def money_passes_through_floats(desensitization: DesensitizationParts) -> DesensitizationParts:
    """Decimal strings are read as floats and written again, so that zeros and last digits are lost."""

    def view(item: Any, content: Document, *rest: Any, **by: Any) -> dict[str, Any]:
        decimals = {field.name for field in item.fields if field.is_decimal}
        fields: dict[str, Any] = desensitization.view(item, content, *rest, **by)
        return {name: _float(field) if name in decimals else field for name, field in fields.items()}

    return replace(desensitization, view=view)


@breaks("QRY-004")
def data_are_of_the_day_they_arrived(query: QueryParts) -> QueryParts:
    """The moment of a record is the time of its collection and not the one that the provider stated."""

    def served(record: Document, collected_at: str, fields: Document) -> dict[str, Any]:
        return {**query.served(record, collected_at, fields), "as_of": collected_at}

    return replace(query, served=served)


@breaks(
    "QRY-004",
    also={
        "COL-005": "the newest version is known by its number",
        "COL-011": "the newest answer of a source is known by its version",
    },
)
def every_record_is_the_first_version(query: QueryParts) -> QueryParts:
    """Every record is served as version 1."""

    def served(record: Document, collected_at: str, fields: Document) -> dict[str, Any]:
        return {**query.served(record, collected_at, fields), "record_version": 1}

    return replace(query, served=served)


@breaks("QRY-005", also={"DOC-005": "the reply repeats the member"})
def unknown_members_are_ignored(wire: WireParts) -> WireParts:
    """A query with a member that the API does not have is answered as if it were not there."""
    return without_errors(wire, "violates additionalProperties")


@breaks(
    "QRY-005",
    also={
        "QRY-006": "a line with an unknown purpose is answered, too",
        "DOC-005": "a reply to what it should refuse is outside the contract",
    },
)
def unknown_purposes_are_pre_loan(parts: Parts) -> Parts:
    """A purpose that is in no code set silently becomes the default."""

    def errors(operation: str, media_type: str, body: Any) -> list[dict[str, str]]:
        if operation == "createQuery" and isinstance(body, dict) and isinstance(body.get("purpose"), str):
            body["purpose"] = (
                body["purpose"]
                if body["purpose"] in parts[BaseParts].catalogue.codes["purpose"]
                else "pre_loan"
            )
        return parts[WireParts].request_errors(operation, media_type, body)

    return parts.with_groups(replace(parts[WireParts], request_errors=errors))


@breaks(
    "QRY-005",
    also={
        "QRY-006": "a line with an unknown item is answered, too",
        "AUT-013": "an authorization for an item that nobody knows is taken",
    },
)
def unknown_items_are_empty(parts: Parts) -> Parts:
    """An item that is not in the checklist is answered as one without records."""

    def query_item(call: Call, code: str, asked: Subject, cited: Sequence[Authorization]) -> Result:
        if parts[CatalogParts].knows_item(code):
            return parts[QueryParts].query_item(call, code, asked, cited)
        return {"item_code": code, "status": "empty", "authorization_id": None, "records": []}

    return parts.with_groups(
        replace(parts[QueryParts], query_item=query_item),
        replace(parts[CatalogParts], knows_item=lambda _code: True),
    )


def _cut(field: dict[str, Any]) -> dict[str, Any]:
    value = field.get("value")
    return {**field, "value": value[:6]} if field["form"] == "raw" and isinstance(value, str) else field


def _float(field: dict[str, Any]) -> dict[str, Any]:
    return {**field, "value": str(float(field["value"]))} if field["form"] == "raw" else field


def without_errors(wire: WireParts, message: str) -> WireParts:
    """The parts with one kind of error in queries overlooked."""

    def errors(operation: str, media_type: str, body: Any) -> list[dict[str, str]]:
        found = wire.request_errors(operation, media_type, body)
        return [e for e in found if operation != "createQuery" or e["message"] != message]

    return replace(wire, request_errors=errors)


@breaks(
    "QRY-002",
    also={
        "QRY-007": "in a batch, too, an unknown subject is refused",
        "COL-010": "sources' subjects have no records here",
        "QRY-013": "a refusal is no reply of the same length",
    },
)
def unknown_subjects_are_refused_first(parts: Parts) -> Parts:
    """Whoever has no record is not found, and that is said before anybody asks for an authorization."""

    def change(call: Call, result: Result, subject: Subject) -> Result:
        today = str(call.now.date())
        has_records = any(
            parts[QueryParts].find_records(call, code, subject.ids, today)
            for code in parts[BaseParts].catalogue.items
        )
        if result["status"] == "not_authorized" and not has_records:
            raise Refusal("not_found")
        return result

    return parts.with_groups(with_result(parts[QueryParts], change))
