"""Vectorized operators: a whole column by expressions of the column engine."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from conformance.data.mask.kernels.kernel import DisclosedColumn, disclosed_as
from conformance.model.shapes import Desensitization, Form

if TYPE_CHECKING:
    import polars as pl

_TEXT, _VALUE, _UNSURE = "text", "value", "unsure"


@dataclass(frozen=True, slots=True)
class VectorizedOperator:
    """An operator as expressions. A value that the guard rejects may become anything, even an error."""

    value: "Callable[[pl.Expr], pl.Expr]"
    """From a column of text to the disclosed values."""
    guard: "Callable[[pl.Expr, pl.Expr], pl.Expr]"
    """From a column and its disclosed values to whether these are the oracle's."""
    refuses: "Callable[[pl.Expr], pl.Expr] | None" = None
    """Text for which the oracle certainly discloses the fallback."""
    excluded: str = ""
    """A character that text must not contain; empty: any may occur."""
    charset: frozenset[int] | None = None
    """Code points of the text that the guard accepts, which is not empty then; None: it does not check."""


OperatorFactory = Callable[[Mapping[str, Any], Desensitization], VectorizedOperator | None]
"""From the parameters of an operator to its vectorized form; None: there is none for these parameters.

Its columns hold text that is valid, in normal form, not blank, and of one code point for each unit."""


@dataclass(frozen=True)
class VectorizedKernel:
    """The kernel of a vectorized operator whose guard is complete."""

    operator: VectorizedOperator
    form: Form

    def __call__(self, column: "pl.Series") -> tuple[DisclosedColumn, "pl.Series"]:
        import polars as pl

        value, unsure = self._expressions
        frame = column.alias(_TEXT).to_frame().lazy().with_columns(value)
        result = frame.select(pl.col(_VALUE), unsure).collect()
        return disclosed_as(self.form, column, result[_VALUE].alias(column.name)), result[_UNSURE]

    @cached_property
    def _expressions(self) -> "tuple[pl.Expr, pl.Expr]":
        import polars as pl

        text, value = pl.col(_TEXT), pl.col(_VALUE)
        return (
            pl.when(text.is_not_null()).then(self.operator.value(text)).alias(_VALUE),
            (text.is_not_null() & ~self.operator.guard(text, value)).alias(_UNSURE),
        )
