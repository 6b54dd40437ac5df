"""Tallies of a delivery: rows, broken rules with their frequency, and the first places of each."""

from collections import Counter, defaultdict
from dataclasses import dataclass, field, replace

import numpy as np
import polars as pl

from conformance.data.check.batch import Bad, Examined
from conformance.data.check.value_shape import value_for_report
from conformance.data.keys.bitmap import Marks
from conformance.data.keys.partitions import PLACE
from conformance.data.rows import UNIQUE, Reason
from conformance.model.shapes import Item, Reference


@dataclass(frozen=True, slots=True)
class Sample:
    """A place where a rule is broken, with a value that discloses nothing."""

    source: int
    line: int
    member: str
    value: str | None


@dataclass(slots=True)
class FileTally:
    """Counts of one file."""

    rows: int = 0
    bad: int = 0
    marks: Marks = field(default_factory=Marks)
    repeated: Marks = field(default_factory=Marks)
    """Lines whose key an earlier row has."""


@dataclass(slots=True)
class Tally:
    """Counts for the rows of one item. Size is bounded by the number of rules, not rows."""

    item: Item | None
    """None for lines that name no item."""
    most: int
    """Maximum samples per rule."""
    files: dict[int, FileTally] = field(default_factory=dict)
    rules: Counter[str] = field(default_factory=Counter)
    """Rows that break each rule, by rule id."""
    members: dict[str, str] = field(default_factory=dict)
    """Member at fault, by rule id."""
    samples: dict[str, list[Sample]] = field(default_factory=lambda: defaultdict(list))
    timeliness: Counter[str] = field(default_factory=Counter)
    latest: str | None = None
    kinds: Counter[str] = field(default_factory=Counter)
    """Rows by the quality dimension in which they fail."""

    @property
    def rows(self) -> int:
        """Number of rows."""
        return sum(file.rows for file in self.files.values())

    @property
    def bad(self) -> int:
        """Number of rows that break at least one rule."""
        return sum(file.bad for file in self.files.values())

    def add(self, source: int, examined: Examined) -> None:
        """Add the findings of one batch of a file."""
        file = self.files.setdefault(source, FileTally())
        file.rows += examined.rows
        for bad in examined.bad:
            self._count_bad_row(source, bad)
        file.bad += len(file.marks.add(np.array([bad.line for bad in examined.bad], np.int64)))
        self.timeliness += examined.timeliness
        self.latest = max(filter(None, (self.latest, examined.latest)), default=None)

    def _count_bad_row(self, source: int, bad: Bad) -> None:
        for reason in bad.reasons:
            self._count(reason)
            if len(self.samples[reason.rule]) < self.most:
                value = value_for_report(self.item, reason, bad.row)
                self.samples[reason.rule].append(Sample(source, bad.line, reason.member, value))
        self.kinds.update({dimension(reason) for reason in bad.reasons})

    def add_repeated(self, places: pl.DataFrame) -> None:
        """Add places of rows whose key an earlier row has."""
        for (source,), part in places.partition_by("source", as_dict=True).items():
            lines = part["line"].to_numpy()
            file = self.files[int(source)]
            file.repeated.add(lines)
            file.bad += len(file.marks.add(lines))
            self._count(UNIQUE, len(lines))
            samples = self.samples[UNIQUE.rule]
            samples += [Sample(int(source), int(line), "", None) for line in np.sort(lines)[: self.most]]
            samples.sort(key=_place)
            del samples[self.most :]
            self.kinds[dimension(UNIQUE)] += len(lines)

    def add_dangling(self, reference: Reference, places: pl.DataFrame) -> None:
        """Add dangling references. Rows are not bad, as the target may be in an earlier delivery."""
        reason = dangling_reason(reference)
        self._count(reason, places.height)
        samples = self.samples[reason.rule]
        new = places.sort(PLACE).head(self.most).iter_rows()
        samples += [Sample(source, line, reason.member, None) for source, line in new]
        samples.sort(key=_place)
        del samples[self.most :]

    def without_item(self) -> "Tally":
        """A copy without the item, which the receiver already has."""
        return replace(self, item=None)

    def merge(self, addend: "Tally") -> None:
        """Add the counts of other rows."""
        for source, theirs in addend.files.items():
            file = self.files.setdefault(source, FileTally())
            file.rows, file.bad = file.rows + theirs.rows, file.bad + theirs.bad
            file.marks.join(theirs.marks)
            file.repeated.join(theirs.repeated)
        self.rules += addend.rules
        self.members |= addend.members
        self.timeliness += addend.timeliness
        self.kinds += addend.kinds
        self.latest = max(filter(None, (self.latest, addend.latest)), default=None)
        for rule, samples in addend.samples.items():
            self.samples[rule] = sorted((*self.samples[rule], *samples), key=_place)[: self.most]

    def _count(self, reason: Reason, rows: int = 1) -> None:
        self.rules[reason.rule] += rows
        self.members.setdefault(reason.rule, reason.member)


def _place(sample: Sample) -> tuple[int, int]:
    return sample.source, sample.line


def dangling_reason(reference: Reference) -> Reason:
    """Reason of a row that references a row absent from the delivery."""
    return Reason(f"{reference.fields[0]}/reference", reference.fields[0])


def dimension(reason: Reason) -> str:
    """The dimension of quality (GB/T 36344) in which a row fails that breaks a rule."""
    place, _, keyword = reason.rule.partition("/")
    if reason == UNIQUE:
        return "uniqueness"
    if keyword in ("", "reference"):
        return "consistency"
    if keyword in ("required", "anyOf"):
        return "completeness"
    return "readability" if place == "line" else "conformity"
