"""Decisions about idempotency keys: creating operations that are sent twice."""

from collections.abc import Callable
from dataclasses import dataclass
from operator import eq
from typing import Any

from reference_impl.knowledge import Setup
from reference_impl.store.idempotency import Idempotency
from reference_impl.wire import negotiation
from reference_impl.wire.message import Call, Request


@dataclass(frozen=True, slots=True, kw_only=True)
class IdempotencyParts:
    """Decisions about requests with an Idempotency-Key."""

    idempotency_key: Callable[[Request], str | None]
    """The key of a request; None to handle it without one. Raises Refusal for an invalid key."""
    recall: Callable[[Call, str], tuple[str, Any] | None]
    """Digest of the earlier request and its reply, by the caller's key; None for an unused key."""
    same_request: Callable[[str, str], bool]
    """True if two digests belong to the same request."""


def honest(_setup: Setup) -> IdempotencyParts:
    """A key is bound to one client, one operation and one body."""
    return IdempotencyParts(idempotency_key=negotiation.idempotency_key, recall=recall, same_request=eq)


def recall(call: Call, key: str) -> tuple[str, Any] | None:
    """The stored request and reply of this client and operation."""
    return call.store[Idempotency].get(call.party.client_id, call.operation, key)
