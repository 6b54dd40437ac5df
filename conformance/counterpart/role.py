"""A role: one party that the suite plays as a server, by the API published for that party."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol
from urllib.parse import urlsplit

from conformance.counterpart.server import Arrived
from conformance.model.shapes import Api, Operation
from conformance.model.wire import StagedAnswer


@dataclass(frozen=True, slots=True)
class Call:
    """A request as its role reads it."""

    operation: str
    """`operationId` of the role's API; empty for none of its operations."""
    place: str = ""
    """The place that was called, e.g. `source:F08-01`."""
    correlation: tuple[str, ...] = ()
    """Values in the request that tell its case, e.g. identifiers of its subject."""
    faults: tuple[str, ...] = ()
    """Faults of the platform's credential, each in one word."""


class Role(Protocol):
    """Reads requests to one party. A new role is a new file with one such class."""

    def serves(self, arrived: Arrived) -> bool:
        """True if the request is for an operation of this role."""

    def read(self, arrived: Arrived) -> Call:
        """The request as a call of this role. Only once for each request, since a token serves once."""

    def unprepared(self, operation: str) -> StagedAnswer:
        """The answer to a call that no case has prepared for."""


def called_operation(api: Api, arrived: Arrived, base: str) -> Operation | None:
    """The operation that was called below the address `base`, whose own path a proxy may have taken away."""
    path = urlsplit(arrived.url).path
    paths = {path, path.removeprefix(urlsplit(base).path.rstrip("/"))}
    return _matching(api.operations.values(), arrived.method, paths)


def _matching(operations: Iterable[Operation], method: str, paths: set[str]) -> Operation | None:
    return next((o for o in operations if o.method == method and o.path in paths), None)
