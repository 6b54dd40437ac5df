"""Going through a delivery: what its files say, one after the other, and what their rows are together."""

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import datetime

import polars as pl

from conformance.data.check.file import RECORDS, Examiner, PartFindings
from conformance.data.check.key_spills import Spills
from conformance.data.check.tally import Tally
from conformance.data.files import Delivery, File, Progress, ReadErrors, whole
from conformance.loader import Problem


@dataclass(slots=True)
class Checked:
    """What was found, as far as the check came."""

    delivery: Delivery
    started: datetime
    tallies: dict[str, Tally] = field(default_factory=dict)
    """By item; lines that name no item under the empty code."""
    kinds: dict[int, str] = field(default_factory=dict)
    """The item of each file that was begun, or `records`."""
    problems: list[Problem] = field(default_factory=list)
    complete: bool = False
    """Whether every file was read to its end or its breach, and all keys were compared."""


class DeliveryCheck:
    """One check of a delivery. `result` holds at any time what was found so far."""

    def __init__(self, examiner: Examiner, delivery: Delivery, *, samples: int, started: datetime) -> None:
        self.examiner = examiner
        self.samples = samples
        self.result = Checked(delivery, started, problems=list(delivery.problems))

    @property
    def octets(self) -> int:
        """What it reads of files; of one that is read twice, twice."""
        return self.result.delivery.size

    def run(self, progress: Progress) -> Iterator[int]:
        """Goes on from batch to batch and tells the rows of each."""
        with ExitStack() as stack:
            spills = Spills(stack)
            for part in self._found(progress):
                spills.add(part)
                self.add(part)
                yield part.examined.rows
            for code, places in spills.repeated():
                self.add_repeated(code, places)
                yield 0
            for code, tally in self.result.tallies.items():
                for reference, places in spills.dangling(code, tally.item):
                    tally.add_dangling(reference, places)
                    yield 0
        self.result.complete = True

    def _found(self, progress: Progress) -> Iterator[PartFindings]:
        for file in self.result.delivery.files:
            try:
                self.begin(file)
                yield from self.examiner.examine(whole(file), progress=progress)
            except ReadErrors as error:
                self.result.problems += error.problems

    def begin(self, file: File) -> None:
        """A file is looked at from now on. Raises ReadErrors where its item is not told."""
        self.result.kinds[file.number] = self.examiner.kind(file)

    def add(self, found: PartFindings) -> None:
        self.tally(found.item).add(found.source, found.examined)

    def add_repeated(self, code: str, places: pl.DataFrame) -> None:
        if places.height:
            self.tally(code).add_repeated(places)

    def tally(self, code: str) -> Tally:
        if code not in self.result.tallies:
            self.result.tallies[code] = Tally(self.examiner.row_item(code), self.samples)
        return self.result.tallies[code]


__all__ = ["RECORDS", "Checked", "DeliveryCheck"]
