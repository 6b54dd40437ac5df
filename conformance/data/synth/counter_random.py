"""Chance as a function of seed, name and row number: no state, so that any row can be made at any time.

Only whole numbers: equal on every machine, and for any size of blocks.
"""

import hashlib
from dataclasses import dataclass
from math import gcd

import numpy as np
from numpy.typing import NDArray

Rows = NDArray[np.uint64]
Places = NDArray[np.int64]
_STEP = 0x9E3779B97F4A7C15
_MIXES = ((30, 0xBF58476D1CE4E5B9), (27, 0x94D049BB133111EB))
_HALF = np.uint64(32)
_GOLDEN = 0.6180339887498949


@dataclass(frozen=True, slots=True)
class Noise:
    """A family of streams of random numbers."""

    seed: str

    def bits(self, stream: str, rows: Rows) -> Rows:
        """64 random bits for each row (SplitMix64 of row and stream)."""
        start = int.from_bytes(hashlib.sha256(f"{self.seed}/{stream}".encode()).digest()[:8])
        mixed = rows * np.uint64(_STEP) + np.uint64(start)
        for shift, factor in _MIXES:
            mixed = (mixed ^ (mixed >> np.uint64(shift))) * np.uint64(factor)
        return mixed ^ (mixed >> np.uint64(31))

    def below(self, stream: str, rows: Rows, limit: int) -> Places:
        """A number below `limit` (at most 2^31) for each row, all equally likely."""
        return _scaled(self.bits(stream, rows), limit)

    def skewed(self, stream: str, rows: Rows, limit: int, octaves: int = 8) -> Places:
        """Numbers below `limit` of which few are frequent and most are rare, about as Zipf has it."""
        most = max(0, (limit - 1).bit_length())
        bits = self.bits(stream, rows)
        width = most - _scaled(bits << _HALF, min(most, octaves) + 1)
        return ((bits >> _HALF).astype(np.int64) & ((np.int64(1) << width) - 1)) % limit


def _scaled(bits: Rows, limit: int) -> Places:
    return (((bits >> _HALF) * np.uint64(limit)) >> _HALF).astype(np.int64)


def shuffled(numbers: Places, size: int, salt: int = 0) -> Places:
    """The numbers below `size` (at most 2^31) in another order, neighbors far apart."""
    factor = max(1, int(size * _GOLDEN))
    while gcd(factor, size) != 1:
        factor += 1
    return (numbers * factor + salt % size) % size
