"""Texts end to end, as bytes, and which of the bytes certainly belong to characters of an alphabet."""

from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from conformance.data.mask.quick.ranges import runs

if TYPE_CHECKING:
    import polars as pl

_BLOCK = 1 << 16
"""Bytes that are looked at together, since they stay in a near cache."""
_LATER = range(0x80, 0xC0)
"""Bytes of a character after the first."""
_THREE = range(0xE0, 0xF0)
"""First bytes of characters of three."""
Bytes = NDArray[np.uint8]
Places = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Flat:
    """The texts of a column end to end; one that is null is empty."""

    data: Bytes
    places: Places
    """Where each text begins; and the end of the last."""

    @property
    def sizes(self) -> Places:
        """Bytes of each text."""
        sizes: Places = np.diff(self.places)
        return sizes

    def rows(self, places: Places) -> Places:
        """The texts to which bytes at these places belong."""
        return np.searchsorted(self.places, places, "right") - 1


def flat(texts: "pl.Series") -> Flat:
    """The bytes of texts; without copying, as far as possible."""
    from polars.interchange import CompatLevel

    buffers = texts.to_arrow(compat_level=CompatLevel.oldest()).buffers()
    places = np.frombuffer(buffers[1], np.int64, len(texts) + 1)
    return Flat(np.frombuffer(buffers[2], np.uint8)[: places[-1]], places)


def column(given: Flat, good: NDArray[np.bool_]) -> "pl.Series":
    """Texts of their bytes, which have to be UTF-8; null where they are not good."""
    import polars as pl
    import pyarrow as pa

    parts = (np.packbits(good, bitorder="little"), given.places, given.data)
    return pl.Series(pa.Array.from_buffers(pa.large_string(), len(good), list(map(pa.py_buffer, parts))))


@dataclass(frozen=True)
class Alphabet:
    """Characters of one byte, which are clear by it, and of three: most are clear by the first, or by two."""

    points: AbstractSet[int]

    def unclear(self, data: Bytes) -> Places:
        """The places of bytes that may belong to other characters."""
        found = [self._of_block(data[at : at + _BLOCK + 1]) + at for at in range(0, data.size, _BLOCK)]
        return np.concatenate([np.empty(0, np.int64), *found])

    def _of_block(self, block: Bytes) -> Places:
        """Those of a block; it has the byte after it, too."""
        clear = np.zeros(block.size, np.bool_)
        for low, high in self._clear:
            clear |= (block - np.uint8(low)) <= np.uint8(high - low)  # what is lower wraps around
        for first, low, high in self._halves:
            clear[:-1] &= (block[:-1] != first) | ((block[1:] - np.uint8(low)) <= np.uint8(high - low))
        return np.flatnonzero(~clear[:_BLOCK])

    @cached_property
    def _clear(self) -> list[tuple[int, int]]:
        """Runs of bytes that only these characters have, as far as the first byte tells."""
        return runs({point for point in self.points if point < 0x80} | {*_LATER} | self._seconds.keys())

    @cached_property
    def _halves(self) -> list[tuple[int, int, int]]:
        """First bytes of characters that belong here if the second byte is in a range."""
        whole = (_LATER[0], _LATER[-1])
        return [(lead, *seconds) for lead, seconds in self._seconds.items() if seconds != whole]

    @cached_property
    def _seconds(self) -> dict[int, tuple[int, int]]:
        """By first byte, the longest run of second bytes with which all characters belong here."""
        every = {lead: runs([second for second in _LATER if self._has_all(lead, second)]) for lead in _THREE}
        return {lead: max(found, key=lambda run: run[1] - run[0]) for lead, found in every.items() if found}

    def _has_all(self, lead: int, second: int) -> bool:
        first = (lead - _THREE[0]) << 12 | (second - _LATER[0]) << 6
        return all(point in self.points for point in range(first, first + 64))
