"""Monitors: one requirement, judged on every exchange or call; and the reading of replies they share."""

import json
from enum import StrEnum
from math import isfinite
from typing import Any

from conformance.model.judgement import Finding
from conformance.model.wire import Exchange, Incoming, Reply

Findings = tuple[Finding, ...]


class Direction(StrEnum):
    """Directions of the wire, as the platform sees them."""

    ANSWERED = "answered"
    """Replies of the platform to the suite."""
    SENT = "sent"
    """Calls of the platform to the parties that the suite plays."""


class Monitor:
    """Judges one requirement on whatever crosses the wire in its directions, whichever check caused it.

    Holds no state: the same exchange gives the same findings.
    """

    requirement: str
    name: str
    directions: frozenset[Direction] = frozenset({Direction.ANSWERED})

    def observe(self, exchange: Exchange) -> Findings | None:
        """Findings on a reply; None where the requirement says nothing about it."""
        raise NotImplementedError

    def observe_call(self, call: Incoming) -> Findings | None:
        """Findings on a call of the platform; None where the requirement says nothing about it."""
        raise NotImplementedError


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
