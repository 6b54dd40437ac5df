"""The token cache: one acquisition at a time for each credential, renewed before it ends."""

import time
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from threading import Lock
from typing import Any

from conformance.model.wire import Reply
from conformance.wire.failure_causes import Cause, inconclusive

MARGIN = 15.0
"""Seconds before its end from which a token is no longer used."""


@dataclass(slots=True)
class _Slot:
    lock: Lock = field(default_factory=Lock)
    value: str = ""
    until: float = 0.0
    generation: int = 0


class Tokens:
    """Bearer tokens by credential."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._slots: dict[Hashable, _Slot] = {}

    def get(self, credential: Hashable, acquire: Callable[[int], Reply]) -> str:
        """The token of a credential; `acquire(generation)` asks the platform for one."""
        slot = self._slot(credential)
        with slot.lock:
            if time.monotonic() >= slot.until:
                slot.generation += 1
                slot.value, lifetime = granted(acquire(slot.generation))
                slot.until = time.monotonic() + max(lifetime - MARGIN, lifetime / 2)
            return slot.value

    def forget(self, credential: Hashable) -> None:
        """Do not use a token again that the platform refused."""
        self._slot(credential).until = 0.0

    def _slot(self, credential: Hashable) -> _Slot:
        with self._lock:
            return self._slots.setdefault(credential, _Slot())


def granted(reply: Reply) -> tuple[str, float]:
    """Token and lifetime in a reply; a refusal leaves the check that needed the token inconclusive."""
    body = _object(reply)
    token, lifetime = body.get("access_token"), body.get("expires_in", 60)
    if reply.status != 200 or not isinstance(token, str) or not token:
        raise inconclusive(Cause.CREDENTIALS_REFUSED, status=reply.status, error=body.get("error", "?"))
    return token, float(lifetime) if isinstance(lifetime, int | float) else 60.0


def _object(reply: Reply) -> dict[str, Any]:
    try:
        body = reply.json
    except (ValueError, RecursionError):
        return {}
    return body if isinstance(body, dict) else {}
