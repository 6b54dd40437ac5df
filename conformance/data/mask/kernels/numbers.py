"""Vectorized operators on numbers and dates."""

from collections.abc import Mapping
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from conformance.data.mask.kernels.vectorized import VectorizedOperator
from conformance.data.mask.values_as_text import interval_text
from conformance.model.shapes import Desensitization

if TYPE_CHECKING:
    import polars as pl

_LARGEST = 2**53
_NUMBER = r"\A-?(?:0|[1-9][0-9]{0,11})(?:\.[0-9]{1,3})?\z"
"""Numbers whose binary form is on the same side of every whole number: rounding moves them by less than a
thousandth."""
_DAY = (
    "(?:(?:0[1-9]|1[0-2]){0}(?:0[1-9]|1[0-9]|2[0-8])|(?:0[13-9]|1[0-2]){0}(?:29|30)|(?:0[13578]|1[02]){0}31)"
)
_DATE = rf"\A[1-9][0-9]{{3}}(?:-{_DAY.replace('{0}', '-')}|{_DAY.replace('{0}', '')})\z"
"""Days that every year has; the 29th of February and months without a day are left to the oracle."""
_DIGITS = frozenset(map(ord, "0123456789.-"))
_QUARTERS = {f"{month:02}": f"-Q{(month + 2) // 3}" for month in range(1, 13)}


def bucket(p: Mapping[str, Any], _: Desensitization) -> VectorizedOperator | None:
    """The operator `bucket`: the interval of a number, as text."""
    import polars as pl

    edges = list(p["edges"])
    if any(abs(edge) >= _LARGEST for edge in edges) or any(a >= b for a, b in pairwise(edges)):
        return None
    ends = [None, *edges, None]
    labels = pl.Series([interval_text({"min": a, "max": b, "unit": p["unit"]}) for a, b in pairwise(ends)])
    bounds = pl.Series(edges, dtype=pl.Float64)

    def value(text: "pl.Expr") -> "pl.Expr":
        number = text.cast(pl.Float64, strict=False).fill_null(0)
        return pl.lit(labels).gather(pl.lit(bounds).search_sorted(number, side="right"))

    return VectorizedOperator(value, lambda text, _: text.str.contains(_NUMBER), charset=_DIGITS)


def date(p: Mapping[str, Any], _: Desensitization) -> VectorizedOperator:
    """The operator `date`: the year, the month or the quarter of a day."""
    import polars as pl

    def month(text: "pl.Expr") -> "pl.Expr":
        return pl.when(text.str.len_bytes() == 10).then(text.str.slice(5, 2)).otherwise(text.str.slice(4, 2))

    def value(text: "pl.Expr") -> "pl.Expr":
        year = text.str.head(4)
        if p["to"] == "year":
            return year
        if p["to"] == "month":
            return pl.concat_str(year, pl.lit("-"), month(text))
        return pl.concat_str(year, month(text).replace_strict(_QUARTERS, default=None))

    return VectorizedOperator(value, lambda text, _: text.str.contains(_DATE), charset=_DIGITS)
