"""A delivery: its files in order, what each is written in, and what was wrong with finding them."""

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from conformance.loader import Problem


class FileFormat(StrEnum):
    """What a file is written in."""

    NDJSON = "ndjson"
    CSV = "csv"
    XLSX = "xlsx"
    PARQUET = "parquet"


class Compression(StrEnum):
    """How the bytes of a file are packed."""

    NONE = "none"
    GZIP = "gz"
    BZ2 = "bz2"
    XZ = "xz"
    ZSTD = "zst"
    LZ4 = "lz4"


SUFFIXES = {
    ".ndjson": FileFormat.NDJSON,
    ".jsonl": FileFormat.NDJSON,
    ".csv": FileFormat.CSV,
    ".tsv": FileFormat.CSV,
    ".txt": FileFormat.CSV,
    ".xlsx": FileFormat.XLSX,
    ".parquet": FileFormat.PARQUET,
}
PACKED = {f".{packed.value}": packed for packed in Compression if packed is not Compression.NONE}
STREAMED = frozenset({FileFormat.NDJSON, FileFormat.CSV})
"""Formats that are read from beginning to end, so that they may be packed."""


@dataclass(frozen=True, slots=True)
class File:
    """One file of a delivery."""

    number: int
    """Its place within the delivery, from 0."""
    path: Path
    display_path: str
    """The path as it is named to the user."""
    format: FileFormat
    compression: Compression
    size: int
    """Bytes on disk."""

    @property
    def stem(self) -> str:
        """The name without the suffixes that say how it is written."""
        name = self.path.name
        if Path(name).suffix.lower() in PACKED:
            name = Path(name).stem
        return Path(name).stem


@dataclass(frozen=True, slots=True)
class Delivery:
    """All files that were named, in the order in which they are read."""

    files: tuple[File, ...]
    problems: tuple[Problem, ...] = ()
    """What was named and cannot be read as a table. The rest of the delivery stands."""
    skipped: tuple[str, ...] = ()
    """Files within folders that are no tables, such as a note to the reader."""

    @property
    def size(self) -> int:
        """Bytes on disk of all files together."""
        return sum(file.size for file in self.files)
