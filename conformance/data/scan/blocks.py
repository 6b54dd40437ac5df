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
"""Bytes of a block: it, its folded view and the tables of the search stay in the cache together."""
_READ_RATIO = 8
"""Bytes read for each byte that is searched twice, where lines are long."""
LONGEST = 1 << 16
WINDOW = 3
_NEWLINE = 10


@dataclass(frozen=True, slots=True)
class SearchBlock:
    """Whole lines of a stream."""

    data: bytes
    offset: int
    """Offset of the first byte in the stream."""
    line: int
    """Line number of the first line, from 1."""
    cut_bytes: int
    """Bytes of the first line before the block: a multiple of LONGEST."""

    def starts(self) -> "NDArray[np.int64]":
        """Offsets of the first bytes of lines, long ones cut."""
        ends = np.flatnonzero(np.frombuffer(self.data, np.uint8) == _NEWLINE) + 1
        last = [] if len(ends) and ends[-1] == len(self.data) else [len(self.data)]
        edges = np.concatenate(([0], ends, last)).astype(np.int64)
        long = np.flatnonzero(np.diff(edges) > LONGEST)
        cuts = [np.arange(edges[n] + LONGEST, edges[n + 1], LONGEST) for n in long]
        return np.sort(np.concatenate((edges[:-1], *cuts))) if cuts else edges[:-1]

    def number(self, at: int) -> int:
        """Line number (from 1) of an offset within the block."""
        preceding = np.frombuffer(self.data, np.uint8)[:at]
        return self.line + int(np.count_nonzero(preceding == _NEWLINE))


def blocks(stream: BinaryIO, size: int = SIZE) -> Iterator[SearchBlock]:
    """The blocks of a stream; each repeats the last lines of the one before."""
    block, at_end = SearchBlock(b"", 0, 1, 0), False
    while not at_end:
        chunk = stream.read(_read_size(len(block.data), size))
        at_end = not chunk
        data = block.data + chunk
        complete = len(data) if at_end else _complete_size(data)
        current = SearchBlock(data[:complete], block.offset, block.line, block.cut_bytes)
        if not complete:
            block = SearchBlock(data, block.offset, block.line, block.cut_bytes)
            continue
        yield current
        overlap = _overlap_start(current)
        block = _remainder(SearchBlock(data, block.offset, block.line, block.cut_bytes), overlap)


def _read_size(repeated: int, size: int) -> int:
    return size if repeated < SIZE // _READ_RATIO else _READ_RATIO * repeated


def _complete_size(data: bytes) -> int:
    """Bytes that are complete lines, or parts of LONGEST bytes of an incomplete one."""
    end = data.rfind(b"\n") + 1
    remaining = len(data) - end
    return end + remaining // LONGEST * LONGEST


def _overlap_start(block: SearchBlock) -> int:
    """Offset of the lines that the next block repeats."""
    data, at = block.data, len(block.data)
    for _ in range(WINDOW - 1):
        at = data.rfind(b"\n", 0, max(at - 1, 0)) + 1
    if len(data) - at <= LONGEST:  # so that none of these lines is cut
        return at
    starts = block.starts()
    return int(starts[-(WINDOW - 1)]) if len(starts) >= WINDOW - 1 else 0


def _remainder(block: SearchBlock, at: int) -> SearchBlock:
    """The part of a block from an offset on."""
    line_start = block.data.rfind(b"\n", 0, at) + 1
    cut_bytes = at - line_start + (block.cut_bytes if line_start == 0 else 0)
    return SearchBlock(block.data[at:], block.offset + at, block.number(at), cut_bytes)
