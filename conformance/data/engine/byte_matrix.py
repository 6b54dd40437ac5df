"""Texts of one length in ASCII as a matrix of octets: the way to judge positions of many texts at once."""

from collections.abc import Callable, Mapping

import numpy as np
import polars as pl
import pyarrow as pa
from numpy.typing import NDArray

Octets = NDArray[np.uint8]
"""A row for each text, a column for each of its octets."""
Judge = Callable[[Octets], NDArray[np.bool_]]


def judged(column: pl.Series, judges: Mapping[int, Judge]) -> pl.Series:
    """Whether the judge of its length takes each text. Other lengths are refused, and null stays null."""
    data = column.to_arrow(compat_level=pl.CompatLevel.oldest())
    _, places, values = data.buffers()
    edges = np.frombuffer(places, np.int64)[data.offset : data.offset + len(column) + 1]
    octets, lengths = np.frombuffer(values, np.uint8), np.diff(edges)
    accepted = np.zeros(len(column), dtype=np.bool_)
    for length, judge in judges.items():
        rows = np.flatnonzero(lengths == length)
        if len(rows) == len(column):
            accepted = judge(octets[edges[0] : edges[-1]].reshape(-1, length))
        elif len(rows):
            accepted[rows] = judge(octets[edges[rows][:, None] + np.arange(length)])
    if not column.null_count():
        return pl.Series(accepted)
    return pl.Series(pa.array(accepted, mask=column.is_null().to_numpy()))


def table(alphabet: str, numbers: range | None = None) -> NDArray[np.int16]:
    """The number of each character of an alphabet by its octet; 255 for any other."""
    numbers_by_octet = np.full(256, 255, dtype=np.int16)
    for character, number in zip(alphabet, numbers or range(len(alphabet)), strict=True):
        numbers_by_octet[ord(character)] = number
    return numbers_by_octet
