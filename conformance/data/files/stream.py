"""Decompressed byte stream of a text file; bytes before damage in an archive are still delivered."""

import bz2
import gzip
import io
import lzma
import zlib
from collections.abc import Callable
from types import TracebackType
from typing import IO, Any, Self, cast

from conformance.data.files.delivery import Compression, File
from conformance.data.files.errors import ReadErrors, short, trouble
from conformance.data.files.settings import Progress, silent
from conformance.loader import Problem
from conformance.model.text import Message

_BLOCK = 1 << 20
_BROKEN = (EOFError, OSError, zlib.error, lzma.LZMAError, ValueError)


class _Counted(io.RawIOBase):
    """The bytes on disk in `[start, stop)`, with progress reported as they are read."""

    def __init__(self, file: File, start: int, stop: int | None, progress: Progress) -> None:
        self._file = file.path.open("rb", buffering=0)
        self._file.seek(start)
        self._left = file.size * 2 + _BLOCK if stop is None else stop - start
        self._progress = progress

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        view = memoryview(buffer)[: max(self._left, 0)]
        count = self._file.readinto(view) or 0
        self._left -= count
        self._progress(count)
        return count

    def close(self) -> None:
        self._file.close()
        super().close()


class Stream(io.RawIOBase):
    """A decompressed file. It ends where the archive is damaged; `trouble` then holds the problem."""

    def __init__(
        self, file: File, *, start: int = 0, stop: int | None = None, progress: Progress = silent
    ) -> None:
        self._file = file
        self.trouble: Problem | None = None
        self._raw = io.BufferedReader(_Counted(file, start, stop, progress), _BLOCK)
        self._inner = _UNPACK[file.compression](self._raw)
        # A plain `read` of a damaged archive would lose the bytes decompressed before the damage.
        self._read = getattr(self._inner, "read1", self._inner.read)
        self._given = 0

    def readable(self) -> bool:
        """Always true."""
        return True

    def read(self, size: int = -1) -> bytes:
        """Exactly `size` bytes; fewer only at the end."""
        parts = []
        left = size
        while left and (part := self._read_part(_BLOCK if size < 0 else min(left, _BLOCK))):
            parts.append(part)
            left -= len(part)
        return parts[0] if len(parts) == 1 else b"".join(parts)

    def _read_part(self, size: int) -> bytes:
        if self.trouble is not None:
            return b""
        try:
            part: bytes = self._read(size)
            self._require_content()
        except _BROKEN as error:
            self._record_damage(error)
            return b""
        self._given += len(part)
        return part

    def _require_content(self) -> None:
        """Raise EOFError for a compressed file of 0 bytes, which some libraries decompress to nothing."""
        if self._file.compression is not Compression.NONE and not self._file.size:
            raise EOFError("0 bytes")

    def readinto(self, buffer: Any) -> int:
        """Fill the buffer; the number of bytes read, 0 at the end."""
        part = self.read(len(buffer))
        buffer[: len(part)] = part
        return len(part)

    def _record_damage(self, error: Exception) -> None:
        packed = self._file.compression
        cut = isinstance(error, EOFError) or "truncated" in str(error).lower()
        key = "files.unreadable" if packed is Compression.NONE else "files.cut" if cut else "files.corrupt"
        args = {"packed": packed.value, "bytes": self._given, "reason": short(error)}
        self.trouble = trouble(self._file, Message(key, args))

    def close(self) -> None:
        """Close the decompressor and the file."""
        self._inner.close()
        self._raw.close()
        super().close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def open_stream(
    file: File, *, start: int = 0, stop: int | None = None, progress: Progress = silent
) -> Stream:
    """Open a file, or a byte range of it. Raises ReadErrors."""
    try:
        return Stream(file, start=start, stop=stop, progress=progress)
    except OSError as error:
        raise ReadErrors((trouble(file, Message("files.unreadable", {"reason": short(error)})),)) from error


def _arrow(name: str) -> Callable[[IO[bytes]], IO[bytes]]:
    def unpack(raw: IO[bytes]) -> IO[bytes]:
        import pyarrow as pa

        return cast("IO[bytes]", pa.CompressedInputStream(pa.PythonFile(raw, "r"), name))

    return unpack


_UNPACK: dict[Compression, Callable[[IO[bytes]], IO[bytes]]] = {
    Compression.NONE: lambda raw: raw,
    Compression.GZIP: lambda raw: cast("IO[bytes]", gzip.GzipFile(fileobj=raw)),
    Compression.BZ2: lambda raw: cast("IO[bytes]", bz2.BZ2File(raw)),
    Compression.XZ: lambda raw: cast("IO[bytes]", lzma.LZMAFile(raw)),  # noqa: SIM115  # the stream closes it
    Compression.ZSTD: _arrow("zstd"),
    Compression.LZ4: _arrow("lz4"),
}
