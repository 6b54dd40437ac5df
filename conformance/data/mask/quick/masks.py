"""Masks of texts most of which have the same length, and in each place what a pattern of their type asks."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from conformance.data.mask.alphabets import settled
from conformance.data.mask.quick.matrices import Judge, Matrix, matrix, series
from conformance.data.mask.quick.rare import Quick, rare
from conformance.data.mask.quick.sequences import Steps, sequences, width
from conformance.model.shapes import Desensitization, TypeRules

if TYPE_CHECKING:
    import numpy as np
    import polars as pl
    from numpy.typing import NDArray

_OTHER = "0"
"""In place of texts of another size."""


@dataclass(frozen=True)
class Masks:
    """What becomes of texts; null of those of another length than most, or of none of the sequences."""

    by_size: Mapping[int, tuple[Steps, ...]]
    tail: int | None
    """Only so many of the last characters remain."""
    first: int
    last: int
    char: str
    fill: int | None
    """Characters in place of those that are hidden; None: as many."""
    otherwise: Quick
    """What does the same of texts of many lengths."""

    def __call__(self, texts: "pl.Series") -> "pl.Series":
        import numpy as np

        sizes = texts.str.len_bytes().fill_null(0).to_numpy()
        size, count = self._most_common(sizes)
        if size not in self.by_size or rare(count, texts):
            return self.otherwise(texts)
        there = sizes == size
        given = matrix(texts.clone().scatter(np.flatnonzero(~there), _OTHER * size), size)
        return series(self._masked(given), self._good(given) & there).alias(texts.name)

    def _most_common(self, sizes: "NDArray[np.uint32]") -> tuple[int, int]:
        """The most common size of texts that are not empty, and how many have it."""
        import numpy as np

        counts = np.bincount(np.minimum(sizes, max(self.by_size) + 1), minlength=2)
        size = int(counts[1:].argmax()) + 1
        return size, int(counts[size])

    def _good(self, given: Matrix) -> "NDArray[np.bool_]":
        """Whether each row is of one of the sequences; few are left for those after the first."""
        first, *others = self._judges[given.shape[1]]
        good = first(given)
        for judge in others:
            left = (~good).nonzero()[0]
            if left.size:
                good[left] = judge(given[left])
        return good

    def _masked(self, given: Matrix) -> Matrix:
        import numpy as np

        rest = given[:, -self.tail :] if self.tail else given
        size = rest.shape[1]
        stars = size - self.first - self.last if self.fill is None else self.fill
        made = np.full((len(given), self.first + stars + self.last), ord(self.char), np.uint8)
        made[:, : self.first] = rest[:, : self.first]
        made[:, self.first + stars :] = rest[:, size - self.last :]
        return made

    @cached_property
    def _judges(self) -> dict[int, tuple[Judge, ...]]:
        return {size: tuple(map(Judge, every)) for size, every in self.by_size.items()}


def masks(of: TypeRules, p: Mapping[str, Any], rules: Desensitization, otherwise: Quick) -> Masks | None:
    """The masks of a type; None where no text of it can be told by sequences."""
    _, plain = settled(of.normalize, rules.tables)
    good = plain - {ord(p["char"])}
    by_size: dict[int, list[Steps]] = {}
    for steps in sequences(of.valid):
        size = width(steps)
        rest = size if of.tail is None else min(of.tail, size)
        enough = rest - p["first"] - p["last"] >= max(p["min_hidden"], 1)
        if enough and good.issuperset(byte for step in steps for text in step for byte in text):
            by_size.setdefault(size, []).append(steps)
    if not by_size or not p["char"].isascii():
        return None
    fill = None if p["fill"] == "same" else int(p["fill"])
    every = {size: tuple(found) for size, found in by_size.items()}
    return Masks(every, of.tail, p["first"], p["last"], p["char"], fill, otherwise)
