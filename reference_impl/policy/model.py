"""Frozen values of the platform: subjects, callers, clients, problems; and the refusal."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Self

Document = Mapping[str, Any]
Identifier = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Subject:
    """A subject of information: a type and at least one identifier."""

    type: str
    ids: frozenset[Identifier]

    @classmethod
    def of(cls, document: Document) -> Self:
        return cls(document["type"], frozenset((i["scheme"], i["value"]) for i in document["ids"]))


@dataclass(frozen=True, slots=True)
class Caller:
    """The sender of a request, by its access token."""

    client_id: str
    role: str
    audience: str
    scopes: frozenset[str]
    subject: Subject | None = None
    capacity: str | None = None
    assurance: str | None = None


@dataclass(frozen=True, slots=True)
class Client:
    """A party that may authenticate: configured (hub, upstream, provider) or admitted (institution)."""

    client_id: str
    role: str
    """A client role, or the class of an institution."""
    jwks: Document
    status: str = "active"


@dataclass(frozen=True, slots=True)
class Problem:
    """Content of an error reply (RFC 9457); the code decides status and texts."""

    code: str
    status: int | None = None
    detail: Mapping[str, str] | None = None
    errors: Sequence[Mapping[str, str]] = ()
    members: Mapping[str, Any] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)


class Refusal(Exception):  # noqa: N818 (a refusal is an answer, not a fault)
    """The problem with which a request is answered. Raised anywhere below the adapter."""

    def __init__(self, code: str, **more: Any) -> None:
        super().__init__(code)
        self.problem = Problem(code, **more)
