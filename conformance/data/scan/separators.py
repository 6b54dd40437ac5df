"""Separators of several bytes within a pattern: the parts of content that have to be searched without them.

All other matches are in the folded view with the separators, which is searched anyway.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from conformance.data.scan.folded import LOWER, SEPARATORS, fold

_GAP = b"\xff"
"""Stands between fragments that are not adjacent. A match across it is only a candidate."""
_BLANK = 0x20
_SPARSE = 4096
"""Bytes per joined run; with fewer it is faster to search all of the content."""


@dataclass(frozen=True, slots=True)
class Fragments:
    """Fragments of content, concatenated."""

    content: bytes
    fragment_starts: NDArray[np.int64]
    """Offsets of the fragments in the concatenation."""
    starts: NDArray[np.int64]
    """Offsets of the fragments in the original content."""

    def in_block(self, hits: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
        """Hits with their offsets in the original content instead of those in the concatenation."""
        ends = np.array([place for _, place in hits], np.int64)
        fragment = np.searchsorted(self.fragment_starts, ends, side="right") - 1
        places = (ends - self.fragment_starts[fragment] + self.starts[fragment]).tolist()
        return [(pattern, place) for (pattern, _), place in zip(hits, places, strict=True)]


class SeparatorRuns:
    """Finder of separators within patterns, prepared once for the patterns that are searched."""

    def __init__(self, patterns: Sequence[bytes]) -> None:
        self._reach = max(map(len, patterns), default=1) - 1
        self._pairs = _pairs(patterns)

    def fragments(self, content: bytes, left_out: NDArray[np.int64]) -> Fragments:
        """The fragments that may hold a pattern with separators in it; `left_out`: offsets of these."""
        octets = np.frombuffer(content, np.uint8).copy()
        ends = np.minimum(left_out + 2 + (octets[left_out] >= 0xE0), len(octets))
        for n in range(3):
            octets[np.minimum(left_out + n, ends - 1)] = _BLANK
        blanked = octets.tobytes()
        joined_runs = self._joined_runs(octets, *_runs(left_out, ends))
        spans = [(0, len(blanked))]
        if len(joined_runs) * _SPARSE <= len(blanked):
            spans = [
                (self._span_start(blanked, first), self._span_end(blanked, last))
                for first, last in joined_runs
            ]
        return _cut(blanked, spans)

    def _joined_runs(
        self, octets: NDArray[np.uint8], first: NDArray[np.int64], last: NDArray[np.int64]
    ) -> list[tuple[int, int]]:
        """First and last offsets of the runs of separators whose neighbors may be adjacent in a pattern."""
        is_inner = (first > 0) & (last < len(octets))
        first, last = first[is_inner], last[is_inner]
        neighbors = [np.take(octets, at, mode="clip") for at in (first - 2, first - 1, last, last + 1)]
        joined = self._pairs[neighbors[1], neighbors[2]]
        joined &= self._pairs[neighbors[0], neighbors[1]] | self._pairs[neighbors[2], neighbors[3]]
        return list(zip(first[joined].tolist(), last[joined].tolist(), strict=True))

    def _span_start(self, blanked: bytes, end: int) -> int:
        """Offset from which a pattern can extend to `end`."""
        size = 2 * self._reach
        while size < end and len(fold(blanked[end - size : end])) < self._reach:
            size *= 2
        return max(end - size, 0)

    def _span_end(self, blanked: bytes, start: int) -> int:
        """Offset to which a pattern can extend from `start`."""
        size = 2 * self._reach
        while start + size < len(blanked) and len(fold(blanked[start : start + size])) < self._reach:
            size *= 2
        return min(start + size, len(blanked))


def _pairs(patterns: Sequence[bytes]) -> NDArray[np.bool_]:
    """Boolean table of shape (256, 256): two bytes may be adjacent in a pattern. Separators adjoin all."""
    octets = np.frombuffer(SEPARATORS[:1].join(patterns), np.uint8)
    table = np.zeros((256, 256), np.bool_)
    table[octets[:-1], octets[1:]] = True
    fold = np.frombuffer(LOWER, np.uint8)
    table = table[np.ix_(fold, fold)]
    table[list(SEPARATORS), :] = table[:, list(SEPARATORS)] = True
    return table


def _runs(starts: NDArray[np.int64], ends: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """First and last offsets of separators; adjacent ones are one run."""
    is_gap = starts[1:] != ends[:-1]
    return starts[np.append(True, is_gap)], ends[np.append(is_gap, True)]


def _cut(content: bytes, spans: Sequence[tuple[int, int]]) -> Fragments:
    parts = [content[start:end] for start, end in spans]
    fragment_starts = np.cumsum([0, *(len(part) + len(_GAP) for part in parts)])[:-1]
    return Fragments(_GAP.join(parts), fragment_starts, np.array([start for start, _ in spans], np.int64))
