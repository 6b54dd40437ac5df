"""Time limits and Idempotency-Keys done wrong."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from reference_impl.mutants import breaks
from reference_impl.parts import Parts
from reference_impl.parts.base import BaseParts
from reference_impl.parts.catalog import CatalogParts
from reference_impl.parts.collection import CollectionParts
from reference_impl.parts.docking import DockingParts
from reference_impl.parts.idempotency import IdempotencyParts
from reference_impl.policy.model import Document
from reference_impl.policy.timeliness import timeliness
from reference_impl.standard import Rejection
from reference_impl.store.idempotency import Idempotency
from reference_impl.wire.message import Call


def with_calendar(parts: Parts, **exceptions: list[str]) -> Parts:
    """The parts with a calendar whose years all have these exceptions instead of their own."""
    years = {y: {**known, **exceptions} for y, known in parts[BaseParts].catalogue.calendar["years"].items()}
    calendar = {**parts[BaseParts].catalogue.calendar, "years": years}
    return parts.with_groups(
        replace(parts[CollectionParts], timeliness=lambda limit, record: timeliness(calendar, limit, record))
    )


@breaks("COL-030")
def public_holidays_are_worked(parts: Parts) -> Parts:
    """Working days are Monday to Friday all the year round."""
    return with_calendar(parts, holidays=[], workdays=[])


@breaks("COL-030")
def worked_weekends_are_free(parts: Parts) -> Parts:
    """The calendar knows the holidays and not the weekends that are worked for them."""
    return with_calendar(parts, workdays=[])


@breaks("COL-030")
def seven_days_are_a_week(collection: CollectionParts) -> CollectionParts:
    """The time counts every day, worked or not."""

    def judge(limit: Document | None, record: Document) -> str | None:
        if limit is None or collection.timeliness(limit, record) in (None, "unknown"):
            return collection.timeliness(limit, record)
        last = date.fromisoformat(record["content"][limit["since"]]) + timedelta(days=limit["working_days"])
        return "on_time" if record["generated_at"][:10] <= str(last) else "late"

    return replace(collection, timeliness=judge)


@breaks("COL-030", also={"COL-031": "what is unknown is counted as something else"})
def unknown_years_are_guessed(parts: Parts) -> Parts:
    """A year that the calendar does not have is counted as Monday to Friday."""

    class Years(dict[str, Any]):
        def get(self, year: str, _default: Any = None) -> Any:
            return super().get(year, {"holidays": [], "workdays": []})

    calendar = {
        **parts[BaseParts].catalogue.calendar,
        "years": Years(parts[BaseParts].catalogue.calendar["years"]),
    }
    return parts.with_groups(
        replace(parts[CollectionParts], timeliness=lambda limit, record: timeliness(calendar, limit, record))
    )


@breaks(
    "COL-030",
    also={
        "COL-031": "late records are missing from the count",
        "COL-001": "valid records may be late",
        "COL-008": "so may those of rural subjects",
    },
)
def late_records_are_refused(parts: Parts) -> Parts:
    """A record that comes late is rejected, so that what was decided never becomes known."""

    def validate(record: Any) -> Sequence[Rejection]:
        faults = parts[CollectionParts].validate_record(record)
        if (
            faults
            or parts[CollectionParts].timeliness(
                parts[BaseParts].catalogue.items[record["item_code"]].timeliness, record
            )
            != "late"
        ):
            return faults
        return [
            Rejection(
                "rule",
                "/generated_at",
                None,
                parts[BaseParts].catalogue.codes["rejection_reason"]["rule"]["title"],
            )
        ]

    return parts.with_groups(replace(parts[CollectionParts], validate_record=validate))


def with_freshness(catalog: CatalogParts, change: Any) -> CatalogParts:
    """The parts with the freshness of timely items changed."""

    def entry(call: Call, item: Any, freshness: Any) -> dict[str, Any]:
        made = catalog.entry(call, item, freshness)
        return {**made, "freshness": change(made["freshness"])} if item.timeliness else made

    return replace(catalog, entry=entry)


@breaks("COL-031")
def what_is_not_on_time_is_late(catalog: CatalogParts) -> CatalogParts:
    """The catalogue counts as late whatever is not known to be on time."""
    return with_freshness(catalog, lambda found: {**found, "late": found["records"] - found["on_time"]})


@breaks("COL-031")
def everything_is_on_time(catalog: CatalogParts) -> CatalogParts:
    """The catalogue takes records for on time because they are there, late ones too."""
    return with_freshness(
        catalog, lambda found: {**found, "on_time": found["on_time"] + found["late"], "late": 0}
    )


@breaks("COL-032")
def keys_are_forgotten_within_the_hour(docking: DockingParts) -> DockingParts:
    """Idempotency-Keys are remembered for one hour, and that is what the descriptor says."""

    def describe(call: Call) -> dict[str, Any]:
        descriptor = docking.describe(call)
        return {**descriptor, "limits": {**descriptor["limits"], "idempotency_hours": 1}}

    return replace(docking, describe=describe)


@breaks("COL-032", also={"COL-004": "deliveries beside it push its key out"})
def only_the_last_keys_are_remembered(idempotency: IdempotencyParts) -> IdempotencyParts:
    """Keys are kept in a cache of two entries for each client, so that a busy minute pushes them out."""
    memory: dict[str, list[str]] = {}

    def recall(call: Call, key: str) -> tuple[str, Any] | None:
        earlier = memory.setdefault(call.party.client_id, [])
        remembered = key in earlier
        earlier.append(key)
        del earlier[:-2]
        if not remembered:
            call.store[Idempotency].drop(call.party.client_id, call.operation, key)
            return None
        return idempotency.recall(call, key)

    return replace(idempotency, recall=recall)
