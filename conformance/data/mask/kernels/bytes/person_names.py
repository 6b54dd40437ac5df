"""Masks of names of persons all of whose characters have three bytes: the surname stays."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from conformance.data.mask.charsets import normal_charsets, run_of
from conformance.data.mask.kernels.bytes.utf8 import (
    ByteCharset,
    Bytes,
    Offsets,
    Utf8Buffer,
    text_column,
    too_few,
    undecided,
    utf8_buffer,
)
from conformance.data.mask.kernels.kernel import DisclosedColumn, disclosed_as
from conformance.model.shapes import Desensitization, Form, TypeRules

if TYPE_CHECKING:
    import polars as pl

_THREE = 3
"""Bytes of a character."""
_STAR = ord("*")


@dataclass(frozen=True)
class PersonNameMask:
    """The kernel of the mask of names, sure of names of a charset and a number of characters."""

    charset: ByteCharset
    """Characters of three bytes each."""
    least: int
    """Characters of the shortest name."""
    most: int
    """Characters of the longest name."""
    max_fill: int
    """Stars at most."""
    compound: frozenset[str]
    """Surnames of two characters."""
    form: Form

    def __call__(self, column: "pl.Series") -> "tuple[DisclosedColumn, pl.Series]":
        buffer = utf8_buffer(column)
        accepted = self._accepted(buffer)
        if too_few(int(accepted.sum()), column):
            return undecided(column)
        surname = accepted.astype(np.int64) + self._is_compound(buffer)
        stars = np.where(accepted, np.minimum(buffer.sizes // _THREE - surname, self.max_fill), 0)
        values = text_column(_starred(buffer, surname * _THREE, stars), accepted).alias(column.name)
        return disclosed_as(self.form, column, values), column.is_not_null() & values.is_null()

    def _accepted(self, buffer: Utf8Buffer) -> NDArray[np.bool_]:
        sizes = buffer.sizes
        accepted: NDArray[np.bool_] = (sizes >= self.least * _THREE) & (sizes <= self.most * _THREE)
        accepted[buffer.rows(self.charset.unclear(buffer.data))] = False
        return accepted

    def _is_compound(self, buffer: Utf8Buffer) -> NDArray[np.bool_]:
        """Boolean array, one entry a row: a name of three or more characters with a surname of two."""
        is_compound = buffer.sizes > 2 * _THREE
        rows = np.flatnonzero(is_compound)
        starts = buffer.offsets[:-1][rows]
        possible = self._prefixes[_integers(buffer.data, starts, 2)]
        is_compound[rows[~possible]] = False
        rows, starts = rows[possible], starts[possible]
        is_compound[rows] = np.isin(_integers(buffer.data, starts, 2 * _THREE), self._surnames)
        return is_compound

    @cached_property
    def _surnames(self) -> NDArray[np.uint64]:
        """The compound surnames as integers of six bytes."""
        return np.array([int.from_bytes(name.encode(), "big") for name in sorted(self.compound)], np.uint64)

    @cached_property
    def _prefixes(self) -> NDArray[np.bool_]:
        """Boolean table of shape (65536,), by two bytes (big-endian): a compound surname begins with them."""
        prefixes = np.zeros(1 << 16, np.bool_)
        prefixes[[int.from_bytes(name.encode()[:2], "big") for name in self.compound]] = True
        return prefixes


def _integers(data: Bytes, offsets: Offsets, size: int) -> NDArray[np.uint64]:
    """The `size` bytes from each offset as a big-endian integer."""
    integers = np.zeros(len(offsets), np.uint64)
    for n in range(size):
        integers = integers << np.uint64(8) | data[offsets + n]
    return integers


def _starred(buffer: Utf8Buffer, heads: Offsets, stars: Offsets) -> Utf8Buffer:
    """The first bytes of each text, as many as `heads` says, and its stars."""
    offsets = np.zeros(len(heads) + 1, np.int64)
    np.cumsum(heads + stars, out=offsets[1:])
    data = np.full(offsets[-1], _STAR, np.uint8)
    for low, high in pairwise([0, *np.flatnonzero(np.bincount(heads, minlength=1)[1:]) + 1]):
        rows = np.flatnonzero(heads > low)
        sources, targets = buffer.offsets[rows], offsets[rows]
        for n in range(low, high):
            data[targets + n] = buffer.data[sources + n]
    return Utf8Buffer(data, offsets)


def person_name_mask(
    type_rules: TypeRules, p: Mapping[str, Any], rules: Desensitization, form: Form
) -> PersonNameMask | None:
    """The byte kernel of the mask of names; None: the regexes of the type do not tell its charset."""
    _, ends = normal_charsets(type_rules.normalize, rules.tables)
    run = next(filter(None, map(run_of, type_rules.valid)), None)
    if run is None or type_rules.tail is not None:
        return None
    points = frozenset(point for point in run.first & run.subsequent & ends if point >= 0x800)
    least, most = max(1 + run.least, 2), 1 + run.most
    compound = frozenset(name for name in rules.tables["compound_surnames"] if len(name.encode()) == 6)
    return PersonNameMask(ByteCharset(points), least, most, int(p["max_fill"]), compound, form)
