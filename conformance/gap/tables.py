"""The sheets of the gap, independent of any file format: columns, rows, and what is left to be filled in."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from conformance.gap.compare import Comparison, Line
from conformance.gap.rows import FIELD_COLUMNS, ITEM_COLUMNS, Row, field_rows, item_rows
from conformance.model.standard import Requirement, Standard
from conformance.model.text import Message, Text

PARTS = ("catalog", "collection")
"""Parts of the standard whose requirements a province has to meet with these items."""
ABOUT_WIDTHS = (26, 100)

Say = Callable[[Message], str]
"""Renders a message in the language of the tables."""


@dataclass(frozen=True, slots=True)
class SheetColumn:
    """One column; `fill`: left to the province, as a `date` or one of the `choices` where there are any."""

    name: str
    header: str
    width: int
    fill: bool = False
    date: bool = False
    choices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Table:
    """One sheet with a header; cells are texts and whole numbers."""

    name: str
    title: str
    columns: tuple[SheetColumn, ...]
    rows: tuple[tuple[str | int, ...], ...]


@dataclass(frozen=True, slots=True)
class Facts:
    """Date, platform and category names for the explaining sheet."""

    day: date
    platform: Mapping[str, str]
    """`address`, `profile`, `capabilities` of the platform asked; empty without one."""
    categories: Mapping[str, Text]


def tables(compared: Comparison, standard: Standard, facts: Facts, say: Say) -> tuple[Table, ...]:
    """The explaining sheet, the items and the fields, in the language of `say`."""
    names = facts.categories, standard.codes
    items = (row for line in compared.lines for row in item_rows(line, *names))
    fields = (row for line in compared.lines for row in field_rows(line, *names))
    return (
        _about(compared, standard, facts, say),
        _table("items", ITEM_COLUMNS, [*items, *map(_beyond, compared.extra_entries)], say),
        _table("fields", FIELD_COLUMNS, list(fields), say),
    )


def _table(name: str, columns: tuple[tuple[str, int, str], ...], rows: list[Row], say: Say) -> Table:
    made = tuple(_column(column, width, kind, say) for column, width, kind in columns)
    cells = tuple(tuple(_cell(row.get(c.name, ""), say) for c in made) for row in rows)
    return Table(name, say(Message(f"gap.sheet_{name}")), made, cells)


def _column(name: str, width: int, kind: str, say: Say) -> SheetColumn:
    header = say(Message(f"gap.column_{name}"))
    choices = tuple(say(Message(f"gap.{choice}")) for choice in CHOICES.get(kind, ()))
    return SheetColumn(name, header, width, bool(kind), kind == "date", choices)


CHOICES: Mapping[str, tuple[str, ...]] = {
    "progress": (
        "progress_not_started",
        "progress_negotiating",
        "progress_connecting",
        "progress_testing",
        "progress_done",
        "progress_impossible",
    ),
    "availability": (
        "availability_yes",
        "availability_partly",
        "availability_no",
        "availability_unclear",
    ),
}
"""Choices (keys of the message registry below `gap.`) by kind of column."""


def _cell(value: Any, say: Say) -> str | int:
    if isinstance(value, Message):
        return say(value)
    if isinstance(value, Text):
        return say(Message("gap.as_it_is", {"text": value}))
    if isinstance(value, (list, tuple)):
        return say(Message("gap.separator")).join(str(_cell(part, say)) for part in value)
    return value if isinstance(value, int) else str(value)


def _beyond(entry: Any) -> Row:
    """An item of the platform that the checklist does not have."""
    return {
        "item": entry.code,
        "name_zh": entry.title,
        "state": Message("gap.state_beyond"),
        "their_version": entry.version,
        "records": "" if entry.records is None else entry.records,
        "last_collected": entry.last_collected,
        "channel": entry.channels,
    }


def _about(compared: Comparison, standard: Standard, facts: Facts, say: Say) -> Table:
    """The explaining sheet: edition, findings, instructions, and the requirements that it prepares for."""
    checklist, counts = compared.checklist, compared.counts
    rows: list[tuple[str, Any]] = [
        ("about_standing", checklist.status),
        ("about_version", checklist.version),
        ("about_day", facts.day.isoformat()),
        ("about_size", Message("gap.size", _size(compared.lines))),
        *((f"about_{name}", value) for name, value in facts.platform.items()),
        *((f"state_{state}", count) for state, count in sorted(counts.items())),
    ]
    if compared.catalog:
        rows += [("state_beyond", len(compared.extra_entries)), ("about_junk", compared.catalog.junk)]
    rows += [(f"about_{name}", Message(f"gap.how_{name}")) for name in ("fill", "items", "fields", "classes")]
    lines = [(say(Message(f"gap.{key}")), _cell(value, say)) for key, value in rows]
    lines += [(r.id, _cell(r.sentence, say)) for r in _requirements(standard)]
    names = ("subject", "content")
    columns = tuple(_column(n, w, "", say) for n, w in zip(names, ABOUT_WIDTHS, strict=True))
    return Table("about", say(Message("gap.sheet_about")), columns, tuple(lines))


def _size(lines: tuple[Line, ...]) -> dict[str, int]:
    return {
        "categories": len({line.item.category for line in lines}),
        "items": len(lines),
        "fields": sum(len(line.item.fields) for line in lines),
        "required": sum(f.required for line in lines for f in line.item.fields),
    }


def _requirements(standard: Standard) -> list[Requirement]:
    return [r for r in standard.requirements.values() if r.part in PARTS]
