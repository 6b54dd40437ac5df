"""The sources that a session plays, and the proof that the platform reaches them."""

from collections.abc import Callable
from dataclasses import dataclass, field
from threading import Lock
from typing import Self

from conformance.counterpart import Desk, Platform, Server
from conformance.expect import NotVerified
from conformance.model.standard import Standard
from conformance.model.target import Target
from conformance.model.text import Message
from conformance.wire import Wire

Ask = Callable[[Desk], Message | None]
"""Brings the platform to ask the source once; the message says why it did not."""


@dataclass(slots=True)
class Counterpart:
    """Desk and server of one session. Whether the platform reaches it is found out when first needed."""

    desk: Desk
    server: Server | None
    ask: Ask
    fault: Message | None = None
    """Why nobody can reach it, as far as is known."""
    proved: bool = False
    lock: Lock = field(default_factory=Lock)

    @classmethod
    def open(cls, target: Target, standard: Standard, wire: Wire, ask: Ask) -> Self | None:
        """Listens as the target says; None where it says nothing."""
        if not target.provider_listen:
            return None
        described = wire.descriptor
        jwks = described.document.get("jwks")
        known = jwks if isinstance(jwks, dict) else {}
        platform = Platform(described.issuer, known, target.provider_url, wire.now)
        desk = Desk(standard.provider_api, platform)
        try:
            server = Server(target.provider_listen, desk.answer)
        except (OSError, OverflowError) as error:
            why = {"listen": target.provider_listen, "reason": error.__class__.__name__}
            return cls(desk, None, ask, Message("counterpart.not_listening", why))
        return cls(desk, server, ask)

    def prove(self) -> None:
        """Raises NotVerified unless the platform has reached the source once."""
        with self.lock:
            if not self.proved and self.fault is None:
                why = self.ask(self.desk)
                self.proved = self.desk.arrivals > 0
                self.fault = None if self.proved else why
            if self.fault is not None:
                raise NotVerified(self.fault)

    def close(self) -> None:
        if self.server is not None:
            self.server.close()
