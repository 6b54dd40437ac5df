"""Counter-based random numbers: a function of seed, stream and row number, without state.

Integer arithmetic only, so that results are equal on every machine and for any block size.
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
        """64 random bits per row (SplitMix64 of stream and row number); shape `(len(rows),)`."""
        start = int.from_bytes(hashlib.sha256(f"{self.seed}/{stream}".encode()).digest()[:8])
        mixed = rows * np.uint64(_STEP) + np.uint64(start)
        for shift, factor in _MIXES:
            mixed = (mixed ^ (mixed >> np.uint64(shift))) * np.uint64(factor)
        return mixed ^ (mixed >> np.uint64(31))

    def below(self, stream: str, rows: Rows, limit: int) -> Places:
        """A uniform number below `limit` (at most 2^31) per row."""
        return _scale(self.bits(stream, rows), limit)

    def skewed(self, stream: str, rows: Rows, limit: int, octaves: int = 8) -> Places:
        """A number below `limit` per row, few of them frequent and most rare (approximately Zipf)."""
        most = max(0, (limit - 1).bit_length())
        bits = self.bits(stream, rows)
        width = most - _scale(bits << _HALF, min(most, octaves) + 1)
        return ((bits >> _HALF).astype(np.int64) & ((np.int64(1) << width) - 1)) % limit


def _scale(bits: Rows, limit: int) -> Places:
    return (((bits >> _HALF) * np.uint64(limit)) >> _HALF).astype(np.int64)


def shuffle(numbers: Places, size: int, salt: int = 0) -> Places:
    """A permutation of the numbers below `size` (at most 2^31) that spreads neighbors (golden ratio)."""
    factor = max(1, int(size * _GOLDEN))
    while gcd(factor, size) != 1:
        factor += 1
    return (numbers * factor + salt % size) % size
