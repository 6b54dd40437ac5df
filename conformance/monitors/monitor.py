"""What a monitor is: one requirement, judged on every exchange; and how all monitors read a reply."""

import json
from math import isfinite
from typing import Any, Protocol

from conformance.model.judgement import Finding
from conformance.model.wire import Exchange, Reply

PROBLEM = "application/problem+json"


class Monitor(Protocol):
    """Judges exchanges whoever made them. Holds no state: the same exchange gives the same answer."""

    @property
    def requirement(self) -> str: ...
    @property
    def name(self) -> str: ...

    def observe(self, exchange: Exchange) -> tuple[Finding, ...] | None:
        """What is wrong with the exchange; None where the requirement says nothing about it."""


def from_gateway(reply: Reply) -> bool:
    """A page for people is the answer of something in front of the platform, never the platform's own."""
    return reply.media_type in ("text/html", "application/xhtml+xml")


def strict_json(reply: Reply) -> Any:
    """The body as JSON that every reader takes alike. Raises ValueError.

    RFC 8259 in UTF-8, finite numbers, whole characters, no name twice in one object, no endless nesting.
    """
    try:
        body = json.loads(
            reply.body.decode("utf-8"),
            parse_constant=_refuse,
            parse_float=_finite,
            object_pairs_hook=_unique,
        )
        if b"\\u" in reply.body:
            json.dumps(body, ensure_ascii=False).encode("utf-8")
    except RecursionError as error:
        raise ValueError("nested too deeply") from error
    return body


def _refuse(constant: str) -> Any:
    raise ValueError(constant)


def _finite(number: str) -> float:
    value = float(number)
    if not isfinite(value):
        raise ValueError(number)
    return value


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) != len(pairs):
        raise ValueError("a name occurs twice")
    return members
