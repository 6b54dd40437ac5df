"""Texts of one length as the rows of a matrix of bytes: whether they are of a sequence, and texts again."""

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from conformance.data.mask.quick.flat import Flat, column, flat
from conformance.data.mask.quick.ranges import runs
from conformance.data.mask.quick.sequences import Step, Steps, width

if TYPE_CHECKING:
    import polars as pl

Matrix = NDArray[np.uint8]
_BLOCK = 4096
"""Rows that are looked at together: they and what is compared with them stay in the nearest cache."""
_ANYTHING = ((0, 255),)


def matrix(texts: "pl.Series", size: int) -> Matrix:
    """The bytes of texts, all of which have the size; none may be null."""
    return flat(texts).data.reshape(len(texts), size)


def series(given: Matrix, good: NDArray[np.bool_]) -> "pl.Series":
    """The rows of a matrix of ASCII as texts; null where they are not good."""
    rows, size = given.shape
    ends = np.arange(0, (rows + 1) * size, size, dtype=np.int64)
    return column(Flat(np.ascontiguousarray(given).reshape(-1), ends), good)


class Judge:
    """Tells which rows of a matrix are of a sequence.

    Places that depend on nothing are compared with the ends of their ranges, a block at a time; two that
    depend on each other are looked up together.
    """

    def __init__(self, steps: Steps) -> None:
        self.steps = steps
        ranges, self._pairs, place = [], [], 0
        for step in steps:
            size = width((step,))
            if size == 2:
                self._pairs.append((place, _table(step)))
            ranges += [_ANYTHING if size == 2 else _ranges(step)] * size
            place += size
        most = max(map(len, ranges))
        self._bounds = [_tiled([each[min(n, len(each) - 1)] for each in ranges]) for n in range(most)]

    def __call__(self, given: Matrix) -> NDArray[np.bool_]:
        good = np.ones(len(given), np.bool_)
        for at in range(0, len(given), _BLOCK):
            good[at : at + _BLOCK][self._strange(given[at : at + _BLOCK])] = False
        for place, table in self._pairs:
            good &= table[given[:, place].astype(np.uint16) << 8 | given[:, place + 1]]
        return good

    def _strange(self, block: Matrix) -> NDArray[np.int64]:
        flat = block.reshape(-1)
        within = np.zeros(flat.size, np.bool_)
        for low, span in self._bounds:
            within |= (flat - low[: flat.size]) <= span[: flat.size]  # what is lower wraps around
        rows: NDArray[np.int64] = np.flatnonzero(~within) // block.shape[1]
        return rows


def _ranges(step: Step) -> tuple[tuple[int, int], ...]:
    """Least and span of runs of bytes."""
    return tuple((low, high - low) for low, high in runs({text[0] for text in step}))


def _tiled(bounds: list[tuple[int, int]]) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
    low, span = (np.tile(np.array(each, np.uint8), _BLOCK) for each in zip(*bounds, strict=True))
    return low, span


def _table(step: Step) -> NDArray[np.bool_]:
    table = np.zeros(1 << 16, np.bool_)
    table[[int.from_bytes(text, "big") for text in step]] = True
    return table
