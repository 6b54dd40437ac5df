"""Partial evaluation of terms for a frame: members that no row has, and members that all rows have."""

from collections.abc import Iterable, Iterator

from conformance.data.engine.formats import LENGTHS
from conformance.data.plan import ast
from conformance.data.plan.ast import Fits, Term

YES, NO = ast.Constant(value=True), ast.Constant(value=False)


def simplify(term: Term, absent: frozenset[str], everywhere: frozenset[str]) -> Term:
    """A term with the same value, null included, for every row of such a frame."""
    match term:
        case ast.Has(field):
            return NO if field in absent else YES if field in everywhere else term
        case ast.Not(inner):
            operand = simplify(inner, absent, everywhere)
            return (
                ast.Constant(value=not operand.value)
                if isinstance(operand, ast.Constant)
                else ast.Not(operand)
            )
        case ast.All(parts):
            remaining = [p for p in _flatten(parts, absent, everywhere, ast.All) if p != YES]
            return NO if NO in remaining else _combine(ast.All, _without_implied_lengths(remaining), YES)
        case ast.Any(parts):
            remaining = [p for p in _flatten(parts, absent, everywhere, ast.Any) if p != NO]
            return YES if YES in remaining else _combine(ast.Any, remaining, NO)
        case _:
            return term


def _flatten(
    parts: Iterable[Term],
    absent: frozenset[str],
    everywhere: frozenset[str],
    kind: type[ast.All | ast.Any],
) -> Iterator[Term]:
    for part in parts:
        term = simplify(part, absent, everywhere)
        if isinstance(term, kind):
            yield from term.terms
        else:
            yield term


def _combine(kind: type[ast.All | ast.Any], parts: list[Term], empty: Term) -> Term:
    unique = list(dict.fromkeys(parts))
    return unique[0] if len(unique) == 1 else kind(tuple(unique)) if unique else empty


def _without_implied_lengths(parts: list[Term]) -> list[Term]:
    """The terms without length tests that a fixed-length format implies."""
    fixed = {
        part.field: LENGTHS[part.test.format]
        for part in parts
        if isinstance(part, Fits) and isinstance(part.test, ast.Formatted) and part.test.format in LENGTHS
    }
    return [part for part in parts if not _is_implied(part, fixed)]


def _is_implied(part: Term, fixed: dict[str, int]) -> bool:
    if not isinstance(part, Fits) or not isinstance(part.test, ast.Length) or part.field not in fixed:
        return False
    length = fixed[part.field]
    return part.test.least <= length and (part.test.most is None or length <= part.test.most)
