"""Names of persons of which every character has three bytes, masked behind the surname."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from conformance.data.mask.alphabets import settled
from conformance.data.mask.classes import run_of
from conformance.data.mask.quick.flat import Alphabet, Bytes, Flat, Places, column, flat
from conformance.data.mask.quick.rare import Quick, rare
from conformance.model.shapes import Desensitization, TypeRules

if TYPE_CHECKING:
    import polars as pl

_THREE = 3
"""Bytes of a character."""
_STAR = ord("*")


@dataclass(frozen=True)
class Names:
    """What becomes of names; null of those that are made of other characters, or of too few or too many."""

    alphabet: Alphabet
    """Of three bytes each."""
    least: int
    """Characters of a name."""
    most: int
    max_fill: int
    compound: frozenset[str]
    """Surnames of two characters."""
    otherwise: Quick
    """What does the same of all names."""

    def __call__(self, texts: "pl.Series") -> "pl.Series":
        given = flat(texts)
        good = self._good(given)
        if rare(int(good.sum()), texts):
            return self.otherwise(texts)
        kept = good.astype(np.int64) + self._are_compound(given)
        stars = np.where(good, np.minimum(given.sizes // _THREE - kept, self.max_fill), 0)
        return column(_built(given, kept * _THREE, stars), good).alias(texts.name)

    def _good(self, given: Flat) -> NDArray[np.bool_]:
        sizes = given.sizes
        good: NDArray[np.bool_] = (sizes >= self.least * _THREE) & (sizes <= self.most * _THREE)
        good[given.rows(self.alphabet.unclear(given.data))] = False
        return good

    def _are_compound(self, given: Flat) -> NDArray[np.bool_]:
        """Whether longer names begin with a surname of two characters."""
        found = given.sizes > 2 * _THREE
        rows = np.flatnonzero(found)
        begins = given.places[:-1][rows]
        maybe = self._pairs[_number(given.data, begins, 2)]
        found[rows[~maybe]] = False
        rows, begins = rows[maybe], begins[maybe]
        found[rows] = np.isin(_number(given.data, begins, 2 * _THREE), self._numbers)
        return found

    @cached_property
    def _numbers(self) -> NDArray[np.uint64]:
        return np.array([int.from_bytes(name.encode(), "big") for name in sorted(self.compound)], np.uint64)

    @cached_property
    def _pairs(self) -> NDArray[np.bool_]:
        """The first two bytes of these surnames."""
        pairs = np.zeros(1 << 16, np.bool_)
        pairs[[int.from_bytes(name.encode()[:2], "big") for name in self.compound]] = True
        return pairs


def _number(data: Bytes, places: Places, size: int) -> NDArray[np.uint64]:
    """So many bytes after each place, as one number."""
    found = np.zeros(len(places), np.uint64)
    for n in range(size):
        found = found << np.uint64(8) | data[places + n]
    return found


def _built(given: Flat, heads: Places, stars: Places) -> Flat:
    """The first bytes of each text and so many stars."""
    ends = np.zeros(len(heads) + 1, np.int64)
    np.cumsum(heads + stars, out=ends[1:])
    data = np.full(ends[-1], _STAR, np.uint8)
    for low, high in pairwise([0, *np.flatnonzero(np.bincount(heads, minlength=1)[1:]) + 1]):
        rows = np.flatnonzero(heads > low)
        here, there = given.places[rows], ends[rows]
        for n in range(low, high):
            data[there + n] = given.data[here + n]
    return Flat(data, ends)


def names(of: TypeRules, p: Mapping[str, Any], rules: Desensitization, otherwise: Quick) -> Names | None:
    """The masks of names of a type; None where its patterns do not say of what characters they are made."""
    _, plain = settled(of.normalize, rules.tables)
    run = next(filter(None, map(run_of, of.valid)), None)
    if run is None or of.tail is not None:
        return None
    points = frozenset(point for point in run.first & run.others & plain if point >= 0x800)
    least, most = max(1 + run.least, 2), 1 + run.most
    compound = frozenset(name for name in rules.tables["compound_surnames"] if len(name.encode()) == 6)
    return Names(Alphabet(points), least, most, int(p["max_fill"]), compound, otherwise)
