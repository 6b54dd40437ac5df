"""The shape of a kernel: from a column to its disclosed values and which of them are unsure."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from conformance.data.mask.values_as_text import CODES
from conformance.model.shapes import Form

if TYPE_CHECKING:
    import polars as pl


@dataclass(frozen=True, slots=True)
class DisclosedColumn:
    """The disclosed values of a column, row by row."""

    values: "pl.Series"
    """Text; null where nothing is disclosed."""
    forms: "pl.Series"
    """Codes of forms (`values_as_text.CODES`); null where the row does not have the field."""


Kernel = Callable[["pl.Series"], tuple[DisclosedColumn, "pl.Series"]]
"""From a column to its disclosed values and a boolean column `unsure`.

Disclosed values are those of the oracle wherever `unsure` is false, and undefined where it is true. A null is
sure. A kernel may be unsure of any value: that costs time, never correctness."""


def disclosed_as(form: Form, column: "pl.Series", values: "pl.Series") -> DisclosedColumn:
    """Values of one form, for the rows in which the column is not null."""
    import polars as pl

    codes = pl.Series([CODES[form]], dtype=pl.UInt8).new_from_index(0, len(column))
    if column.null_count():
        codes = codes.zip_with(column.is_not_null(), codes.clear(len(column)))
    return DisclosedColumn(values, codes)


@dataclass(frozen=True, slots=True)
class Withhold:
    """The kernel that discloses no value."""

    def __call__(self, column: "pl.Series") -> tuple[DisclosedColumn, "pl.Series"]:
        import polars as pl

        nothing = pl.Series(column.name, [None], pl.String).new_from_index(0, len(column))
        return disclosed_as(Form.WITHHELD, column, nothing), nothing.is_not_null()


@dataclass(frozen=True, slots=True)
class Keep:
    """The kernel that discloses every value as it is, numbers and truth values as text."""

    def __call__(self, column: "pl.Series") -> tuple[DisclosedColumn, "pl.Series"]:
        import polars as pl

        nothing = pl.Series([False]).new_from_index(0, len(column))
        return disclosed_as(Form.RAW, column, column.cast(pl.String)), nothing
