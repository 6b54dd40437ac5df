"""Decisions of the wire format, the same for every operation."""

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

from reference_impl.knowledge import Setup
from reference_impl.policy.model import Problem
from reference_impl.wire import body, negotiation, problems
from reference_impl.wire.contract import Operation
from reference_impl.wire.message import Reply, Request


@dataclass(frozen=True, slots=True, kw_only=True)
class WireParts:
    """Decisions about requests before, and replies after, any part handles them."""

    problem: Callable[[Problem], Reply]
    negotiate: Callable[[Operation, Request], None]
    """Raises Refusal for a media type that the operation does not accept or cannot produce."""
    read_body: Callable[[AsyncIterator[bytes], int], Awaitable[bytes]]
    """The whole body. Raises Refusal beyond the limit, in bytes."""
    parse: Callable[[bytes], Any]
    """The JSON value of a body. Raises Refusal."""
    request_errors: Callable[[str, str, Any], list[dict[str, str]]]
    """Violations of the contract, by operation id, media type and parsed body."""
    finish: Callable[[str, Reply], Reply]
    """The reply of an operation as it leaves the platform."""


def honest(setup: Setup) -> WireParts:
    """The wire format as the API contract publishes it."""
    knowledge = setup.knowledge
    return WireParts(
        problem=partial(problems.render, codes=knowledge.catalogue.codes["problem"]),
        negotiate=negotiation.negotiate,
        read_body=body.read,
        parse=body.parse,
        request_errors=knowledge.contract.errors,
        finish=lambda _operation, reply: reply,
    )
