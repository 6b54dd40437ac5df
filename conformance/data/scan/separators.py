"""Where separators of several bytes are left out, and what then follows each other may belong to a guise.

Everything else of the view without them is in the view with them, which is searched anyway.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from conformance.data.scan.folded import LOWER, SEPARATORS, view

_APART = b"\xff"
"""Stands between pieces that do not follow each other. What it makes up is only a reason to look again."""
_BLANK = 0x20
_SPARSE = 4096
"""With more joints than one in so many bytes it is quicker to search all."""


@dataclass(frozen=True, slots=True)
class Pieces:
    """Parts of some bytes, one after the other."""

    content: bytes
    edges: NDArray[np.int64]
    """Where they begin here."""
    starts: NDArray[np.int64]
    """Where they begin in the bytes."""

    def placed(self, hits: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
        """Hits with places here, and where those stand in the bytes."""
        here = np.array([place for _, place in hits], np.int64)
        piece = np.searchsorted(self.edges, here, side="right") - 1
        places = (here - self.edges[piece] + self.starts[piece]).tolist()
        return [(pattern, place) for (pattern, _), place in zip(hits, places, strict=True)]


class Joints:
    """Finds them; prepared once for what is searched."""

    def __init__(self, patterns: Sequence[bytes]) -> None:
        self._reach = max(map(len, patterns), default=1) - 1
        self._pairs = _pairs(patterns)

    def pieces(self, content: bytes, left_out: NDArray[np.int64]) -> Pieces:
        """All that may hold a guise with a separator within; `left_out`: where those begin, in order."""
        octets = np.frombuffer(content, np.uint8).copy()
        ends = np.minimum(left_out + 2 + (octets[left_out] >= 0xE0), len(octets))
        for n in range(3):
            octets[np.minimum(left_out + n, ends - 1)] = _BLANK
        rest = octets.tobytes()
        joints = self._joints(octets, *_runs(left_out, ends))
        spans = [(0, len(rest))]
        if len(joints) * _SPARSE <= len(rest):
            spans = [(self._before(rest, first), self._after(rest, last)) for first, last in joints]
        return _cut(rest, spans)

    def _joints(
        self, octets: NDArray[np.uint8], first: NDArray[np.int64], last: NDArray[np.int64]
    ) -> list[tuple[int, int]]:
        """Runs of separators around which every two or three bytes are some of a guise."""
        within = (first > 0) & (last < len(octets))
        first, last = first[within], last[within]
        near = [np.take(octets, at, mode="clip") for at in (first - 2, first - 1, last, last + 1)]
        joined = self._pairs[near[1], near[2]]
        joined &= self._pairs[near[0], near[1]] | self._pairs[near[2], near[3]]
        return list(zip(first[joined].tolist(), last[joined].tolist(), strict=True))

    def _before(self, rest: bytes, end: int) -> int:
        """Where all begins that a guise can have before a place."""
        size = 2 * self._reach
        while size < end and len(view(rest[end - size : end])) < self._reach:
            size *= 2
        return max(end - size, 0)

    def _after(self, rest: bytes, start: int) -> int:
        """Where all ends that a guise can have after a place."""
        size = 2 * self._reach
        while start + size < len(rest) and len(view(rest[start : start + size])) < self._reach:
            size *= 2
        return min(start + size, len(rest))


def _pairs(patterns: Sequence[bytes]) -> NDArray[np.bool_]:
    """Which bytes may be one after the other in a guise; beside a separator nothing can be told."""
    octets = np.frombuffer(SEPARATORS[:1].join(patterns), np.uint8)
    found = np.zeros((256, 256), np.bool_)
    found[octets[:-1], octets[1:]] = True
    fold = np.frombuffer(LOWER, np.uint8)
    found = found[np.ix_(fold, fold)]
    found[list(SEPARATORS), :] = found[:, list(SEPARATORS)] = True
    return found


def _runs(starts: NDArray[np.int64], ends: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Where separators begin and end, of which those that touch count as one."""
    apart = starts[1:] != ends[:-1]
    return starts[np.append(True, apart)], ends[np.append(apart, True)]


def _cut(content: bytes, spans: Sequence[tuple[int, int]]) -> Pieces:
    parts = [content[start:end] for start, end in spans]
    edges = np.cumsum([0, *(len(part) + len(_APART) for part in parts)])[:-1]
    return Pieces(_APART.join(parts), edges, np.array([start for start, _ in spans], np.int64))
