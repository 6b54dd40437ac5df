"""Files as streams of bytes, decompressed and unpacked."""

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
_UNSUPPORTED: tuple[tuple[bytes, str], ...] = (
    (b"7z\xbc\xaf\x27\x1c", "7z"),
    (b"Rar!\x1a\x07", "rar"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "OLE"),
)
"""Formats that cannot be unpacked; office documents that are old or encrypted (OLE) may be compressed."""
_ROWS = 16_384
BROKEN = (EOFError, OSError, zlib.error, lzma.LZMAError, zipfile.BadZipFile, ValueError, RuntimeError)
"""Exceptions that a broken archive raises."""


@dataclass(frozen=True, slots=True)
class ContentStream:
    """The content of a file, or of a member of an archive."""

    name: str
    stream: BinaryIO


def content_streams(path: Path) -> Iterator[ContentStream]:
    """The contents of a file, each valid until the next one. Raises one of BROKEN for a broken archive."""
    with path.open("rb") as raw:
        kind, unsupported = (_kind(raw.peek(8), magics) for magics in (_MAGIC, _UNSUPPORTED))
        if kind == "zip" and zipfile.is_zipfile(path):
            yield from _members(path)
        elif kind == "parquet":
            yield ContentStream(
                str(path), cast("BinaryIO", io.BufferedReader(_ChunkStream(_rows(path)), 1 << 20))
            )
        else:
            with _decompressed(raw, kind) as stream:
                yield ContentStream(str(path), stream)
            # their members were not searched
            if kind == "zip":
                raise zipfile.BadZipFile("no whole zip archive")
            if unsupported:
                raise ValueError(f"{unsupported} is searched as it is, and not unpacked")


def _kind(first_bytes: bytes, kinds: tuple[tuple[bytes, str], ...]) -> str:
    return next((kind for magic, kind in kinds if first_bytes.startswith(magic)), "")


@contextmanager
def _decompressed(raw: Any, kind: str) -> Iterator[BinaryIO]:
    match kind:
        case "gzip":
            yield cast("BinaryIO", gzip.GzipFile(fileobj=raw))
        case "bz2":
            yield cast("BinaryIO", bz2.BZ2File(raw))
        case "xz":
            yield cast("BinaryIO", lzma.LZMAFile(raw))  # noqa: SIM115  # the caller closes the file
        case "zstd" | "lz4":
            import pyarrow as pa

            yield cast("BinaryIO", pa.CompressedInputStream(pa.PythonFile(raw, "r"), kind))
        case _:
            yield raw


def _members(path: Path) -> Iterator[ContentStream]:
    with zipfile.ZipFile(path) as archive:
        for info in archive.infolist():
            if not info.is_dir():
                with archive.open(info) as member:
                    yield ContentStream(f"{path}!{info.filename}", cast("BinaryIO", member))


def _rows(path: Path) -> Iterator[bytes]:
    """The rows of a Parquet file as NDJSON, a batch at a time."""
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


class _ChunkStream(io.RawIOBase):
    """Chunks of bytes as a stream."""

    def __init__(self, pieces: Iterator[bytes]) -> None:
        self._pieces, self._buffer = pieces, b""

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        while not self._buffer:
            piece = next(self._pieces, None)
            if piece is None:
                return 0
            self._buffer = piece
        count = min(len(buffer), len(self._buffer))
        buffer[:count], self._buffer = self._buffer[:count], self._buffer[count:]
        return count
