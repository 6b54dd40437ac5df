"""Bitmap of marked lines, one bit per line."""

import numpy as np
from numpy.typing import NDArray

Lines = NDArray[np.int64]


class Marks:
    """Marked lines of one file."""

    def __init__(self) -> None:
        self.bits = np.zeros(1024, np.uint8)

    def add(self, lines: Lines) -> Lines:
        """Mark lines; return those that were not marked before, sorted and without repetitions."""
        fresh = np.unique(lines[~self.has(lines)]) if len(lines) else lines
        if len(fresh):
            self._reach(int(fresh.max()))
            np.bitwise_or.at(self.bits, fresh >> 3, (1 << (fresh & 7)).astype(np.uint8))
        return fresh

    def has(self, lines: Lines) -> NDArray[np.bool_]:
        """Mask of the lines that are marked; shape `(len(lines),)`."""
        in_range = (lines >> 3) < len(self.bits)
        positions = np.where(in_range, lines, 0)
        bits = (self.bits[positions >> 3] >> (positions & 7).astype(np.uint8)) & 1
        is_marked: NDArray[np.bool_] = np.logical_and(in_range, bits)
        return is_marked

    def join(self, other: "Marks") -> None:
        """Mark all lines marked in `other`."""
        if len(other.bits):
            self._reach(len(other.bits) * 8 - 1)
            self.bits[: len(other.bits)] |= other.bits

    def _reach(self, line: int) -> None:
        if (needed := (line >> 3) + 1) > len(self.bits):
            grown = np.zeros(max(needed, len(self.bits) * 2), np.uint8)
            grown[: len(self.bits)] = self.bits
            self.bits = grown
