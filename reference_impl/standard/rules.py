"""Conditions and cross-field rules in CEL, compiled once. Engine: common-expression-language."""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

import cel

from reference_impl.standard.source import StandardError

Variables = cel.Context
"""Variables of expressions, converted once for all expressions over one record."""


class ConditionError(Exception):
    """The evaluation of a condition failed, or gave no boolean."""


class Expression:
    """A compiled expression."""

    def __init__(self, source: str) -> None:
        self.source = source
        try:
            self._program = cel.compile(source)
        except ValueError as error:
            raise StandardError(f"{source}: {error}") from error

    def holds(self, variables: Variables) -> bool:
        """Evaluate; a failure is a `ConditionError`, never a value."""
        try:
            result = self._program.execute(variables)
        except Exception as error:
            raise ConditionError(self.source) from error
        if not isinstance(result, bool):
            raise ConditionError(self.source)
        return result


def variables(content: Mapping[str, Any], decimals: Iterable[str]) -> Variables:
    """Variables of rules: the content, and its decimal strings as integer cents. Raises ConditionError."""
    cents = {name: int(Decimal(content[name]) * 100) for name in decimals}
    try:
        return cel.Context({"record": dict(content), "record_cents": cents})
    except Exception as error:
        raise ConditionError("content that no expression can speak of") from error
