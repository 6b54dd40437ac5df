"""Lines of a stream in blocks of bounded size; a line too long to hold is passed over."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

import numpy as np
from numpy.typing import NDArray

BLOCK = 32 * 1024 * 1024
"""Octets read at once."""
LONGEST = 1024 * 1024
"""Octets of the longest line that is looked at."""
KEPT = 1024
"""Octets that are kept of a longer one."""
_NEWLINE = 10


@dataclass(frozen=True, slots=True)
class Block:
    """Whole lines, one after the other."""

    data: bytes
    """Holds the lines; what stands around them is no concern of the block."""
    starts: NDArray[np.int64]
    ends: NDArray[np.int64]
    """Where each line ends, its line end included."""
    too_long: int | None = None
    """Length of the one line of which only the beginning is here; None for all other blocks."""

    def __len__(self) -> int:
        return len(self.starts)

    def parts(self, most: int) -> "Iterator[Block]":
        """The same lines in blocks of at most so many."""
        if len(self) <= most:
            yield self
            return
        for at in range(0, len(self), most):
            chosen = slice(at, at + most)
            yield Block(self.data, self.starts[chosen], self.ends[chosen], self.too_long)


def blocks(stream: BinaryIO, size: int = BLOCK, longest: int = LONGEST) -> Iterator[Block]:
    """All lines of a stream. The last one may lack its line end."""
    rest = b""
    while data := stream.read(size):
        data = rest + data if rest else data
        cut = data.rfind(b"\n") + 1
        if cut:
            yield from _split(data, cut, longest)
        rest = data[cut:]
        if len(rest) > longest:
            line, rest = _passed_over(stream, rest, size)
            yield line
    if rest:
        yield from _split(rest, len(rest), longest)


def _passed_over(stream: BinaryIO, begun: bytes, size: int) -> tuple[Block, bytes]:
    """The beginning of a line, and what follows its end."""
    kept, length = begun[:KEPT], len(begun)
    while data := stream.read(size):
        cut = data.find(b"\n") + 1
        if cut:
            return _one(kept, length + cut), data[cut:]
        length += len(data)
    return _one(kept, length), b""


def _split(data: bytes, cut: int, longest: int) -> Iterator[Block]:
    """The lines up to a place; what follows it stands in `data` and is no part of a block."""
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
