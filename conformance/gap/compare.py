"""The checklist beside a catalog: of each item whether it is there, in which version."""

from collections import Counter
from dataclasses import dataclass
from enum import StrEnum

from conformance.gap.catalog import Entry, Served
from conformance.model.shapes import Checklist, Item


class State(StrEnum):
    """What a platform has of an item."""

    PRESENT = "present"
    OTHER_VERSION = "other_version"
    MISSING = "missing"
    UNKNOWN = "unknown"
    """No platform was asked."""


@dataclass(frozen=True, slots=True)
class Line:
    """One item of the checklist, and what the platform says of it."""

    item: Item
    state: State
    entry: Entry | None


@dataclass(frozen=True, slots=True)
class Comparison:
    """All items of the checklist in its order, and what the platform has beyond them."""

    checklist: Checklist
    lines: tuple[Line, ...]
    beyond: tuple[Entry, ...]
    served: Served | None

    @property
    def counts(self) -> Counter[State]:
        return Counter(line.state for line in self.lines)


def compare(checklist: Checklist, served: Served | None) -> Comparison:
    """Compare with a catalog; None: there is no platform yet, everything is to be found out."""
    lines = tuple(_line(item, served) for item in checklist.items)
    known = {item.code for item in checklist.items}
    beyond = tuple(e for code, e in served.entries.items() if code not in known) if served else ()
    return Comparison(checklist, lines, beyond, served)


def _line(item: Item, served: Served | None) -> Line:
    if served is None:
        return Line(item, State.UNKNOWN, None)
    entry = served.entries.get(item.code)
    if entry is None:
        return Line(item, State.MISSING, None)
    same = entry.version == item.version and entry.digest == item.digest
    return Line(item, State.PRESENT if same else State.OTHER_VERSION, entry)
