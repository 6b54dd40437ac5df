"""The words of desensitization: calls of operators, rules of types, cells of the matrix."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from reference_impl.desensitization.tables import Tables

Parameters = Mapping[str, Any]


class UnfitError(Exception):
    """The value cannot be desensitized as asked; the fallback takes its place."""


@dataclass(frozen=True, slots=True)
class OperatorCall:
    """An operator with its parameters, defaults filled in."""

    op: str
    parameters: Parameters


@dataclass(frozen=True, slots=True)
class TypeRule:
    """How values of one type are desensitized: an operator for each kind."""

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
    """What an operator may need beside the value."""

    key: bytes = b""
    recipient: str = ""
    names: tuple[str, ...] = ()
    """Names of persons of the same record."""


@dataclass(frozen=True, slots=True)
class Scene:
    """Everything an operator sees but the value and its parameters."""

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
