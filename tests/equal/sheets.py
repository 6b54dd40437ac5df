"""Tables that say generated rows: which rows one holds, under which headers, and what it says of each."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

from conformance.data.files import ReadSettings
from tests.conformance.data.item_rows import judge

Row = Mapping[str, Any]
Numbered = tuple[int, Row]
"""A generated row with the number of its line."""
NO_ROW, NAME = "no row", "a name that is no header"
VALUE, TYPE = "a value that fits no cell", "a type unlike its column's"
"""Why a table does not hold a line."""
_LEAST = 97
"""Rows of the smallest batches."""
_TOGETHER = 256
"""Rows whose members are looked at together."""


@dataclass(frozen=True, slots=True)
class WrittenRow:
    """A row as a table says it."""

    line: int
    """Of the generated line."""
    row: Row
    unchanged: bool = True
    """It is the generated row."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """A file that says rows of one stretch."""

    path: Path
    rows: Mapping[int, WrittenRow]
    """By the lines, or rows, of the file."""
    settings: ReadSettings


@dataclass(slots=True)
class Writing:
    """How the rows of a stretch are written: whatever is free is left to chance."""

    code: str
    path: Path
    """Of the first file; those after it are called alike."""
    random: Random
    left: Counter[str] = field(default_factory=Counter)
    """Rows that are in no table, by reason."""

    def names(self, rows: Iterable[Numbered]) -> list[str]:
        """The columns for rows: two that are known at least, and one of them first."""
        property_names = list(judge(self.code).item.schema["properties"])
        row_names = sorted(set().union(*(row for _, row in rows)))
        optional_names = dict.fromkeys(property_names) if self.random.random() < 0.3 else {}
        first, *later_names = dict.fromkeys(
            (*self.random.sample(property_names, 2), *optional_names, *row_names)
        )
        self.random.shuffle(later_names)
        return [first, *later_names]

    def headers(self, names: Sequence[str]) -> list[str]:
        """What the columns are called: their names, or titles where these mean one column alone."""
        if self.random.random() < 0.7:
            return list(names)
        titles = titles_of(self.code)
        return [self.random.choice((name, titles.get(name, name))) for name in names]

    def settings(self, rows: int, encoding: str | None = None) -> ReadSettings:
        """How a file of so many rows is read: in one batch, or in several."""
        return ReadSettings(rows=max(_LEAST, rows // self.random.choice((1, 1, 1, 3))), encoding=encoding)

    def named(self, rows: Sequence[Numbered], refused: Callable[[str], bool]) -> list[Numbered]:
        """The rows all members of which can be columns."""
        property_names = judge(self.code).item.schema["properties"].keys()
        strange = {
            name for _, row in rows if not row.keys() <= property_names for name in row
        } - property_names
        no_column = {name for name in strange if refused(name) or not is_header(self.code, name)}
        named_rows = [one for one in rows if no_column.isdisjoint(one[1])] if no_column else [*rows]
        self.left[NAME] += len(rows) - len(named_rows)
        return named_rows


@cache
def titles_of(code: str) -> dict[str, str]:
    """A Chinese title for each member that is the only one of its title."""
    every = Counter(_titles(code))
    shapes = judge(code).item.schema["properties"].items()
    return {
        n: s["x-title"]["zh"] for n, s in shapes if "x-title" in s and every[_bare(s["x-title"]["zh"])] == 1
    }


def is_header(code: str, name: str) -> bool:
    """Whether an unknown member can be a column: blanks around a header say nothing, and titles are known."""
    return name.strip() == name and _bare(name) not in _titles(code)


@cache
def _titles(code: str) -> tuple[str, ...]:
    return tuple(
        _bare(title)
        for shape in judge(code).item.schema["properties"].values()
        for title in shape.get("x-title", {}).values()
    )


def _bare(header: str) -> str:
    return "".join(header.split()).casefold()


def columns_of(rows: Sequence[Numbered], names: Sequence[str]) -> dict[str, list[Any]]:
    """The values of members by name; some rows at a time, since many are far apart in memory."""
    columns: dict[str, list[Any]] = {name: [] for name in names}
    for start in range(0, len(rows), _TOGETHER):
        getters = [row.get for _, row in rows[start : start + _TOGETHER]]
        for name, values in columns.items():
            values += [get(name) for get in getters]
    return columns


def written_rows(rows: Sequence[Numbered], changed: Mapping[int, Mapping[str, Any]]) -> list[WrittenRow]:
    """The rows as a table says them; `changed`: values that it says otherwise, by place and name."""
    return [
        WrittenRow(line, row)
        if number not in changed and None not in row.values()
        else WrittenRow(line, _without_nulls({**row, **changed.get(number, {})}), unchanged=False)
        for number, (line, row) in enumerate(rows)
    ]


def _without_nulls(row: Row) -> Row:
    return {name: value for name, value in row.items() if value is not None}
