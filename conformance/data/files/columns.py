"""Columns of tables: the values of one member in all rows of a batch, as they are and as they are wanted."""

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
import polars as pl

from conformance.data.batch import Type

if TYPE_CHECKING:
    from numpy.typing import NDArray

DTYPES: dict[Type, Any] = {Type.TEXT: pl.String, Type.INTEGER: pl.Int64, Type.BOOLEAN: pl.Boolean}
INTEGER = "(?:0|-?[1-9][0-9]{0,17})"
"""Whole numbers in the one form in which they are written; longer ones stay text and are refused by type."""
BOOLEANS = {"true": True, "false": False}


@dataclass(frozen=True, slots=True)
class Typed:
    """A column as a type, and the rows of which that is not the truth."""

    series: pl.Series
    odd: "NDArray[np.bool_] | None" = None


class Column(Protocol):
    """The values of one member."""

    @property
    def name(self) -> str: ...

    def typed(self, wanted: Type) -> Typed: ...

    def json(self, row: int) -> Any:
        """The JSON value in a row; None where there is none."""

    def jsons(self, rows: "NDArray[np.int64]") -> list[Any]:
        """The same of some rows, quicker."""

    def present(self) -> "NDArray[np.bool_]":
        """The rows that have the member."""


@dataclass(frozen=True, slots=True)
class TextColumn:
    """Cells of text, which is all that a text file knows: what they mean depends on the column."""

    name: str
    series: pl.Series
    type: Type

    def typed(self, target_type: Type) -> Typed:
        if target_type is Type.TEXT and self.type is Type.TEXT:
            return Typed(self.series)
        if target_type is not self.type:
            return Typed(nulls(len(self.series), target_type), self.present())
        values = _integers(self.series) if target_type is Type.INTEGER else _booleans(self.series)
        return Typed(values, (values.is_null() & self.series.is_not_null()).to_numpy())

    def json(self, row: int) -> Any:
        return read(self.series[row], self.type)

    def jsons(self, rows: "NDArray[np.int64]") -> list[Any]:
        texts = self.series.gather(rows).to_list()
        return texts if self.type is Type.TEXT else [read(text, self.type) for text in texts]

    def present(self) -> "NDArray[np.bool_]":
        return self.series.is_not_null().to_numpy()


@dataclass(frozen=True, slots=True)
class ExactColumn:
    """Values that are of one type already."""

    name: str
    series: pl.Series
    type: Type

    def typed(self, wanted: Type) -> Typed:
        if wanted is self.type:
            return Typed(self.series)
        return Typed(nulls(len(self.series), wanted), self.present())

    def json(self, row: int) -> Any:
        return self.series[row]

    def jsons(self, rows: "NDArray[np.int64]") -> list[Any]:
        return self.series.gather(rows).to_list()

    def present(self) -> "NDArray[np.bool_]":
        return self.series.is_not_null().to_numpy()


@dataclass(frozen=True, slots=True)
class MixedColumn:
    """Values of any kind, each looked at alone."""

    name: str
    values: tuple[Any, ...]

    def typed(self, wanted: Type) -> Typed:
        fits = np.fromiter((kind(value) is wanted for value in self.values), np.bool_, len(self.values))
        kept = [value if fit else None for value, fit in zip(self.values, fits, strict=True)]
        return Typed(pl.Series(self.name, kept, DTYPES[wanted]), self.present() & ~fits)

    def json(self, row: int) -> Any:
        return self.values[row]

    def jsons(self, rows: "NDArray[np.int64]") -> list[Any]:
        return [self.values[row] for row in rows.tolist()]

    def present(self) -> "NDArray[np.bool_]":
        return np.fromiter((value is not None for value in self.values), np.bool_, len(self.values))


def kind(value: Any) -> Type | None:
    """The type of column that can hold a JSON value."""
    if isinstance(value, str):
        return Type.TEXT
    if isinstance(value, bool):
        return Type.BOOLEAN
    return Type.INTEGER if isinstance(value, int) and -(2**63) <= value < 2**63 else None


def read(text: str | None, target_type: Type) -> Any:
    """A cell of text as the value of a column: what does not fit stays the text that it is."""
    if text is None or target_type is Type.TEXT:
        return text
    if target_type is Type.BOOLEAN:
        return BOOLEANS.get(text, text)
    return int(text) if re.fullmatch(INTEGER, text) else text


def nulls(rows: int, wanted: Type) -> pl.Series:
    """A column without values."""
    return pl.Series([None], dtype=DTYPES[wanted]).new_from_index(0, rows)


def _integers(texts: pl.Series) -> pl.Series:
    good = texts.str.contains(f"^{INTEGER}$")
    return texts.to_frame("x").select(pl.when(good).then(pl.col("x"))).to_series().cast(pl.Int64)


def _booleans(texts: pl.Series) -> pl.Series:
    return texts.replace_strict(BOOLEANS, default=None, return_dtype=pl.Boolean)
