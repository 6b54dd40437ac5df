"""A delivery: its files in reading order with their formats, and problems met while finding them."""

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from conformance.loader import Problem


class FileFormat(StrEnum):
    """File format."""

    NDJSON = "ndjson"
    CSV = "csv"
    XLSX = "xlsx"
    PARQUET = "parquet"


class Compression(StrEnum):
    """Compression of a file."""

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
"""Formats that are read sequentially, so that they may be compressed."""


@dataclass(frozen=True, slots=True)
class File:
    """One file of a delivery."""

    number: int
    """Position within the delivery, from 0."""
    path: Path
    display_path: str
    """The path as shown to the user."""
    format: FileFormat
    compression: Compression
    size: int
    """Size on disk in bytes."""

    @property
    def stem(self) -> str:
        """File name without the suffixes of format and compression."""
        name = self.path.name
        if Path(name).suffix.lower() in PACKED:
            name = Path(name).stem
        return Path(name).stem


@dataclass(frozen=True, slots=True)
class Delivery:
    """All requested files, in reading order."""

    files: tuple[File, ...]
    problems: tuple[Problem, ...] = ()
    """Requested paths that cannot be read as tables; the other files are still read."""
    skipped: tuple[str, ...] = ()
    """Files in folders that are not tables, such as a README."""

    @property
    def size(self) -> int:
        """Total size on disk in bytes."""
        return sum(file.size for file in self.files)
