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
from tests.conformance.data.world import standard
from tests.equal.judges import Again, Columnar, Meaning, Said, Single
from tests.equal.sheets import Row, Sheet, Told

NOT_READ, OTHERWISE = "the row is not read", "values are read otherwise"
"""Said of rows by whoever reads them, as if these were rules."""
_ALONE = 50
"""Of so many rows one is read by itself, and not with all others."""


@dataclass(frozen=True, slots=True)
class Known:
    """What is said of the generated rows."""

    single: Said
    meaning: Said


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

    def __call__(self, sheet: Sheet, known: Known) -> tuple[Said, ...]:
        """What the judges say, by the lines that were generated."""
        file = _file(sheet, self._files)
        self._places |= {(file.number, place): told.line for place, told in sheet.told.items()}
        self._files += 1
        batches = [*read(whole(file), self._layout, sheet.settings)]  # as the check of files reads them
        by_column = _moved(self._columnar(batches), sheet)
        by_row = self._by_row(batches, sheet, known.single)
        by_meaning = self._by_meaning(sheet, known.meaning)
        for again, said in zip(self._again, (by_row, by_meaning), strict=True):
            again.note(said)
        return by_column, by_row, by_meaning

    def repeated(self) -> tuple[set[int], ...]:
        by_column = {self._places.get(place, -place[1]) for place in self._columnar.repeated()}
        return by_column, *(again.lines for again in self._again)

    def _by_row(self, batches: Iterable[Batch], sheet: Sheet, known: Said) -> Said:
        said, left = Said(), dict(sheet.told)
        for batch in batches:
            every = batch.values(np.arange(len(batch)))
            for number, (place, one) in enumerate(zip(batch.lines().tolist(), every, strict=True)):
                row = one if place % _ALONE else batch.value(number)
                told = left.pop(place, None)
                if told is not None and _alike(row, told.row):
                    _say(said, told, row, known, self._single)
                else:
                    said.rules[told.line if told else -place] = frozenset({OTHERWISE})
        said.rules |= {told.line: frozenset({NOT_READ}) for told in left.values()}
        return said

    def _by_meaning(self, sheet: Sheet, known: Said) -> Said:
        said = Said()
        for told in sheet.told.values():
            _say(said, told, told.row, known, self._meaning)
        return said


def _say(said: Said, told: Told, row: Any, known: Said, judge: Single | Meaning) -> None:
    if not told.same:
        judge.judge(said, told.line, row)
        return
    if told.line in known.rules:
        said.rules[told.line] = known.rules[told.line]
    if told.line in known.keys:
        said.keys[told.line] = known.keys[told.line]


def _alike(found: Row | Unreadable, row: Row) -> bool:
    """Whether all members are the same values of the same types: 1, 1.0 and true are three."""
    if isinstance(found, Unreadable) or found != row:
        return False
    return [*map(type, map(found.get, row))] == [*map(type, row.values())]


def _moved(said: Said, sheet: Sheet) -> Said:
    """By the lines that were generated; below zero where the file has nothing."""

    def moved(by_place: Mapping[int, Any]) -> dict[int, Any]:
        return {sheet.told[p].line if p in sheet.told else -p: one for p, one in by_place.items()}

    return Said(moved(said.rules), moved(said.keys))


def _file(sheet: Sheet, number: int) -> File:
    found = kind_of(sheet.path.name)
    assert found is not None
    assert found[1] is Compression.NONE
    return File(number, sheet.path, sheet.path.name, *found, sheet.path.stat().st_size)
