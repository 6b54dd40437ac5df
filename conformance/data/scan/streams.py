"""Files as streams of bytes, whatever they are packed in, a block at a time."""

import bz2
import gzip
import io
import lzma
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, cast

_MAGIC: tuple[tuple[bytes, str], ...] = (
    (b"\x1f\x8b", "gzip"),
    (b"BZh", "bz2"),
    (b"\xfd7zXZ\0", "xz"),
    (b"\x28\xb5\x2f\xfd", "zstd"),
    (b"\x04\x22\x4d\x18", "lz4"),
    (b"PK\x03\x04", "zip"),
    (b"PAR1", "parquet"),
)
_SEALED: tuple[tuple[bytes, str], ...] = (
    (b"7z\xbc\xaf\x27\x1c", "7z"),
    (b"Rar!\x1a\x07", "rar"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "OLE"),
)
"""What cannot be unpacked here; that of old or encrypted documents of an office may be packed or not."""
_ROWS = 16_384
BROKEN = (EOFError, OSError, zlib.error, lzma.LZMAError, zipfile.BadZipFile, ValueError, RuntimeError)
"""What a broken archive raises."""


@dataclass(frozen=True, slots=True)
class Part:
    """What is searched as one: a file, or a member of an archive."""

    shown: str
    stream: BinaryIO


def parts(path: Path) -> Iterator[Part]:
    """The streams of a file, each valid until the next. What is broken raises one of BROKEN."""
    with path.open("rb") as raw:
        kind, sealed = (_known(raw.peek(8), known) for known in (_MAGIC, _SEALED))
        if kind == "zip" and zipfile.is_zipfile(path):
            yield from _members(path)
        elif kind == "parquet":
            yield Part(str(path), cast("BinaryIO", io.BufferedReader(_Chunks(_rows(path)), 1 << 20)))
        else:
            with _opened(raw, kind) as stream:
                yield Part(str(path), stream)
            # what is packed in these was not seen
            if kind == "zip":
                raise zipfile.BadZipFile("no whole zip archive")
            if sealed:
                raise ValueError(f"{sealed} is searched as it is, and not unpacked")


def _known(begin: bytes, kinds: tuple[tuple[bytes, str], ...]) -> str:
    return next((kind for magic, kind in kinds if begin.startswith(magic)), "")


@contextmanager
def _opened(raw: Any, kind: str) -> Iterator[BinaryIO]:
    match kind:
        case "gzip":
            yield cast("BinaryIO", gzip.GzipFile(fileobj=raw))
        case "bz2":
            yield cast("BinaryIO", bz2.BZ2File(raw))
        case "xz":
            yield cast("BinaryIO", lzma.LZMAFile(raw))  # noqa: SIM115  # whoever opened the file closes it
        case "zstd" | "lz4":
            import pyarrow as pa

            yield cast("BinaryIO", pa.CompressedInputStream(pa.PythonFile(raw, "r"), kind))
        case _:
            yield raw


def _members(path: Path) -> Iterator[Part]:
    with zipfile.ZipFile(path) as archive:
        for info in archive.infolist():
            if not info.is_dir():
                with archive.open(info) as member:
                    yield Part(f"{path}!{info.filename}", cast("BinaryIO", member))


def _rows(path: Path) -> Iterator[bytes]:
    """The rows of a table as lines of JSON."""
    import polars as pl
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        with pq.ParquetFile(path) as table:
            for batch in table.iter_batches(_ROWS, use_threads=False):
                out = io.BytesIO()
                cast("pl.DataFrame", pl.from_arrow(batch)).write_ndjson(out)
                yield out.getvalue()
    except (pa.ArrowException, pl.exceptions.PolarsError) as error:
        raise OSError(0, str(error).splitlines()[0], str(path)) from error


class _Chunks(io.RawIOBase):
    """Pieces of bytes as a stream."""

    def __init__(self, pieces: Iterator[bytes]) -> None:
        self._pieces, self._rest = pieces, b""

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        while not self._rest:
            piece = next(self._pieces, None)
            if piece is None:
                return 0
            self._rest = piece
        count = min(len(buffer), len(self._rest))
        buffer[:count], self._rest = self._rest[:count], self._rest[count:]
        return count
