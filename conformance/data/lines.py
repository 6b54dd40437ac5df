"""Lines of a stream in blocks of bounded size; of a line that is too long, only the beginning is held."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

BLOCK = 32 * 1024 * 1024
"""Octets read at once."""
LONGEST = 1024 * 1024
"""Octets of the longest line that is looked at."""
KEPT = 1024
"""Octets of a longer line that are held."""
_NEWLINE = 10


class ByteSource(Protocol):
    """Anything that octets are read from."""

    def read(self, size: int = -1, /) -> bytes: ...


@dataclass(frozen=True, slots=True)
class Block:
    """Whole lines, one after the other."""

    data: bytes
    """Holds the lines, and possibly octets around them."""
    starts: NDArray[np.int64]
    ends: NDArray[np.int64]
    """Offset behind each line, its line end included."""
    too_long: int | None = None
    """Length in octets of the only line, of which `data` holds the beginning; None for all other blocks."""

    def __len__(self) -> int:
        return len(self.starts)

    def parts(self, most: int) -> "Iterator[Block]":
        """The same lines in blocks of at most `most` lines."""
        if len(self) <= most:
            yield self
            return
        for at in range(0, len(self), most):
            piece = slice(at, at + most)
            yield Block(self.data, self.starts[piece], self.ends[piece], self.too_long)


def blocks(stream: ByteSource, size: int = BLOCK, longest: int = LONGEST) -> Iterator[Block]:
    """All lines of a stream. The last one may lack its line end."""
    remainder = b""
    while data := stream.read(size):
        data = remainder + data if remainder else data
        cut = data.rfind(b"\n") + 1
        if cut:
            yield from _split(data, cut, longest)
        remainder = data[cut:]
        if len(remainder) > longest:
            line, remainder = _passed_over(stream, remainder, size)
            yield line
    if remainder:
        yield from _split(remainder, len(remainder), longest)


def _passed_over(stream: ByteSource, begun: bytes, size: int) -> tuple[Block, bytes]:
    """A block with the beginning of one long line, and the octets read behind its end."""
    beginning, length = begun[:KEPT], len(begun)
    while data := stream.read(size):
        cut = data.find(b"\n") + 1
        if cut:
            return _one(beginning, length + cut), data[cut:]
        length += len(data)
    return _one(beginning, length), b""


def _split(data: bytes, cut: int, longest: int) -> Iterator[Block]:
    """The lines of `data` up to the offset `cut`."""
    ends = np.flatnonzero(np.frombuffer(data, np.uint8, cut) == _NEWLINE) + 1
    if not len(ends) or ends[-1] != cut:
        ends = np.append(ends, cut)
    starts = np.concatenate((np.zeros(1, np.int64), ends[:-1]))
    long = np.flatnonzero(ends - starts > longest)
    begun = 0
    for at in map(int, long):
        yield from _part(data, starts[begun:at], ends[begun:at])
        yield _one(data[starts[at] : starts[at] + KEPT], int(ends[at] - starts[at]))
        begun = at + 1
    yield from _part(data, starts[begun:], ends[begun:])


def _part(data: bytes, starts: NDArray[np.int64], ends: NDArray[np.int64]) -> Iterator[Block]:
    if len(starts):
        yield Block(data, starts, ends)


def _one(kept: bytes, length: int) -> Block:
    return Block(kept, np.zeros(1, np.int64), np.full(1, len(kept)), length)
