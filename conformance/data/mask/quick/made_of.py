"""Whether texts are made of some characters and nothing else."""

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from conformance.data.mask.quick.flat import Alphabet, Flat, flat

if TYPE_CHECKING:
    import polars as pl

_RARE = 4
"""Where there are more unclear bytes than one for so many texts, the pattern alone is quicker."""


@dataclass(frozen=True)
class MadeOf:
    """A text is good if it is made of `every`, begins and ends with one of `ends`, and is not empty.

    One with unclear bytes may be good as well and is matched with the pattern, which says the same.
    """

    every: frozenset[int]
    ends: frozenset[int]
    pattern: str

    def __call__(self, texts: "pl.Series") -> "pl.Series":
        import polars as pl

        given = flat(texts)
        unclear = self._alphabet.unclear(given.data)
        if unclear.size * _RARE > len(texts):
            return texts.str.contains(self.pattern)
        good = self._well_ended(given)
        good[given.rows(unclear)] = False
        left = pl.Series(~good).arg_true()
        return pl.Series(good).scatter(left, texts.gather(left).str.contains(self.pattern))

    def _well_ended(self, given: Flat) -> NDArray[np.bool_]:
        """Whether texts are not empty, and have no ASCII at their ends that none of `ends` has."""
        good = given.sizes > 0
        if given.data.size:
            inside = np.ones(256, np.bool_)
            inside[[point for point in self.every - self.ends if point < 0x80]] = False
            firsts = np.minimum(given.places[:-1], given.data.size - 1)
            good &= inside[given.data[firsts]] & inside[given.data[given.places[1:] - 1]]
        return good

    @cached_property
    def _alphabet(self) -> Alphabet:
        """With characters of three bytes that may be anywhere only."""
        return Alphabet(self.ends | {point for point in self.every if point < 0x80})
