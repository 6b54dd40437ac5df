"""Evaluating CEL conditions: compiled once, safe in threads, an error is an error and never false."""

import re
from collections.abc import Mapping
from functools import lru_cache
from threading import Lock
from typing import Any

_COMPILING = Lock()
"""The engine's parser is one shared object."""


_WORD = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_WHOLE = re.compile(r"\b(?:record|record_cents|target)\b(?!\s*\.)")
"""A variable that is spoken of as a whole, not one of its fields."""


_REMEMBERED = 1 << 15
"""Evaluations kept in memory: the runs of a selftest share their records, and so ask the same again."""


class CelError(Exception):
    """No value: it does not compile, misses a field, compares unlike types, is no boolean."""


class Expression:
    """One condition."""

    def __init__(self, source: str) -> None:
        self.source = source
        self._program = _compile(source)
        self._words = None if _WHOLE.search(source) else frozenset(_WORD.findall(source))

    def evaluate(self, variables: Mapping[str, Any]) -> bool:
        """True if the condition holds for these variables."""
        return _evaluate(_Question(self.source, self._program, self._relevant(variables)))

    def _relevant(self, variables: Mapping[str, Any]) -> dict[str, Any]:
        """The variables without the fields that the expression does not name: converting them takes long."""
        words = self._words
        if words is None:
            return dict(variables)
        return {
            name: {k: v for k, v in value.items() if k in words} if isinstance(value, Mapping) else value
            for name, value in variables.items()
        }

    def __repr__(self) -> str:
        return f"Expression({self.source!r})"


class _Question:
    """An expression and its variables; equal ones have equal answers, and many are asked again."""

    __slots__ = ("_known", "program", "source", "variables")

    def __init__(self, source: str, program: Any, variables: dict[str, Any]) -> None:
        self.source, self.program, self.variables = source, program, variables
        self._known = (source, repr(variables))  # equality would hold True for 1

    def __hash__(self) -> int:
        return hash(self._known)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Question) and self._known == other._known


@lru_cache(maxsize=_REMEMBERED)
def _evaluate(question: _Question) -> bool:
    from celpy.adapter import json_to_cel
    from celpy.celtypes import BoolType
    from celpy.evaluation import CELEvalError

    try:
        value = question.program.evaluate({name: json_to_cel(v) for name, v in question.variables.items()})
    except (CELEvalError, TypeError, ValueError, KeyError, AttributeError) as error:
        raise CelError(f"{question.source}: {error}") from error
    if not isinstance(value, (BoolType, bool)):
        raise CelError(f"{question.source}: no boolean but {type(value).__name__}")
    return bool(value)


@lru_cache(maxsize=4096)
def _compile(source: str) -> Any:
    import celpy
    from celpy.celparser import CELParseError

    with _COMPILING:
        try:
            environment = celpy.Environment()
            return environment.program(environment.compile(source))
        except (CELParseError, ValueError, TypeError) as error:
            raise CelError(f"{source}: {error}") from error


def cents(value: str) -> int:
    """A canonical decimal string with at most two places as integer hundredths."""
    whole, _, part = value.lstrip("-").partition(".")
    amount = int(whole) * 100 + int(part.ljust(2, "0"))
    return -amount if value.startswith("-") else amount
