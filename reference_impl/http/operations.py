"""Marks of handlers: which operation each one serves, collected from this package."""

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from reference_impl.discovery import modules
from reference_impl.wire.message import Call, Handler

OPERATION = "__fcsp_operation__"
BACKGROUND_WORK = "__fcsp_background_work__"

Work = Callable[[Call], bool]
"""One bounded piece of work after replies; whether there was anything to do."""


@dataclass(frozen=True, slots=True)
class Mark:
    """The operation of a handler, and whether the worker has to look for work after it."""

    operation: str
    wakes_worker: bool


@dataclass(frozen=True, slots=True)
class Handlers:
    """Everything that the modules of this package serve."""

    by_operation: Mapping[str, Handler]
    waking: frozenset[str]
    """Operations after which the worker looks for work."""
    work: tuple[Work, ...]


def handles(operation: str, *, wakes_worker: bool = False) -> Callable[[Handler], Handler]:
    """Mark a function as the handler of an operation of the published API."""

    def mark(handler: Handler) -> Handler:
        setattr(handler, OPERATION, Mark(operation, wakes_worker))
        return handler

    return mark


def background_work(work: Work) -> Work:
    """Mark a function as work that replies leave behind; the worker calls it until it returns False."""
    setattr(work, BACKGROUND_WORK, True)
    return work


def collect() -> Handlers:
    """All marked functions. Raises LookupError where an operation has two handlers."""
    handlers: dict[str, Handler] = {}
    waking: set[str] = set()
    for function, mark in _marked(OPERATION):
        if handlers.setdefault(mark.operation, function) is not function:
            raise LookupError(f"operation with two handlers: {mark.operation}")
        if mark.wakes_worker:
            waking.add(mark.operation)
    work = tuple(function for function, _ in _marked(BACKGROUND_WORK))
    return Handlers(handlers, frozenset(waking), work)


def require_all(handlers: Handlers, operations: Collection[str]) -> None:
    """Raises LookupError naming the operations of the API that have no handler."""
    missing = set(operations) - handlers.by_operation.keys()
    if missing:
        raise LookupError(f"operations without a handler: {sorted(missing)}")


def _marked(attribute: str) -> Iterator[tuple[Any, Any]]:
    """Functions that carry a mark, each in the module that defines it."""
    for module in modules("reference_impl.http"):
        for member in list(vars(module).values()):
            if getattr(member, "__module__", None) == module.__name__ and hasattr(member, attribute):
                yield member, getattr(member, attribute)
