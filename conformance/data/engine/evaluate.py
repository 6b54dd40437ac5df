"""Terms over columns: one expression for a whole frame, over what kernels have computed before."""

import operator
from collections.abc import Callable, Iterator, Mapping
from functools import reduce
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from conformance.data.engine.formats import of_format
from conformance.data.engine.patterns import by_pattern, is_native
from conformance.data.engine.simplify import simplified
from conformance.data.plan import ast
from conformance.data.plan.ast import Fits, Operand, Term, fields_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

Compare = Callable[[pl.Expr, pl.Expr], pl.Expr]
_COMPARE: Mapping[str, Compare] = {
    "==": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
_TRUTH = "#truth"
_SAMPLED, _MOSTLY = 1024, 0.9
"""Values that are looked at to see whether they occur again, and the share of different ones that says no."""
_MOST_READY = 256
"""Expressions that are kept."""


class Acceptor:
    """A term made ready for many frames, of which most have the same members."""

    def __init__(self, term: Term) -> None:
        self._term = term
        self._ready: dict[tuple[frozenset[str], frozenset[str]], _Ready] = {}

    def __call__(self, frame: pl.DataFrame) -> "NDArray[np.bool_]":
        """The rows for which the term is true; where it has no value, it is not."""
        nulls = {name: frame[name].null_count() for name in frame.columns}
        absent = frozenset(name for name, count in nulls.items() if count == frame.height)
        everywhere = frozenset(name for name, count in nulls.items() if count == 0)
        return self._made(absent, everywhere)(frame)

    def _made(self, absent: frozenset[str], everywhere: frozenset[str]) -> "_Ready":
        if (absent, everywhere) not in self._ready:
            if len(self._ready) >= _MOST_READY:
                self._ready.clear()
            self._ready[absent, everywhere] = _Ready(simplified(self._term, absent, everywhere))
        return self._ready[absent, everywhere]


class _Ready:
    """A term in two parts: what is asked of one member alone, by member, and what is asked of several."""

    def __init__(self, term: Term) -> None:
        alone: dict[str, list[Term]] = {}
        together: list[Term] = []
        for part in term.terms if isinstance(term, ast.All) else (term,):
            fields = frozenset(fields_of(part))
            (alone.setdefault(next(iter(fields)), []) if len(fields) == 1 else together).append(part)
        self._alone = {field: _Judged(ast.All(tuple(parts))) for field, parts in alone.items()}
        self._together = _Judged(ast.All(tuple(together)))

    def __call__(self, frame: pl.DataFrame) -> "NDArray[np.bool_]":
        found = self._together(frame)
        for field, judged in self._alone.items():
            found = found & by_text(judged, frame[field])
        return found


class _Judged:
    """A term as an expression, and the kernels that it needs."""

    def __init__(self, term: Term) -> None:
        self._kernels = {_name(fits): fits for fits in _by_kernel(term)}
        self._truth = _expression(term).fill_null(value=False).alias(_TRUTH)

    def __call__(self, frame: pl.DataFrame) -> "NDArray[np.bool_]":
        computed = [_computed(fits, frame).alias(name) for name, fits in self._kernels.items()]
        found = frame.hstack(computed).select(self._truth).to_series()
        return (found if len(found) == frame.height else found.new_from_index(0, frame.height)).to_numpy()


def by_text(condition: _Judged, column: pl.Series) -> "NDArray[np.bool_]":
    """What is true of each value; where values occur again and again, each is judged once."""
    if column.head(_SAMPLED).n_unique() > _SAMPLED * _MOSTLY:
        return condition(column.to_frame())
    distinct = column.unique()
    good = condition(distinct.to_frame())
    is_present = distinct.is_not_null().to_numpy()
    if not good[is_present].all():
        return column.is_in(distinct.filter(pl.Series(good)).implode(), nulls_equal=True).to_numpy()
    if good.all():
        return np.ones(len(column), np.bool_)
    return column.is_not_null().to_numpy()  # what is absent, and nothing else, is wrong


def _by_kernel(term: Term) -> Iterator[Fits]:
    """The tests that no expression means."""
    match term:
        case ast.Not(inner):
            yield from _by_kernel(inner)
        case ast.All(parts) | ast.Any(parts):
            for part in parts:
                yield from _by_kernel(part)
        case Fits(_, ast.Formatted()):
            yield term
        case Fits(_, ast.Matches(pattern)) if not is_native(pattern):
            yield term
        case _:
            return


def _name(fits: Fits) -> str:
    return f"#{fits.field}:{fits.test}"


def _computed(fits: Fits, frame: pl.DataFrame) -> pl.Series:
    column = frame[fits.field]
    match fits.test:
        case ast.Formatted(name):
            return of_format(name, column)
        case ast.Matches(pattern):
            return by_pattern(pattern, column)
        case other:
            raise AssertionError(other)


def _expression(term: Term) -> pl.Expr:  # noqa: PLR0911  # one for each kind of term
    """True, false or null for each row."""
    match term:
        case ast.Constant(value):
            return pl.lit(value)
        case ast.Has(field):
            return pl.col(field).is_not_null()
        case Fits(field, test):
            return _fits(term, test, pl.col(field))
        case ast.Not(inner):
            return ~_expression(inner)
        case ast.All(parts):
            return reduce(operator.and_, map(_expression, parts), pl.lit(value=True))
        case ast.Any(parts):
            return reduce(operator.or_, map(_expression, parts), pl.lit(value=False))
        case ast.Compare(sign, left, right):
            return _COMPARE[sign](_operand(left), _operand(right))
        case ast.Among(operand, values):
            return _among(_operand(operand), values)


def _fits(fits: Fits, test: ast.Test, column: pl.Expr) -> pl.Expr:
    match test:
        case ast.Matches(pattern) if is_native(pattern):
            return column.str.contains(pattern)
        case ast.OneOf(values):
            return _among(column, values)
        case ast.Length(least, most):
            return _between(column.str.len_chars(), least or None, most)
        case ast.Within(least, most):
            return _between(column, least, most)
        case _:
            return pl.col(_name(fits))


def _between(column: pl.Expr, least: int | None, most: int | None) -> pl.Expr:
    above = column >= least if least is not None else pl.lit(value=True)
    return above & (column <= most) if most is not None else above


def _among(column: pl.Expr, values: tuple[str | int, ...]) -> pl.Expr:
    return column.is_in(list(values)) if values else pl.lit(value=False)


def _operand(operand: Operand) -> pl.Expr:
    match operand:
        case ast.Value(field):
            return pl.col(field)
        case ast.Cents(field):
            return cents(pl.col(field))
        case ast.Literal(value):
            return pl.lit(value)
        case ast.Sum(parts):
            return reduce(operator.add, (_operand(part) * sign for sign, part in parts))


def cents(column: pl.Expr) -> pl.Expr:
    """Decimal texts with at most two places as integer hundredths; null where a text is none."""
    return column.cast(pl.Decimal(38, 2), strict=False).to_physical().cast(pl.Int64, strict=False)
