"""What travels to executors and back: parts of files, what to check, and what was found."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Split:
    """Consecutive rows of one file."""

    path: str
    """As executors reach it: on storage that all of them share."""
    source: int
    """Number of the file within the delivery."""
    start: int
    """First octet; of Parquet the first row group."""
    stop: int
    """Octet or row group after the last."""
    first: int
    """Number of the first row within the file, from 0."""
    line: int
    """Number of its line (text) or row (table), from 1."""


@dataclass(frozen=True, slots=True)
class Job:
    """What to check: values that can be pickled, from which an executor makes what it needs."""

    standard: str
    """Folder of the standard on the executors; empty: the one installed there."""
    item: str
    options: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Examined:
    """What the local engine says of some rows, by the column; order within a column does not matter."""

    summary: Mapping[str, int] = field(default_factory=dict)
    """Counts, which are added up."""
    lines: Sequence[int] = ()
    """Lines with something wrong, once for each reason."""
    reasons: Sequence[str] = ()
    keys: Sequence[str] = ()
    """Subject and key of each row that has one, as one text: equal only for equal keys."""
    key_lines: Sequence[int] = ()


class Examine(Protocol):
    """The local engine on one part of a file, a bounded number of rows at a time.

    A function of a module that executors can import.
    """

    def __call__(self, job: Job, split: Split, /) -> Iterator[Examined]: ...


Finding = tuple[int, int, str]
"""Number of the file, line, reason."""
UNIQUE = "unique"
"""The reason for a row of which an earlier one has the subject and key."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What is wrong with a delivery."""

    summary: Mapping[str, int]
    reasons: Mapping[str, int]
    """How many rows each reason is given for."""
    findings: Iterator[Finding]
    """In the order of files, lines and reasons. To be read before the session ends."""
