"""Lines of a byte stream in blocks of bounded size; only the beginning of an overlong line is kept."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

BLOCK = 32 * 1024 * 1024
"""Octets per read."""
LONGEST = 1024 * 1024
"""Octets of the longest line that is accepted."""
KEPT = 1024
"""Octets kept of an overlong line."""
_NEWLINE = 10


class ByteSource(Protocol):
    """A readable binary stream."""

    def read(self, size: int = -1, /) -> bytes:
        """At most `size` octets; empty at the end of the stream."""


@dataclass(frozen=True, slots=True)
class Block:
    """Consecutive complete lines."""

    data: bytes
    """Buffer that contains the lines, possibly with other octets around them."""
    starts: NDArray[np.int64]
    ends: NDArray[np.int64]
    """Offset just past each line, line end included; `starts` and `ends` have one entry per line."""
    too_long: int | None = None
    """Length in octets of a single overlong line whose beginning is in `data`; None for all other blocks."""

    def __len__(self) -> int:
        return len(self.starts)

    def parts(self, most: int) -> "Iterator[Block]":
        """Yield the same lines in blocks of at most `most` lines."""
        if len(self) <= most:
            yield self
            return
        for at in range(0, len(self), most):
            piece = slice(at, at + most)
            yield Block(self.data, self.starts[piece], self.ends[piece], self.too_long)


def blocks(stream: ByteSource, size: int = BLOCK, longest: int = LONGEST) -> Iterator[Block]:
    """Yield all lines of a stream in blocks; the last line may lack its line end."""
    remainder = b""
    while data := stream.read(size):
        data = remainder + data if remainder else data
        cut = data.rfind(b"\n") + 1
        if cut:
            yield from _split(data, cut, longest)
        remainder = data[cut:]
        if len(remainder) > longest:
            line, remainder = _skip_long_line(stream, remainder, size)
            yield line
    if remainder:
        yield from _split(remainder, len(remainder), longest)


def _skip_long_line(stream: ByteSource, begun: bytes, size: int) -> tuple[Block, bytes]:
    """A block for one overlong line, and the octets already read past its end."""
    beginning, length = begun[:KEPT], len(begun)
    while data := stream.read(size):
        cut = data.find(b"\n") + 1
        if cut:
            return _long_line(beginning, length + cut), data[cut:]
        length += len(data)
    return _long_line(beginning, length), b""


def _split(data: bytes, cut: int, longest: int) -> Iterator[Block]:
    """Yield the lines of `data` before the offset `cut`."""
    ends = np.flatnonzero(np.frombuffer(data, np.uint8, cut) == _NEWLINE) + 1
    if not len(ends) or ends[-1] != cut:
        ends = np.append(ends, cut)
    starts = np.concatenate((np.zeros(1, np.int64), ends[:-1]))
    long = np.flatnonzero(ends - starts > longest)
    begun = 0
    for at in map(int, long):
        yield from _nonempty_block(data, starts[begun:at], ends[begun:at])
        yield _long_line(data[starts[at] : starts[at] + KEPT], int(ends[at] - starts[at]))
        begun = at + 1
    yield from _nonempty_block(data, starts[begun:], ends[begun:])


def _nonempty_block(data: bytes, starts: NDArray[np.int64], ends: NDArray[np.int64]) -> Iterator[Block]:
    if len(starts):
        yield Block(data, starts, ends)


def _long_line(kept: bytes, length: int) -> Block:
    return Block(kept, np.zeros(1, np.int64), np.full(1, len(kept)), length)
