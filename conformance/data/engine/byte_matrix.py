"""Byte matrices: ASCII texts of one length as a matrix, to test positions of many texts at once."""

from collections.abc import Callable, Mapping

import numpy as np
import polars as pl
import pyarrow as pa
from numpy.typing import NDArray

Octets = NDArray[np.uint8]
"""One row per text, one column per octet; shape `(texts, length)`."""
Judge = Callable[[Octets], NDArray[np.bool_]]


def judge_by_length(column: pl.Series, judges: Mapping[int, Judge]) -> pl.Series:
    """Verdict of the judge for its length on each text; false for other lengths, null for null."""
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
    """Lookup table from octet to the number of its character in an alphabet; 255 for other octets."""
    numbers_by_octet = np.full(256, 255, dtype=np.int16)
    for character, number in zip(alphabet, numbers or range(len(alphabet)), strict=True):
        numbers_by_octet[ord(character)] = number
    return numbers_by_octet
