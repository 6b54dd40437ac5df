"""What travels to executors: parts of files, and all that is needed to judge them as one machine would."""

import pickle
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path

import polars as pl

from conformance.data.check.file import RECORDS, Examiner, Options
from conformance.data.files import Compression, File, FileFormat, Progress, Split, lines, splits
from conformance.data.keys.partitions import Hashes, trial
from conformance.model.shapes import Reference
from conformance.model.standard import Standard


@dataclass(frozen=True, slots=True)
class WorkUnit:
    """A part of a file, and where its rows stand in it."""

    split: Split
    first_line: int


@dataclass(frozen=True, slots=True)
class Link:
    """An item of which rows name rows of another, both of which the delivery may have."""

    item: str
    reference: Reference

    @property
    def own(self) -> str:
        return named(self.item, self.reference.fields)

    @property
    def theirs(self) -> str:
        return named(self.reference.item, self.reference.to)


@dataclass(frozen=True)
class Job:
    """What is checked, in values that can be pickled."""

    standard: str | None
    """Folder of the standard as executors reach it; None: the one that they have installed."""
    day: date
    division: str
    options: Options
    kinds: tuple[tuple[int, str], ...]
    """The item of each file, or `records`, as the driver saw it."""
    samples: int
    links: tuple[Link, ...]
    buckets: int
    """Over how many keys are spread, so that those of one fit into memory."""
    hashes: Hashes
    trial: tuple[int, ...]
    """What the driver has for hashes. Those of another version differ, and equal keys would not meet."""

    def examiner(self) -> Examiner:
        """The same judge as that of the driver; made once in a process."""
        return _examiner(pickle.dumps(self))


@lru_cache(maxsize=1)
def _examiner(pickled: bytes) -> Examiner:
    from conformance.loader import load_standard

    job: Job = pickle.loads(pickled)  # noqa: S301  # by the caller, a line before
    if trial(job.hashes) != job.trial:
        raise ValueError(f"Polars {pl.__version__} is not the version of the driver")
    loaded = load_standard(Path(job.standard) if job.standard else None).on(job.day, job.division)
    return Examiner(loaded, job.options, dict(job.kinds))


def parts(file: File, size: int, progress: Progress) -> Iterator[WorkUnit]:
    """The parts of a file with their first lines: lines are counted, since a part does not know its own."""
    line = 1
    for split in splits(file, size):
        yield WorkUnit(split, line)
        if is_counted(file):
            line += lines(split)
            progress(split.stop - split.start)


def is_counted(file: File) -> bool:
    """Whether its lines have to be counted before its parts can be read apart."""
    return file.format is FileFormat.NDJSON and file.compression is Compression.NONE


def named(item: str, names: tuple[str, ...]) -> str:
    """What members of an item are called among the keys of a delivery."""
    return " ".join((item, *names))


def links(standard: Standard, kinds: Collection[str]) -> tuple[Link, ...]:
    """What can be compared between the items of files of these kinds."""
    every = (Link(item.code, r) for item in standard.checklist.items for r in item.references)
    return tuple(k for k in every if RECORDS in kinds or {k.item, k.reference.item} <= set(kinds))
