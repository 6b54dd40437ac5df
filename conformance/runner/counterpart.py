"""The parties that a session plays as a server, and the proof that the platform reaches it."""

from collections.abc import Callable
from dataclasses import dataclass, field
from threading import Lock
from typing import Self

from conformance.counterpart import Inbox, Platform, Provider, Server
from conformance.expect import NotVerified
from conformance.model.standard import Standard
from conformance.model.target import Target
from conformance.model.text import Message
from conformance.wire import Wire

Probe = Callable[[Inbox], Message | None]
"""Brings the platform to call the suite once; the message says why it did not."""


@dataclass(slots=True)
class Counterpart:
    """Inbox and server of one session. Whether the platform reaches it is found out when first needed."""

    inbox: Inbox
    server: Server | None
    probe: Probe
    fault: Message | None = None
    """Why nobody can reach the server; None as long as that is not known."""
    proved: bool = False
    lock: Lock = field(default_factory=Lock)

    @classmethod
    def open(cls, target: Target, standard: Standard, wire: Wire, probe: Probe) -> Self | None:
        """Listen at the address that the target names; None where it names none."""
        if not target.provider_listen:
            return None
        descriptor = wire.descriptor
        jwks = descriptor.document.get("jwks")
        keys = jwks if isinstance(jwks, dict) else {}
        platform = Platform(descriptor.issuer, keys, target.provider_url, wire.now)
        inbox = Inbox((Provider(standard.provider_api, platform),))
        try:
            server = Server(target.provider_listen, inbox.answer)
        except (OSError, OverflowError) as error:
            fault = {"listen": target.provider_listen, "reason": error.__class__.__name__}
            return cls(inbox, None, probe, Message("counterpart.not_listening", fault))
        return cls(inbox, server, probe)

    def prove(self) -> None:
        """Raise NotVerified unless the platform has called the suite once."""
        with self.lock:
            if not self.proved and self.fault is None:
                fault = self.probe(self.inbox)
                self.proved = self.inbox.arrivals > 0
                self.fault = None if self.proved else fault
            if self.fault is not None:
                raise NotVerified(self.fault)

    def close(self) -> None:
        """Stop listening."""
        if self.server is not None:
            self.server.close()
