"""Marks for sample bodies and identifiers: each stands beside its party, gathered here and nowhere listed."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from typing import TYPE_CHECKING, Any, TypeVar

from conformance.model.context import Context
from conformance.model.shapes import Item
from conformance.model.wire import Json

if TYPE_CHECKING:
    from conformance.actors.subject import Subject

PACKAGE = "conformance.actors"
MARK = "__fcsp_samples__"
MakeBody = Callable[[Context, Item, "Subject"], Json]
"""A valid body of an operation about an item and a subject."""
MakeId = Callable[[Context], str]
Function = TypeVar("Function", bound=Callable[..., Any])


@dataclass(frozen=True, slots=True)
class Samples:
    """All samples of the package."""

    bodies: Mapping[str, MakeBody]
    """By `operationId`."""
    unknown_ids: Mapping[str, MakeId]
    """By path parameter: identifiers of nothing that the platform has."""
    existing_ids: Mapping[str, MakeId]
    """By path parameter: identifiers of something that the platform then has."""


def sample_body(operation: str) -> Callable[[MakeBody], MakeBody]:
    """Mark a function as the maker of sample bodies for an operation."""
    return lambda function: _marked(function, "bodies", operation)


def unknown_id(parameter: str) -> Callable[[MakeId], MakeId]:
    """Mark a function as the maker of identifiers of nothing; without one, a fresh key serves."""
    return lambda function: _marked(function, "unknown_ids", parameter)


def existing_id(parameter: str) -> Callable[[MakeId], MakeId]:
    """Mark a function as the maker of something, which returns its identifier."""
    return lambda function: _marked(function, "existing_ids", parameter)


def _marked(function: Function, kind: str, name: str) -> Function:
    setattr(function, MARK, (*getattr(function, MARK, ()), (kind, name)))
    return function


@cache
def collect_samples() -> Samples:
    """The samples of all modules of the actors."""
    samples: dict[str, dict[str, Any]] = {"bodies": {}, "unknown_ids": {}, "existing_ids": {}}
    for info in iter_modules(import_module(PACKAGE).__path__, f"{PACKAGE}."):
        for member in vars(import_module(info.name)).values():
            for kind, name in getattr(member, MARK, ()):
                samples[kind][name] = member
    return Samples(**samples)
