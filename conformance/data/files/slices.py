"""Text columns that reference slices of a byte block without copying long values."""

from typing import TYPE_CHECKING

import numpy as np
import polars as pl
import pyarrow as pa

if TYPE_CHECKING:
    from numpy.typing import NDArray

_INLINE = 12
"""Bytes stored inline in a view (Apache Arrow columnar format, variable-size binary view layout)."""


class TextSlices:
    """Slices of UTF-8 bytes. The caller cuts between characters."""

    def __init__(self, data: bytes) -> None:
        self._data = pa.py_buffer(data)
        padded = np.frombuffer(data + bytes(_INLINE), np.uint8)
        self._heads = np.lib.stride_tricks.sliding_window_view(padded, _INLINE)

    def texts(self, starts: "NDArray[np.int64]", ends: "NDArray[np.int64]") -> pl.Series:
        """The slices `[start, end)` as a column; null for empty slices."""
        size = len(starts)
        views = np.zeros((size, 4), np.uint32)
        lengths = ends - starts
        views[:, 0] = lengths
        views.view(np.uint8)[:, 4:] = self._heads[starts]
        long = lengths > _INLINE
        views[long, 2] = 0
        views[long, 3] = starts[long]
        _trim(views.view(np.uint8)[:, 4:], np.where(long, _INLINE, lengths))
        valid = pa.py_buffer(np.packbits(lengths > 0, bitorder="little"))
        array = pa.Array.from_buffers(pa.string_view(), size, [valid, pa.py_buffer(views), self._data])
        return pl.Series(array, dtype=pl.String)


def _trim(heads: "NDArray[np.uint8]", lengths: "NDArray[np.int64]") -> None:
    """Zero the inline bytes past the end of short texts."""
    heads *= _MASKS[lengths]


_MASKS = np.tril(np.ones((_INLINE + 1, _INLINE), np.uint8), -1)
"""Byte mask of the inline data, by text length."""
