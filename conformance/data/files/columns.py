"""Table columns: the values of one member in a batch, in their source type and in a requested type."""

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
"""Canonical integers of at most 18 digits; longer ones stay text and fail the type check."""
BOOLEANS = {"true": True, "false": False}


@dataclass(frozen=True, slots=True)
class Typed:
    """A column in a requested type."""

    series: pl.Series
    odd: "NDArray[np.bool_] | None" = None
    """Mask of rows whose value is of another type, and null in `series`; None if there are none."""


class Column(Protocol):
    """The values of one member in all rows of a batch."""

    @property
    def name(self) -> str:
        """The member."""

    def typed(self, wanted: Type) -> Typed:
        """The values in the requested type, with a mask of those that do not fit."""

    def json(self, row: int) -> Any:
        """JSON value in a row; None if the member is absent."""

    def jsons(self, rows: "NDArray[np.int64]") -> list[Any]:
        """JSON values in the selected rows; faster than repeated calls of `json`."""

    def present(self) -> "NDArray[np.bool_]":
        """Mask of rows that have the member; shape `(rows,)`."""


@dataclass(frozen=True, slots=True)
class TextColumn:
    """Cells of a text file, interpreted by the type of the column."""

    name: str
    series: pl.Series
    type: Type

    def typed(self, target_type: Type) -> Typed:
        """The values in the requested type, with a mask of those that do not fit."""
        if target_type is Type.TEXT and self.type is Type.TEXT:
            return Typed(self.series)
        if target_type is not self.type:
            return Typed(nulls(len(self.series), target_type), self.present())
        values = _integers(self.series) if target_type is Type.INTEGER else _booleans(self.series)
        return Typed(values, (values.is_null() & self.series.is_not_null()).to_numpy())

    def json(self, row: int) -> Any:
        """JSON value in a row; None if the member is absent."""
        return read(self.series[row], self.type)

    def jsons(self, rows: "NDArray[np.int64]") -> list[Any]:
        """JSON values in the selected rows."""
        texts = self.series.gather(rows).to_list()
        return texts if self.type is Type.TEXT else [read(text, self.type) for text in texts]

    def present(self) -> "NDArray[np.bool_]":
        """Mask of rows that have the member."""
        return self.series.is_not_null().to_numpy()


@dataclass(frozen=True, slots=True)
class ExactColumn:
    """Values of a single type, as Parquet stores them."""

    name: str
    series: pl.Series
    type: Type

    def typed(self, wanted: Type) -> Typed:
        """The values in the requested type, with a mask of those that do not fit."""
        if wanted is self.type:
            return Typed(self.series)
        return Typed(nulls(len(self.series), wanted), self.present())

    def json(self, row: int) -> Any:
        """JSON value in a row; None if the member is absent."""
        return self.series[row]

    def jsons(self, rows: "NDArray[np.int64]") -> list[Any]:
        """JSON values in the selected rows."""
        return self.series.gather(rows).to_list()

    def present(self) -> "NDArray[np.bool_]":
        """Mask of rows that have the member."""
        return self.series.is_not_null().to_numpy()


@dataclass(frozen=True, slots=True)
class MixedColumn:
    """Values of mixed types, converted one by one."""

    name: str
    values: tuple[Any, ...]

    def typed(self, wanted: Type) -> Typed:
        """The values in the requested type, with a mask of those that do not fit."""
        fits = np.fromiter((kind(value) is wanted for value in self.values), np.bool_, len(self.values))
        kept = [value if fit else None for value, fit in zip(self.values, fits, strict=True)]
        return Typed(pl.Series(self.name, kept, DTYPES[wanted]), self.present() & ~fits)

    def json(self, row: int) -> Any:
        """JSON value in a row; None if the member is absent."""
        return self.values[row]

    def jsons(self, rows: "NDArray[np.int64]") -> list[Any]:
        """JSON values in the selected rows."""
        return [self.values[row] for row in rows.tolist()]

    def present(self) -> "NDArray[np.bool_]":
        """Mask of rows that have the member."""
        return np.fromiter((value is not None for value in self.values), np.bool_, len(self.values))


def kind(value: Any) -> Type | None:
    """The column type that can hold a JSON value; None if there is none."""
    if isinstance(value, str):
        return Type.TEXT
    if isinstance(value, bool):
        return Type.BOOLEAN
    return Type.INTEGER if isinstance(value, int) and -(2**63) <= value < 2**63 else None


def read(text: str | None, target_type: Type) -> Any:
    """A text cell as a value of the column; text that does not fit the type is returned unchanged."""
    if text is None or target_type is Type.TEXT:
        return text
    if target_type is Type.BOOLEAN:
        return BOOLEANS.get(text, text)
    return int(text) if re.fullmatch(INTEGER, text) else text


def nulls(rows: int, wanted: Type) -> pl.Series:
    """A column of nulls."""
    return pl.Series([None], dtype=DTYPES[wanted]).new_from_index(0, rows)


def _integers(texts: pl.Series) -> pl.Series:
    good = texts.str.contains(f"^{INTEGER}$")
    return texts.to_frame("x").select(pl.when(good).then(pl.col("x"))).to_series().cast(pl.Int64)


def _booleans(texts: pl.Series) -> pl.Series:
    return texts.replace_strict(BOOLEANS, default=None, return_dtype=pl.Boolean)
