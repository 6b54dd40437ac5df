"""Check of a delivery: files one by one, then keys and references across all rows."""

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
    """Findings of a check so far."""

    delivery: Delivery
    started: datetime
    tallies: dict[str, Tally] = field(default_factory=dict)
    """By item code; empty code for lines that name no item."""
    kinds: dict[int, str] = field(default_factory=dict)
    """Item code, or `records`, of each file begun, by file number."""
    problems: list[Problem] = field(default_factory=list)
    complete: bool = False
    """True if every file was read to its end or to its damage, and all keys were compared."""


class DeliveryCheck:
    """One check of a delivery. `result` is up to date at any time."""

    def __init__(self, examiner: Examiner, delivery: Delivery, *, samples: int, started: datetime) -> None:
        self.examiner = examiner
        self.samples = samples
        self.result = Checked(delivery, started, problems=list(delivery.problems))

    @property
    def octets(self) -> int:
        """Bytes this check will read; a file read twice counts twice."""
        return self.result.delivery.size

    def run(self, progress: Progress) -> Iterator[int]:
        """Run the check; yield the number of rows of each batch (0 for comparisons of keys)."""
        with ExitStack() as stack:
            spills = Spills(stack)
            for part in self._examine_files(progress):
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

    def _examine_files(self, progress: Progress) -> Iterator[PartFindings]:
        for file in self.result.delivery.files:
            try:
                self.begin(file)
                yield from self.examiner.examine(whole(file), progress=progress)
            except ReadErrors as error:
                self.result.problems += error.problems

    def begin(self, file: File) -> None:
        """Begin a file. Raises ReadErrors if its item cannot be determined."""
        self.result.kinds[file.number] = self.examiner.kind(file)

    def add(self, found: PartFindings) -> None:
        """Add the findings of one batch."""
        self.tally(found.item).add(found.source, found.examined)

    def add_repeated(self, code: str, places: pl.DataFrame) -> None:
        """Add places of duplicate keys of an item."""
        if places.height:
            self.tally(code).add_repeated(places)

    def tally(self, code: str) -> Tally:
        """The tally of an item, created on first use."""
        if code not in self.result.tallies:
            self.result.tallies[code] = Tally(self.examiner.row_item(code), self.samples)
        return self.result.tallies[code]


__all__ = ["RECORDS", "Checked", "DeliveryCheck"]
