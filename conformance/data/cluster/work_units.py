"""Input of executors: work units, and the job whose settings give the result of one machine."""

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
    """A part of a file with the line number (from 1) of its first row."""

    split: Split
    first_line: int


@dataclass(frozen=True, slots=True)
class Link:
    """A reference from the rows of an item to those of another, where a delivery may have both."""

    item: str
    reference: Reference

    @property
    def naming(self) -> str:
        """Name, among the keys of a delivery, of the members that refer."""
        return key_name(self.item, self.reference.fields)

    @property
    def target(self) -> str:
        """Name, among the keys of a delivery, of the members that are referred to."""
        return key_name(self.reference.item, self.reference.to)


@dataclass(frozen=True)
class Job:
    """The settings of a check, as values that can be pickled."""

    standard: str | None
    """Folder of the standard as executors reach it; None: the one installed with their suite."""
    day: date
    division: str
    options: Options
    kinds: tuple[tuple[int, str], ...]
    """The item of each file, or `records`, as the driver determined it."""
    samples: int
    links: tuple[Link, ...]
    buckets: int
    """Buckets of keys; those of one bucket fit into memory."""
    hashes: Hashes
    trial: tuple[int, ...]
    """Hashes of sample keys on the driver; an executor whose library hashes otherwise is refused."""

    def examiner(self) -> Examiner:
        """The examiner of the driver, built once in a process. Raises ValueError if Polars differs."""
        return _examiner(pickle.dumps(self))


@lru_cache(maxsize=1)
def _examiner(pickled: bytes) -> Examiner:
    from conformance.loader import load_standard

    job: Job = pickle.loads(pickled)  # noqa: S301  # pickled by the caller
    if trial(job.hashes) != job.trial:
        raise ValueError(f"Polars {pl.__version__} is not the version of the driver")
    standard = load_standard(Path(job.standard) if job.standard else None).on(job.day, job.division)
    return Examiner(standard, job.options, dict(job.kinds))


def work_units(file: File, size: int, progress: Progress) -> Iterator[WorkUnit]:
    """The work units of a file. Lines are counted here: a part does not know its own line numbers.

    Raises ReadErrors.
    """
    line = 1
    for split in splits(file, size):
        yield WorkUnit(split, line)
        if needs_line_count(file):
            line += lines(split)
            progress(split.stop - split.start)


def needs_line_count(file: File) -> bool:
    """True for uncompressed NDJSON: lines have to be counted before parts can be read separately."""
    return file.format is FileFormat.NDJSON and file.compression is Compression.NONE


def key_name(item: str, names: tuple[str, ...]) -> str:
    """The name of members of an item among the keys of a delivery."""
    return " ".join((item, *names))


def links_of(standard: Standard, kinds: Collection[str]) -> tuple[Link, ...]:
    """The links between the items of files of these kinds."""
    every = (Link(item.code, r) for item in standard.checklist.items for r in item.references)
    return tuple(k for k in every if RECORDS in kinds or {k.item, k.reference.item} <= set(kinds))
