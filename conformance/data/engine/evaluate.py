"""Evaluation of terms over columns: one expression per frame, on top of precomputed kernels."""

import operator
from collections.abc import Callable, Iterator, Mapping
from functools import reduce
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from conformance.data.engine.formats import of_format
from conformance.data.engine.patterns import by_pattern, is_native
from conformance.data.engine.simplify import simplify
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
"""Sample size for the repetition test, and the share of distinct values above which they do not repeat."""
_MOST_READY = 256
"""Maximum number of cached expressions."""


class Acceptor:
    """A term compiled for many frames; compilations are cached by the members that occur."""

    def __init__(self, term: Term) -> None:
        self._term = term
        self._ready: dict[tuple[frozenset[str], frozenset[str]], _SplitTerm] = {}

    def __call__(self, frame: pl.DataFrame) -> "NDArray[np.bool_]":
        """Mask of rows for which the term is true (three-valued logic: neither false nor null)."""
        nulls = {name: frame[name].null_count() for name in frame.columns}
        absent = frozenset(name for name, count in nulls.items() if count == frame.height)
        everywhere = frozenset(name for name, count in nulls.items() if count == 0)
        return self._ready_for(absent, everywhere)(frame)

    def _ready_for(self, absent: frozenset[str], everywhere: frozenset[str]) -> "_SplitTerm":
        if (absent, everywhere) not in self._ready:
            if len(self._ready) >= _MOST_READY:
                self._ready.clear()
            self._ready[absent, everywhere] = _SplitTerm(simplify(self._term, absent, everywhere))
        return self._ready[absent, everywhere]


class _SplitTerm:
    """A conjunction split into terms on a single member, by member, and terms on several members."""

    def __init__(self, term: Term) -> None:
        alone: dict[str, list[Term]] = {}
        together: list[Term] = []
        for part in term.terms if isinstance(term, ast.All) else (term,):
            fields = frozenset(fields_of(part))
            (alone.setdefault(next(iter(fields)), []) if len(fields) == 1 else together).append(part)
        self._alone = {field: _CompiledTerm(ast.All(tuple(parts))) for field, parts in alone.items()}
        self._together = _CompiledTerm(ast.All(tuple(together)))

    def __call__(self, frame: pl.DataFrame) -> "NDArray[np.bool_]":
        found = self._together(frame)
        for field, judged in self._alone.items():
            found = found & by_text(judged, frame[field])
        return found


class _CompiledTerm:
    """A term as an expression, with the kernels it needs."""

    def __init__(self, term: Term) -> None:
        self._kernels = {_name(fits): fits for fits in _kernel_tests(term)}
        self._truth = _expression(term).fill_null(value=False).alias(_TRUTH)

    def __call__(self, frame: pl.DataFrame) -> "NDArray[np.bool_]":
        computed = [_run_kernel(fits, frame).alias(name) for name, fits in self._kernels.items()]
        found = frame.hstack(computed).select(self._truth).to_series()
        return (found if len(found) == frame.height else found.new_from_index(0, frame.height)).to_numpy()


def by_text(condition: _CompiledTerm, column: pl.Series) -> "NDArray[np.bool_]":
    """Mask of values that meet the condition; repeated values are judged once."""
    if column.head(_SAMPLED).n_unique() > _SAMPLED * _MOSTLY:
        return condition(column.to_frame())
    distinct = column.unique()
    good = condition(distinct.to_frame())
    is_present = distinct.is_not_null().to_numpy()
    if not good[is_present].all():
        return column.is_in(distinct.filter(pl.Series(good)).implode(), nulls_equal=True).to_numpy()
    if good.all():
        return np.ones(len(column), np.bool_)
    return column.is_not_null().to_numpy()  # only null is rejected


def _kernel_tests(term: Term) -> Iterator[Fits]:
    """Yield the tests that have no expression and need a kernel."""
    match term:
        case ast.Not(inner):
            yield from _kernel_tests(inner)
        case ast.All(parts) | ast.Any(parts):
            for part in parts:
                yield from _kernel_tests(part)
        case Fits(_, ast.Formatted()):
            yield term
        case Fits(_, ast.Matches(pattern)) if not is_native(pattern):
            yield term
        case _:
            return


def _name(fits: Fits) -> str:
    return f"#{fits.field}:{fits.test}"


def _run_kernel(fits: Fits, frame: pl.DataFrame) -> pl.Series:
    column = frame[fits.field]
    match fits.test:
        case ast.Formatted(name):
            return of_format(name, column)
        case ast.Matches(pattern):
            return by_pattern(pattern, column)
        case other:
            raise AssertionError(other)


def _expression(term: Term) -> pl.Expr:  # noqa: PLR0911  # one for each kind of term
    """Expression that is true, false or null for each row."""
    match term:
        case ast.Constant(value):
            return pl.lit(value)
        case ast.Has(field):
            return pl.col(field).is_not_null()
        case Fits(field, test):
            return _test_expression(term, test, pl.col(field))
        case ast.Not(inner):
            return ~_expression(inner)
        case ast.All(parts):
            return reduce(operator.and_, map(_expression, parts), pl.lit(value=True))
        case ast.Any(parts):
            return reduce(operator.or_, map(_expression, parts), pl.lit(value=False))
        case ast.Compare(sign, left, right):
            return _COMPARE[sign](_operand(left), _operand(right))
        case ast.Among(operand, values):
            return _in_values(_operand(operand), values)


def _test_expression(fits: Fits, test: ast.Test, column: pl.Expr) -> pl.Expr:
    match test:
        case ast.Matches(pattern) if is_native(pattern):
            return column.str.contains(pattern)
        case ast.OneOf(values):
            return _in_values(column, values)
        case ast.Length(least, most):
            return _in_range(column.str.len_chars(), least or None, most)
        case ast.Within(least, most):
            return _in_range(column, least, most)
        case _:
            return pl.col(_name(fits))


def _in_range(column: pl.Expr, least: int | None, most: int | None) -> pl.Expr:
    above = column >= least if least is not None else pl.lit(value=True)
    return above & (column <= most) if most is not None else above


def _in_values(column: pl.Expr, values: tuple[str | int, ...]) -> pl.Expr:
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
    """Decimal texts of at most two places as integer hundredths; null for other texts."""
    return column.cast(pl.Decimal(38, 2), strict=False).to_physical().cast(pl.Int64, strict=False)
