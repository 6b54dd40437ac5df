"""One session with one platform: wire, vault, redaction, and a context for each case."""

import time
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import partial
from typing import Self

from conformance.evidence import Redactor, Vault
from conformance.expect import NotVerified
from conformance.model.judgement import Case
from conformance.model.standard import Standard
from conformance.model.target import Target
from conformance.model.text import Message
from conformance.runner import callback_probe
from conformance.runner.contexts import LiveContext, seeded
from conformance.runner.counterpart import Counterpart
from conformance.runner.planning import CHINA
from conformance.wire import KeyStore, Wire

PROOF = Case("", "reach")
"""Stands for no requirement: the query that shows whether the platform reaches the sources of the suite."""
CASE_SECONDS = 120.0
"""The time one case may take; a limit of the suite, not of the standard."""


@dataclass(frozen=True, slots=True)
class Session:
    """What a run against a platform needs; `context` is the context factory of the runner."""

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
        return Redactor(self.vault)

    def context(self, case: Case) -> LiveContext:
        return LiveContext(
            standard=self.standard,
            target=self.target,
            case=case,
            random=seeded(self.seed, self.nonce, case),
            today=self.today,
            vault=self.vault,
            wire=self.wire,
            counterpart=self.counterpart,
            deadline=time.monotonic() + self.case_seconds,
        )

    def reach(self) -> Message | None:
        """Why the platform does not reach the sources that the suite plays; None if it does."""
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
        return callback_probe.find(self.context(PROOF), self.target.data_set)

    def close(self) -> None:
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
    today = datetime.fromtimestamp(wire.now(), CHINA).date()
    session = Session(target, standard, seed, nonce, today, vault, keys, wire)
    try:
        prove = partial(callback_probe.ask, session.context(PROOF))
        return replace(session, counterpart=Counterpart.open(target, standard, wire, prove))
    except BaseException:
        wire.close()
        raise


def _salt(keys: KeyStore, target: Target, nonce: str) -> bytes:
    """The salt of commitments: known to whoever holds the vendor's key store, and to nobody else."""
    names = (*(client.key for client in target.clients.values()), *target.institution_keys)
    name = next((name for name in names if name in keys), None)
    return keys.salt(name, nonce) if name else nonce.encode()
