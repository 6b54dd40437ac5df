"""Texts of one length in ASCII as a matrix of octets: the way to judge positions of many texts at once."""

from collections.abc import Callable

import numpy as np
import polars as pl
from numpy.typing import NDArray

Octets = NDArray[np.uint8]
"""A row for each text, a column for each of its octets."""
Judge = Callable[[Octets], NDArray[np.bool_]]


def judged(column: pl.Series, judges: dict[int, Judge]) -> pl.Series:
    """Whether the judge of its length takes each text. Other lengths are refused, and null stays null."""
    lengths = column.str.len_bytes()
    found = np.zeros(len(column), dtype=np.bool_)
    for length, judge in judges.items():
        chosen = (lengths == length).fill_null(value=False)
        if chosen.all():
            found |= judge(matrix(column, length))
        elif chosen.any():
            found[chosen.to_numpy()] = judge(matrix(column.filter(chosen), length))
    return pl.Series(found).set(column.is_null(), None) if column.null_count() else pl.Series(found)


def matrix(column: pl.Series, length: int) -> Octets:
    """Texts of which each has so many octets."""
    data = column.cast(pl.Binary).to_arrow(compat_level=pl.CompatLevel.oldest())
    _, offsets, values = data.buffers()
    first = np.frombuffer(offsets, np.int64)[data.offset]
    return np.frombuffer(values, np.uint8, len(column) * length, first).reshape(-1, length)


def table(alphabet: str, numbers: range | None = None) -> NDArray[np.int16]:
    """The number of each character of an alphabet by its octet; 255 for any other."""
    found = np.full(256, 255, dtype=np.int16)
    for character, number in zip(alphabet, numbers or range(len(alphabet)), strict=True):
        found[ord(character)] = number
    return found
