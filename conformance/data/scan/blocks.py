"""Streams as blocks of whole lines that overlap, so that every window of lines lies within some block.

A *window* is three consecutive lines, or all of a stream that has fewer. A line longer than `LONGEST` counts
as several: one for each `LONGEST` bytes of it.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

import numpy as np
from numpy.typing import NDArray

SIZE = 1 << 18
"""Small enough that a block, its view and the tables of the search stay near the processor together."""
_TIMES = 8
"""How much more is read than is searched twice, once lines are long."""
LONGEST = 1 << 16
WINDOW = 3
_NEWLINE = 10


@dataclass(frozen=True, slots=True)
class Block:
    """Whole lines of a stream."""

    data: bytes
    offset: int
    """Of its first byte in the stream."""
    line: int
    """Number of its first line, from 1."""
    within: int
    """Bytes of its first line that were before it: a multiple of LONGEST."""

    def starts(self) -> "NDArray[np.int64]":
        """Where the lines begin, long ones cut."""
        ends = np.flatnonzero(np.frombuffer(self.data, np.uint8) == _NEWLINE) + 1
        last = [] if len(ends) and ends[-1] == len(self.data) else [len(self.data)]
        edges = np.concatenate(([0], ends, last)).astype(np.int64)
        long = np.flatnonzero(np.diff(edges) > LONGEST)
        cuts = [np.arange(edges[n] + LONGEST, edges[n + 1], LONGEST) for n in long]
        return np.sort(np.concatenate((edges[:-1], *cuts))) if cuts else edges[:-1]

    def number(self, at: int) -> int:
        """The line on which a place is."""
        before = np.frombuffer(self.data, np.uint8)[:at]
        return self.line + int(np.count_nonzero(before == _NEWLINE))


def blocks(stream: BinaryIO, size: int = SIZE) -> Iterator[Block]:
    """All of a stream."""
    block, ended = Block(b"", 0, 1, 0), False
    while not ended:
        more = stream.read(_more(len(block.data), size))
        ended = not more
        data = block.data + more
        whole = len(data) if ended else _whole(data)
        now = Block(data[:whole], block.offset, block.line, block.within)
        if not whole:
            block = Block(data, block.offset, block.line, block.within)
            continue
        yield now
        kept = _kept(now)
        block = _from(Block(data, block.offset, block.line, block.within), kept)


def _more(again: int, size: int) -> int:
    return size if again < SIZE // _TIMES else _TIMES * again


def _whole(data: bytes) -> int:
    """How much of the data are whole lines, or pieces of LONGEST bytes of a line that goes on."""
    end = data.rfind(b"\n") + 1
    rest = len(data) - end
    return end + rest // LONGEST * LONGEST


def _kept(block: Block) -> int:
    """Where the lines begin that the next block begins with."""
    data, at = block.data, len(block.data)
    for _ in range(WINDOW - 1):
        at = data.rfind(b"\n", 0, max(at - 1, 0)) + 1
    if len(data) - at <= LONGEST:  # so that none of these lines is cut
        return at
    starts = block.starts()
    return int(starts[-(WINDOW - 1)]) if len(starts) >= WINDOW - 1 else 0


def _from(block: Block, at: int) -> Block:
    """What follows of a block."""
    begun = block.data.rfind(b"\n", 0, at) + 1
    within = at - begun + (block.within if begun == 0 else 0)
    return Block(block.data[at:], block.offset + at, block.number(at), within)
