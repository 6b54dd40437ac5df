"""Masks of text of one size, as a matrix of bytes: most values of a column have the same size."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from conformance.data.mask.charsets import normal_charsets, ranges_of
from conformance.data.mask.kernels.bytes.byte_patterns import ByteClass, BytePattern, byte_patterns, width
from conformance.data.mask.kernels.bytes.utf8 import (
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

Matrix = NDArray[np.uint8]
"""One row for each text, one column for each byte position."""
_PADDING = "0"
"""Repeated in place of text of another size."""
_BLOCK = 4096
"""Rows compared at a time: they and their bounds stay in the nearest cache."""
_ANY_BYTE = ((0, 255),)


@dataclass(frozen=True)
class FixedWidthMask:
    """The kernel of a mask, sure of text of the most common size that matches a byte pattern."""

    by_size: Mapping[int, tuple[BytePattern, ...]]
    """Patterns by size of the text in bytes."""
    tail: int | None
    """Last characters that the mask is put to; None: all."""
    first: int
    last: int
    char: str
    fill: int | None
    """Mask characters in place of the hidden ones; None: as many as are hidden."""
    form: Form

    def __call__(self, column: "pl.Series") -> "tuple[DisclosedColumn, pl.Series]":
        sizes = column.str.len_bytes().fill_null(0).to_numpy()
        size, count = self._most_common(sizes)
        if size not in self.by_size or too_few(count, column):
            return undecided(column)
        has_size = sizes == size
        matrix = matrix_of(column.clone().scatter(np.flatnonzero(~has_size), _PADDING * size), size)
        values = text_of(self._masked(matrix), self._matches(matrix) & has_size).alias(column.name)
        return disclosed_as(self.form, column, values), column.is_not_null() & values.is_null()

    def _most_common(self, sizes: "NDArray[np.uint32]") -> tuple[int, int]:
        """The most common size of non-empty text, and the number of its rows."""
        counts = np.bincount(np.minimum(sizes, max(self.by_size) + 1), minlength=2)
        size = int(counts[1:].argmax()) + 1
        return size, int(counts[size])

    def _matches(self, matrix: Matrix) -> NDArray[np.bool_]:
        """Boolean array, one entry a row: the row matches a pattern. Later ones see unmatched rows only."""
        first, *later_matchers = self._matchers[matrix.shape[1]]
        matches = first(matrix)
        for matcher in later_matchers:
            remaining = (~matches).nonzero()[0]
            if remaining.size:
                matches[remaining] = matcher(matrix[remaining])
        return matches

    def _masked(self, matrix: Matrix) -> Matrix:
        operand = matrix[:, -self.tail :] if self.tail else matrix
        size = operand.shape[1]
        mask_size = size - self.first - self.last if self.fill is None else self.fill
        masked = np.full((len(matrix), self.first + mask_size + self.last), ord(self.char), np.uint8)
        masked[:, : self.first] = operand[:, : self.first]
        masked[:, self.first + mask_size :] = operand[:, size - self.last :]
        return masked

    @cached_property
    def _matchers(self) -> "dict[int, tuple[ByteMatcher, ...]]":
        return {size: tuple(map(ByteMatcher, patterns)) for size, patterns in self.by_size.items()}


class ByteMatcher:
    """Decides which rows of a matrix match a byte pattern.

    Independent positions are compared with the ends of their ranges, a block at a time; two positions that
    depend on each other are looked up together.
    """

    def __init__(self, pattern: BytePattern) -> None:
        self.pattern = pattern
        ranges, self._pairs, position = [], [], 0
        for byte_class in pattern:
            size = width((byte_class,))
            if size == 2:
                self._pairs.append((position, _pair_table(byte_class)))
            ranges += [_ANY_BYTE if size == 2 else _ranges(byte_class)] * size
            position += size
        most = max(map(len, ranges))
        self._bounds = [_tiled([each[min(n, len(each) - 1)] for each in ranges]) for n in range(most)]

    def __call__(self, matrix: Matrix) -> NDArray[np.bool_]:
        matches = np.ones(len(matrix), np.bool_)
        for at in range(0, len(matrix), _BLOCK):
            matches[at : at + _BLOCK][self._mismatches(matrix[at : at + _BLOCK])] = False
        for position, table in self._pairs:
            matches &= table[matrix[:, position].astype(np.uint16) << 8 | matrix[:, position + 1]]
        return matches

    def _mismatches(self, block: Matrix) -> NDArray[np.int64]:
        """Row numbers within a block."""
        data = block.reshape(-1)
        in_range = np.zeros(data.size, np.bool_)
        for low, span in self._bounds:
            in_range |= (data - low[: data.size]) <= span[: data.size]  # lower bytes wrap around
        rows: NDArray[np.int64] = np.flatnonzero(~in_range) // block.shape[1]
        return rows


def _ranges(byte_class: ByteClass) -> tuple[tuple[int, int], ...]:
    """First byte and span of each range of a class."""
    return tuple((low, high - low) for low, high in ranges_of({text[0] for text in byte_class}))


def _tiled(bounds: list[tuple[int, int]]) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
    low, span = (np.tile(np.array(each, np.uint8), _BLOCK) for each in zip(*bounds, strict=True))
    return low, span


def _pair_table(byte_class: ByteClass) -> NDArray[np.bool_]:
    table = np.zeros(1 << 16, np.bool_)
    table[[int.from_bytes(text, "big") for text in byte_class]] = True
    return table


def matrix_of(column: "pl.Series", size: int) -> Matrix:
    """The bytes of a column of text without nulls, all of one size."""
    return utf8_buffer(column).data.reshape(len(column), size)


def text_of(matrix: Matrix, present: NDArray[np.bool_]) -> "pl.Series":
    """The rows of a matrix of ASCII as text; null where not present."""
    rows, size = matrix.shape
    offsets = np.arange(0, (rows + 1) * size, size, dtype=np.int64)
    return text_column(Utf8Buffer(np.ascontiguousarray(matrix).reshape(-1), offsets), present)


def fixed_width_mask(
    type_rules: TypeRules, p: Mapping[str, Any], rules: Desensitization, form: Form
) -> FixedWidthMask | None:
    """The byte kernel of a mask; None: no valid text of the type has a byte pattern."""
    _, ends = normal_charsets(type_rules.normalize, rules.tables)
    charset = ends - {ord(p["char"])}
    by_size: dict[int, list[BytePattern]] = {}
    for pattern in byte_patterns(type_rules.valid):
        size = width(pattern)
        operand = size if type_rules.tail is None else min(type_rules.tail, size)
        hides = operand - p["first"] - p["last"] >= max(p["min_hidden"], 1)
        if hides and charset.issuperset(byte for position in pattern for text in position for byte in text):
            by_size.setdefault(size, []).append(pattern)
    if not by_size or not p["char"].isascii():
        return None
    fill = None if p["fill"] == "same" else int(p["fill"])
    patterns = {size: tuple(of_size) for size, of_size in by_size.items()}
    return FixedWidthMask(patterns, type_rules.tail, p["first"], p["last"], p["char"], fill, form)
