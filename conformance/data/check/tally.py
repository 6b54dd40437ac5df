"""What a delivery adds up to: rows, rules that are broken and how often, the first places of each."""

from collections import Counter, defaultdict
from dataclasses import dataclass, field, replace

import numpy as np
import polars as pl

from conformance.data.check.batch import Bad, Examined
from conformance.data.check.value_shape import shown
from conformance.data.keys.bitmap import Marks
from conformance.data.keys.partitions import PLACE
from conformance.data.rows import UNIQUE, Reason
from conformance.model.shapes import Item, Reference


@dataclass(frozen=True, slots=True)
class Sample:
    """One place where a rule is broken; the value in a form that gives nothing away."""

    source: int
    line: int
    member: str
    value: str | None


@dataclass(slots=True)
class FileTally:
    """One file."""

    rows: int = 0
    bad: int = 0
    marks: Marks = field(default_factory=Marks)
    repeated: Marks = field(default_factory=Marks)
    """Lines with a key that an earlier row has."""


@dataclass(slots=True)
class Tally:
    """One item's rows so far. Its size depends on the rules and not on the rows."""

    item: Item | None
    """None for lines that name no item."""
    most: int
    """Samples that are kept of each rule."""
    files: dict[int, FileTally] = field(default_factory=dict)
    rules: Counter[str] = field(default_factory=Counter)
    """Rows that break each rule."""
    members: dict[str, str] = field(default_factory=dict)
    """The member that each broken rule is about."""
    samples: dict[str, list[Sample]] = field(default_factory=lambda: defaultdict(list))
    timeliness: Counter[str] = field(default_factory=Counter)
    latest: str | None = None
    kinds: Counter[str] = field(default_factory=Counter)
    """Rows by dimension of quality in which they fail."""

    @property
    def rows(self) -> int:
        return sum(file.rows for file in self.files.values())

    @property
    def bad(self) -> int:
        return sum(file.bad for file in self.files.values())

    def add(self, source: int, examined: Examined) -> None:
        file = self.files.setdefault(source, FileTally())
        file.rows += examined.rows
        for bad in examined.bad:
            self._note(source, bad)
        file.bad += len(file.marks.add(np.array([bad.line for bad in examined.bad], np.int64)))
        self.timeliness += examined.timeliness
        self.latest = max(filter(None, (self.latest, examined.latest)), default=None)

    def _note(self, source: int, bad: Bad) -> None:
        for reason in bad.reasons:
            self._count(reason)
            if len(self.samples[reason.rule]) < self.most:
                value = shown(self.item, reason, bad.row)
                self.samples[reason.rule].append(Sample(source, bad.line, reason.member, value))
        self.kinds.update({dimension(reason) for reason in bad.reasons})

    def add_repeated(self, places: pl.DataFrame) -> None:
        """Rows with a key that an earlier row has."""
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
        """Rows that name what is not there. They may name what came before, so they are no bad rows."""
        reason = dangling(reference)
        self._count(reason, places.height)
        samples = self.samples[reason.rule]
        new = places.sort(PLACE).head(self.most).iter_rows()
        samples += [Sample(source, line, reason.member, None) for source, line in new]
        samples.sort(key=_place)
        del samples[self.most :]

    def bare(self) -> "Tally":
        """The same without the item, which whoever it is sent to has."""
        return replace(self, item=None)

    def merge(self, addend: "Tally") -> None:
        """Add what was counted of other rows."""
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


def dangling(reference: Reference) -> Reason:
    """The reason of a row that names a row which the delivery has not."""
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
