"""Comparison of the checklist with a catalog: presence and version of each item."""

from collections import Counter
from dataclasses import dataclass
from enum import StrEnum

from conformance.gap.catalog import Entry, Served
from conformance.model.shapes import Checklist, Item


class ItemState(StrEnum):
    """Presence of an item on a platform."""

    PRESENT = "present"
    OTHER_VERSION = "other_version"
    MISSING = "missing"
    UNKNOWN = "unknown"
    """No platform was asked."""


@dataclass(frozen=True, slots=True)
class Line:
    """One item of the checklist with its entry in the platform's catalog."""

    item: Item
    state: ItemState
    entry: Entry | None


@dataclass(frozen=True, slots=True)
class Comparison:
    """All items of the checklist in its order, and the platform's entries beyond them."""

    checklist: Checklist
    lines: tuple[Line, ...]
    extra_entries: tuple[Entry, ...]
    catalog: Served | None

    @property
    def counts(self) -> Counter[ItemState]:
        return Counter(line.state for line in self.lines)


def compare(checklist: Checklist, catalog: Served | None) -> Comparison:
    """Compare with a catalog; None: there is no platform yet, everything is to be found out."""
    lines = tuple(_line(item, catalog) for item in checklist.items)
    item_codes = {item.code for item in checklist.items}
    extra_entries = (
        tuple(e for code, e in catalog.entries.items() if code not in item_codes) if catalog else ()
    )
    return Comparison(checklist, lines, extra_entries, catalog)


def _line(item: Item, catalog: Served | None) -> Line:
    if catalog is None:
        return Line(item, ItemState.UNKNOWN, None)
    entry = catalog.entries.get(item.code)
    if entry is None:
        return Line(item, ItemState.MISSING, None)
    is_current = entry.version == item.version and entry.digest == item.digest
    return Line(item, ItemState.PRESENT if is_current else ItemState.OTHER_VERSION, entry)
