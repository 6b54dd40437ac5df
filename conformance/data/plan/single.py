"""Terms over a single row, compiled to functions."""

import operator
from collections.abc import Callable, Mapping
from typing import Any as Json

from conformance.data.plan import ast
from conformance.data.plan.ast import InexpressibleError, Operand, Term
from conformance.oracles.cel import cents

Row = Mapping[str, Json]
Holds = Callable[[Row], bool]
_COMPARE: Mapping[str, Callable[[Json, Json], bool]] = {
    "==": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


def holds(term: Term) -> Holds:  # noqa: PLR0911  # one for each kind of term
    """A predicate on rows in which the members of the term are valid.

    The predicate raises LookupError or TypeError for an absent member without a `Has` guard.
    """
    match term:
        case ast.Constant(value):
            return lambda _: value
        case ast.Has(field):
            return lambda row: field in row
        case ast.Not(inner):
            inside: Holds = holds(inner)
            return lambda row: not inside(row)
        case ast.All(parts):
            every = tuple(map(holds, parts))
            return lambda row: all(part(row) for part in every)
        case ast.Any(parts):
            alternatives = tuple(map(holds, parts))
            return lambda row: any(part(row) for part in alternatives)
        case ast.Compare(sign, left, right):
            compare, left_value, right_value = _COMPARE[sign], _value(left), _value(right)
            return lambda row: compare(left_value(row), right_value(row))
        case ast.Among(operand, values):
            operand_value, members = _value(operand), frozenset(values)
            return lambda row: operand_value(row) in members
        case ast.Fits():
            raise InexpressibleError("Fits")  # schemas are judged by the validator


def _value(operand: Operand) -> Callable[[Row], Json]:
    match operand:
        case ast.Value(field):
            return operator.itemgetter(field)
        case ast.Cents(field):
            return lambda row: cents(row[field])
        case ast.Literal(value):
            return lambda _: value
        case ast.Sum(parts):
            summed = tuple((sign, _value(part)) for sign, part in parts)
            return lambda row: sum(sign * part(row) for sign, part in summed)
