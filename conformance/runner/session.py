"""One session with one platform: wire, vault, redaction, and a context for each case."""

import time
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from typing import Self

from conformance.evidence import Redactor, Vault
from conformance.expect import NotVerified
from conformance.model import clock
from conformance.model.judgement import Case
from conformance.model.standard import Standard
from conformance.model.target import Target
from conformance.model.text import Message
from conformance.runner import callback_probe
from conformance.runner.contexts import CaseContext, LivePort, Port, seeded
from conformance.runner.counterpart import Counterpart
from conformance.wire import KeyStore, Wire

PROBE = Case("", "reach")
"""Case of the probes, which belong to no requirement."""
CASE_SECONDS = 120.0
"""Time limit of one case, of the suite and not of the standard."""


@dataclass(frozen=True, slots=True)
class Session:
    """Everything that a run against a platform needs; `context` is the context factory of the runner."""

    target: Target
    standard: Standard
    seed: int
    nonce: str
    today: date
    """The platform's day in China when the session began."""
    vault: Vault
    keys: KeyStore
    wire: Wire
    counterpart: Counterpart | None = None
    case_seconds: float = CASE_SECONDS

    @property
    def redactor(self) -> Redactor:
        """Redacts with everything that was planted and hidden so far."""
        return Redactor(self.vault)

    def context(self, case: Case, port: Port | None = None) -> CaseContext:
        """The context of a case, over a port of its own by default."""
        return CaseContext(
            standard=self.standard,
            target=self.target,
            case=case,
            random=seeded(self.seed, self.nonce, case),
            today=self.today,
            nonce=self.nonce,
            vault=self.vault,
            port=port or self.port(case),
        )

    def port(self, case: Case) -> LivePort:
        """A port to the platform; the time of the case begins now."""
        return LivePort(
            case=case,
            target=self.target,
            today=self.today,
            wire=self.wire,
            deadline=time.monotonic() + self.case_seconds,
            counterpart=self.counterpart,
        )

    def reach(self) -> Message | None:
        """Why the platform does not reach the suite's server; None if it does."""
        if self.counterpart is None:
            return Message("counterpart.not_configured")
        try:
            self.counterpart.prove()
        except NotVerified as fault:
            return fault.message
        return None

    def loaded(self) -> Message | None:
        """Why the platform does not seem to have the data set; None if it has, or needs none."""
        if self.target.data_set is None:
            return None
        return callback_probe.why_not_loaded(self.context(PROBE), self.target.data_set)

    def close(self) -> None:
        """Close the suite's server and all connections."""
        if self.counterpart is not None:
            self.counterpart.close()
        self.wire.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def open_session(
    target: Target, standard: Standard, seed: int, nonce: str, *, read_only: bool = False
) -> Session:
    """Open a session: fetches the descriptor. Raises Inconclusive when the platform cannot be reached."""
    keys = KeyStore(target.key_store)
    vault = Vault(_salt(keys, target, nonce))
    wire = Wire(target, standard, vault, keys, nonce=nonce, read_only=read_only)
    try:
        _ = wire.descriptor
    except BaseException:
        wire.close()
        raise
    today = clock.day_of(wire.now())
    session = Session(target, standard, seed, nonce, today, vault, keys, wire)
    try:
        probe = partial(callback_probe.why_no_call, session.context(PROBE))
        return replace(session, counterpart=Counterpart.open(target, standard, wire, probe))
    except BaseException:
        wire.close()
        raise


def _salt(keys: KeyStore, target: Target, nonce: str) -> bytes:
    """The salt of commitments: known to whoever holds the vendor's key store, and to nobody else."""
    names = (*(client.key for client in target.clients.values()), *target.institution_keys)
    name = next((name for name in names if name in keys), None)
    return keys.salt(name, nonce) if name else nonce.encode()
