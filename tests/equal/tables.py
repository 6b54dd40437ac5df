"""The judges of rows that tables say. What was said of equal rows in another format is not asked again."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from conformance.data.batch import Batch, Unreadable
from conformance.data.check.judge import ItemJudge
from conformance.data.files import File, layout, read, whole
from conformance.data.files.delivery import Compression
from conformance.data.files.discover import kind_of
from tests.conformance.data.item_rows import standard
from tests.equal.judges import Again, Columnar, Meaning, Single, Verdicts
from tests.equal.sheets import Row, Sheet, WrittenRow

NOT_READ, OTHERWISE = "the row is not read", "values are read otherwise"
"""Said of rows by whoever reads them, as if these were rules."""
_ALONE = 50
"""Of so many rows one is read by itself, and not with all others."""


@dataclass(frozen=True, slots=True)
class Reference:
    """What is said of the generated rows."""

    single: Verdicts
    meaning: Verdicts


class Tables:
    """All judges of the tables of one item, which are the files of one delivery."""

    def __init__(self, judge: ItemJudge, single: Single, meaning: Meaning) -> None:
        self._columnar, self._single, self._meaning = Columnar(judge), single, meaning
        self._again = Again(), Again()
        self._places: dict[tuple[int, int], int] = {}
        self._files = 0
        checklist = standard().checklist
        self._layout = layout(checklist.item(judge.item.code), checklist)

    @property
    def alone(self) -> int:
        return self._columnar.alone

    def __call__(self, sheet: Sheet, expected: Reference) -> tuple[Verdicts, ...]:
        """What the judges say, by the lines that were generated."""
        file = _file(sheet, self._files)
        self._places |= {(file.number, place): told.line for place, told in sheet.rows.items()}
        self._files += 1
        batches = [*read(whole(file), self._layout, sheet.settings)]  # as the check of files reads them
        by_column = _moved(self._columnar(batches), sheet)
        by_row = self._by_row(batches, sheet, expected.single)
        by_meaning = self._by_meaning(sheet, expected.meaning)
        for repeats, verdicts in zip(self._again, (by_row, by_meaning), strict=True):
            repeats.note(verdicts)
        return by_column, by_row, by_meaning

    def repeated(self) -> tuple[set[int], ...]:
        by_column = {self._places.get(place, -place[1]) for place in self._columnar.repeated()}
        return by_column, *(again.lines for again in self._again)

    def _by_row(self, batches: Iterable[Batch], sheet: Sheet, expected: Verdicts) -> Verdicts:
        verdicts, left = Verdicts(), dict(sheet.rows)
        for batch in batches:
            every = batch.values(np.arange(len(batch)))
            for number, (place, value) in enumerate(zip(batch.lines().tolist(), every, strict=True)):
                row = value if place % _ALONE else batch.value(number)
                original = left.pop(place, None)
                if original is not None and _alike(row, original.row):
                    _say(verdicts, original, row, expected, self._single)
                else:
                    verdicts.rules[original.line if original else -place] = frozenset({OTHERWISE})
        verdicts.rules |= {told.line: frozenset({NOT_READ}) for told in left.values()}
        return verdicts

    def _by_meaning(self, sheet: Sheet, expected: Verdicts) -> Verdicts:
        verdicts = Verdicts()
        for told in sheet.rows.values():
            _say(verdicts, told, told.row, expected, self._meaning)
        return verdicts


def _say(
    verdicts: Verdicts, original: WrittenRow, row: Any, expected: Verdicts, judge: Single | Meaning
) -> None:
    if not original.unchanged:
        judge.judge(verdicts, original.line, row)
        return
    if original.line in expected.rules:
        verdicts.rules[original.line] = expected.rules[original.line]
    if original.line in expected.keys:
        verdicts.keys[original.line] = expected.keys[original.line]


def _alike(found: Row | Unreadable, row: Row) -> bool:
    """Whether all members are the same values of the same types: 1, 1.0 and true are three."""
    if isinstance(found, Unreadable) or found != row:
        return False
    return [*map(type, map(found.get, row))] == [*map(type, row.values())]


def _moved(verdicts: Verdicts, sheet: Sheet) -> Verdicts:
    """By the lines that were generated; below zero where the file has nothing."""

    def moved(by_place: Mapping[int, Any]) -> dict[int, Any]:
        return {sheet.rows[p].line if p in sheet.rows else -p: one for p, one in by_place.items()}

    return Verdicts(moved(verdicts.rules), moved(verdicts.keys))


def _file(sheet: Sheet, number: int) -> File:
    found = kind_of(sheet.path.name)
    assert found is not None
    assert found[1] is Compression.NONE
    return File(number, sheet.path, sheet.path.name, *found, sheet.path.stat().st_size)
