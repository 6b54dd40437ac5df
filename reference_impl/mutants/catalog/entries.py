"""Entries of the catalogue done wrong."""

from collections.abc import Callable
from dataclasses import replace
from hashlib import sha256
from typing import Any

from reference_impl.mutants import breaks
from reference_impl.parts import Parts
from reference_impl.parts.base import BaseParts
from reference_impl.parts.catalog import CatalogParts
from reference_impl.store.records import Freshness
from reference_impl.wire.message import Call


def with_entry(catalog: CatalogParts, **changed: Any) -> CatalogParts:
    """The parts with members of every entry overwritten; a function gets call, item and freshness."""

    def entry(call: Call, item: Any, freshness: Freshness) -> dict[str, Any]:
        made = {k: v(call, item, freshness) if callable(v) else v for k, v in changed.items()}
        return {**catalog.entry(call, item, freshness), **made}

    return replace(catalog, entry=entry)


@breaks(
    "CAT-001",
    also={
        "CAT-004": "items that it looks for have no records",
        "CAT-006": "items that it looks for have no records",
        "CAT-009": "items that it looks for have no records",
    },
)
def items_without_records_are_not_listed(entries: CatalogParts) -> CatalogParts:
    """Only items of which records were collected are listed."""

    def catalog(call: Call) -> list[dict[str, Any]]:
        return [entry for entry in entries.entries(call) if entry["freshness"]["records"]]

    return replace(entries, entries=catalog)


@breaks(
    "CAT-001",
    also={
        "CAT-004": "it looks for the last item, too",
        "CAT-006": "it looks for the last item, too",
        "CAT-009": "it looks for the last item, too",
    },
)
def the_newest_item_is_not_listed(catalog: CatalogParts) -> CatalogParts:
    """The catalogue is kept by hand and lacks the last item of the checklist."""
    return replace(catalog, entries=lambda call: catalog.entries(call)[:-1])


@breaks("CAT-002")
def everything_is_fresh(catalog: CatalogParts) -> CatalogParts:
    """The time of the last collection is always the present."""

    def freshness(call: Call, _item: Any, known: Freshness) -> dict[str, Any]:
        return {**catalog.entry(call, _item, known)["freshness"], "last_collected_at": call.at}

    return with_entry(catalog, freshness=freshness)


@breaks(
    "CAT-002",
    also={
        "CAT-011": "records of utilities are not counted, either",
        "COL-031": "marks are counted beside the records",
    },
)
def records_are_not_counted(catalog: CatalogParts) -> CatalogParts:
    """Freshness is the same for every item: no records, never collected."""
    return with_entry(catalog, freshness={"records": 0, "last_collected_at": None, "latest_as_of": None})


@breaks("CAT-002")
def everything_is_updated_daily(catalog: CatalogParts) -> CatalogParts:
    """Every item claims to be updated on the day of its change, whatever the checklist says."""
    return with_entry(catalog, update_frequency="instantly")


@breaks("CAT-003", also={"CAT-006": "the digests of the next version are wrong, too"})
def digest_is_of_the_version_number(catalog: CatalogParts) -> CatalogParts:
    """The digest is taken over code and version of an item, so that a changed schema goes unnoticed."""

    def digest(_call: Call, item: Any, _freshness: Freshness) -> str:
        return sha256(f"{item.code} {item.version}".encode()).hexdigest()

    return with_entry(catalog, schema_digest=digest)


@breaks("CAT-003")
def digests_are_those_to_come(parts: Parts) -> Parts:
    """The digests of the next version are published before it takes effect."""

    def digest(_call: Call, item: Any, _freshness: Freshness) -> str:
        latest: str = parts[BaseParts].catalogue.editions[-1].items.get(item.code, item).digest
        return latest

    return parts.with_groups(with_entry(parts[CatalogParts], schema_digest=digest))


UTILITIES = "F07"


@breaks("CAT-011")
def utilities_are_kept_elsewhere(catalog: CatalogParts) -> CatalogParts:
    """Utility data lie in a store of their own, which the catalogue does not count."""

    def freshness(call: Call, item: Any, known: Freshness) -> dict[str, Any]:
        stated: dict[str, Any] = catalog.entry(call, item, known)["freshness"]
        if not item.code.startswith(UTILITIES):
            return stated
        return {"records": 0, "last_collected_at": None, "latest_as_of": None}

    return with_entry(catalog, freshness=freshness)


@breaks("CAT-011")
def utilities_come_from_their_headquarters(catalog: CatalogParts) -> CatalogParts:
    """Utility items are declared to come from their headquarters, whatever way they came."""

    def channel(call: Call, item: Any, known: Freshness) -> list[str]:
        stated: list[str] = catalog.entry(call, item, known)["channel"]
        return ["head_to_head"] if item.code.startswith(UTILITIES) else stated

    return with_entry(catalog, channel=channel)


@breaks("CAT-012")
def data_are_of_the_moment_they_came(catalog: CatalogParts) -> CatalogParts:
    """The moment of the data is taken for that of their collection."""
    return with_moment(catalog, lambda known: known.last_collected_at)


@breaks("CAT-012")
def data_are_of_the_whole_day(catalog: CatalogParts) -> CatalogParts:
    """The moment of the data is cut to its day."""
    return with_moment(
        catalog, lambda known: known.latest_as_of and f"{known.latest_as_of[:10]}T00:00:00+08:00"
    )


def with_moment(catalog: CatalogParts, moment: Callable[[Freshness], str | None]) -> CatalogParts:
    """The parts with another latest moment of the data."""

    def freshness(call: Call, item: Any, known: Freshness) -> dict[str, Any]:
        stated: dict[str, Any] = catalog.entry(call, item, known)["freshness"]
        return {**stated, "latest_as_of": moment(known)}

    return with_entry(catalog, freshness=freshness)
