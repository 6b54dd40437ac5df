"""Values of desensitization: operator calls, rules of types, cells of the disclosure matrix."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from reference_impl.desensitization.tables import Tables

Parameters = Mapping[str, Any]


class UnfitError(Exception):
    """The value is not fit for the operator; the fallback takes its place."""


@dataclass(frozen=True, slots=True)
class OperatorCall:
    """An operator with its parameters, defaults filled in."""

    op: str
    parameters: Parameters


@dataclass(frozen=True, slots=True)
class TypeRule:
    """The desensitization of one type: its valid form, and an operator for each kind."""

    id: str
    normalize: str
    valid: tuple[re.Pattern[str], ...]
    tail: int | None
    calls: Mapping[str, OperatorCall]

    def accepts(self, text: str) -> bool:
        return any(pattern.fullmatch(text) for pattern in self.valid)


class Cell(NamedTuple):
    """The kinds of one class for one audience, without and with authorization."""

    none: str
    authorized: str


@dataclass(frozen=True, slots=True)
class Context:
    """Inputs of operators beside the value: the key and recipient of tokens, and names."""

    key: bytes = b""
    recipient: str = ""
    names: tuple[str, ...] = ()
    """Names of persons in the same record."""


@dataclass(frozen=True, slots=True)
class Scene:
    """The surroundings of an operator: tables, rules, context, fallback, nested operators."""

    tables: Tables
    rules: Mapping[str, TypeRule]
    context: Context
    fallback: str
    nested: Callable[[OperatorCall, str], str]
    """Run an operator on a part of the value; a part that is unfit becomes the fallback."""


Operator = Callable[[Any, Parameters, Scene], Any]


def string(value: object) -> str:
    if not isinstance(value, str):
        raise UnfitError
    return value
