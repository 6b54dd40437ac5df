"""UTF-8 buffers: the text of a column end to end as bytes, and which of the bytes are of a charset."""

from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Protocol

import numpy as np
from numpy.typing import NDArray

from conformance.data.mask.charsets import ranges_of
from conformance.data.mask.kernels.kernel import DisclosedColumn

if TYPE_CHECKING:
    import polars as pl

_BLOCK = 1 << 16
"""Bytes compared at a time: they stay in a near cache."""
_CONTINUATION = range(0x80, 0xC0)
"""Bytes of a character after the first (RFC 3629)."""
_LEAD_OF_THREE = range(0xE0, 0xF0)
"""First bytes of characters of three bytes (RFC 3629)."""
_MAX_UNCLEAR = 0.25
"""Unclear bytes per text above which the regex alone is faster."""
_MIN_SHARE = 0.75
"""Share of values that a byte kernel has to be sure of to be faster than the next kernel alone."""
Bytes = NDArray[np.uint8]
Offsets = NDArray[np.int64]


class ByteKernel(Protocol):
    """A kernel over bytes: unsure of every value of a column of which it would disclose too few."""

    def __call__(self, column: "pl.Series") -> "tuple[DisclosedColumn, pl.Series]": ...


def undecided(column: "pl.Series") -> "tuple[DisclosedColumn, pl.Series]":
    """The result of a kernel that is unsure of every value."""
    import polars as pl

    size = len(column)
    values = pl.Series(column.name, [None], pl.String).new_from_index(0, size)
    return DisclosedColumn(values, values.cast(pl.UInt8)), column.is_not_null()


def too_few(count: int, column: "pl.Series") -> bool:
    """True if a byte kernel that is sure of `count` values is slower than the next kernel alone."""
    return count < (len(column) - column.null_count()) * _MIN_SHARE


@dataclass(frozen=True, slots=True)
class Utf8Buffer:
    """The text of a column end to end; null is empty."""

    data: Bytes
    offsets: Offsets
    """First byte of each text, and the end of the last."""

    @property
    def sizes(self) -> Offsets:
        """Bytes of each text."""
        sizes: Offsets = np.diff(self.offsets)
        return sizes

    def rows(self, offsets: Offsets) -> Offsets:
        """Row numbers of the text that the bytes at these offsets belong to."""
        return np.searchsorted(self.offsets, offsets, "right") - 1


def utf8_buffer(column: "pl.Series") -> Utf8Buffer:
    """The bytes of a column of text, without a copy as far as possible."""
    from polars.interchange import CompatLevel

    buffers = column.to_arrow(compat_level=CompatLevel.oldest()).buffers()
    offsets = np.frombuffer(buffers[1], np.int64, len(column) + 1)
    return Utf8Buffer(np.frombuffer(buffers[2], np.uint8)[: offsets[-1]], offsets)


def text_column(buffer: Utf8Buffer, present: NDArray[np.bool_]) -> "pl.Series":
    """The text of a buffer, which has to be UTF-8; null where not present."""
    import polars as pl
    import pyarrow as pa

    parts = (np.packbits(present, bitorder="little"), buffer.offsets, buffer.data)
    return pl.Series(pa.Array.from_buffers(pa.large_string(), len(present), list(map(pa.py_buffer, parts))))


@dataclass(frozen=True)
class ByteCharset:
    """A charset over bytes: one-byte characters exactly, three-byte ones by their first two bytes at most."""

    points: AbstractSet[int]

    def unclear(self, data: Bytes) -> Offsets:
        """Offsets of bytes that may belong to characters outside the charset."""
        parts = [self._of_block(data[at : at + _BLOCK + 1]) + at for at in range(0, data.size, _BLOCK)]
        return np.concatenate([np.empty(0, np.int64), *parts])

    def _of_block(self, block: Bytes) -> Offsets:
        """Offsets within a block, which includes the byte after it."""
        clear = np.zeros(block.size, np.bool_)
        for low, high in self._clear_ranges:
            clear |= (block - np.uint8(low)) <= np.uint8(high - low)  # lower bytes wrap around
        for first, low, high in self._partial_leads:
            clear[:-1] &= (block[:-1] != first) | ((block[1:] - np.uint8(low)) <= np.uint8(high - low))
        return np.flatnonzero(~clear[:_BLOCK])

    @cached_property
    def _clear_ranges(self) -> list[tuple[int, int]]:
        """Ranges of bytes that belong to the charset as far as a single byte decides."""
        ascii_points = {point for point in self.points if point < 0x80}
        return ranges_of(ascii_points | {*_CONTINUATION} | self._second_bytes.keys())

    @cached_property
    def _partial_leads(self) -> list[tuple[int, int, int]]:
        """First bytes whose characters are in the charset only for a range of second bytes."""
        complete = (_CONTINUATION[0], _CONTINUATION[-1])
        return [(lead, *seconds) for lead, seconds in self._second_bytes.items() if seconds != complete]

    @cached_property
    def _second_bytes(self) -> dict[int, tuple[int, int]]:
        """By first byte, the longest range of second bytes all of whose characters are in the charset."""
        ranges = {
            lead: ranges_of([second for second in _CONTINUATION if self._contains_all(lead, second)])
            for lead in _LEAD_OF_THREE
        }
        return {lead: max(r, key=lambda bounds: bounds[1] - bounds[0]) for lead, r in ranges.items() if r}

    def _contains_all(self, lead: int, second: int) -> bool:
        first = (lead - _LEAD_OF_THREE[0]) << 12 | (second - _CONTINUATION[0]) << 6
        return all(point in self.points for point in range(first, first + 64))


@dataclass(frozen=True)
class CharsetGuard:
    """Accepts non-empty text of a charset whose first and last characters are of `ends`.

    Text with unclear bytes is matched with the regex, which accepts the same.
    """

    charset: frozenset[int]
    ends: frozenset[int]
    pattern: str

    def __call__(self, column: "pl.Series") -> "pl.Series":
        """Acceptance of each text; null of null where the regex decided the whole column."""
        import polars as pl

        buffer = utf8_buffer(column)
        unclear = self._byte_charset.unclear(buffer.data)
        if unclear.size > len(column) * _MAX_UNCLEAR:
            return column.str.contains(self.pattern)
        accepted = self._well_ended(buffer)
        accepted[buffer.rows(unclear)] = False
        remaining = pl.Series(~accepted).arg_true()
        by_pattern = column.gather(remaining).str.contains(self.pattern)
        return pl.Series(accepted).scatter(remaining, by_pattern)

    def _well_ended(self, buffer: Utf8Buffer) -> NDArray[np.bool_]:
        """Boolean array, one entry a row: text is not empty, and ASCII at its ends is allowed there."""
        accepted = buffer.sizes > 0
        if buffer.data.size:
            is_end = np.ones(256, np.bool_)
            is_end[[point for point in self.charset - self.ends if point < 0x80]] = False
            firsts = np.minimum(buffer.offsets[:-1], buffer.data.size - 1)
            accepted &= is_end[buffer.data[firsts]] & is_end[buffer.data[buffer.offsets[1:] - 1]]
        return accepted

    @cached_property
    def _byte_charset(self) -> ByteCharset:
        """The charset with those three-byte characters that may stand at any position."""
        return ByteCharset(self.ends | {point for point in self.charset if point < 0x80})
