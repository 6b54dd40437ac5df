"""The context of a case: seeded randomness, planted values, waits and the exchanges so far, over a port."""

import hashlib
import time
from base64 import b32encode
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from random import Random
from typing import Any, TypeVar

from conformance.counterpart import place_path
from conformance.evidence import Vault, personal_values
from conformance.model.context import World
from conformance.model.judgement import Case
from conformance.model.standard import Standard
from conformance.model.target import Target
from conformance.model.wire import Exchange, Incoming, Reply, Request, StagedAnswer
from conformance.runner.contexts.attempts import Attempts, seeded
from conformance.runner.contexts.port import Port, Position

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class LoadedWorld:
    """Source of the records of a loaded data set: the same in every run."""

    standard: Standard
    random: Random
    today: date
    plant: Callable[[str], str]


@dataclass(slots=True, kw_only=True)
class CaseContext:
    """The one implementation of `Context`; see there. Ports differ, contexts do not."""

    standard: Standard
    target: Target
    case: Case
    random: Random
    today: date
    nonce: str
    vault: Vault
    port: Port
    _exchanges: list[Exchange] = field(default_factory=list)
    _incoming: list[Incoming] = field(default_factory=list)
    _looks: int = 0
    _loaded_world: LoadedWorld | None = None
    _attempts: Attempts = field(init=False)

    def __post_init__(self) -> None:
        self._attempts = Attempts(self.random)

    @property
    def exchanges(self) -> tuple[Exchange, ...]:
        """All exchanges so far, in order."""
        return tuple(self._exchanges)

    @property
    def incoming(self) -> tuple[Incoming, ...]:
        """All calls of the platform so far, in order, including those that the check never looked at."""
        self._collect(0)
        return tuple(self._incoming)

    @property
    def world(self) -> World:
        """The data set that the platform has loaded, prepared once; else this context."""
        data_set = self.target.data_set
        if data_set is None:
            return self
        if self._loaded_world is None:
            random = seeded(data_set.seed, data_set.id, self.case)
            self._loaded_world = LoadedWorld(self.standard, random, data_set.day, self.plant)
        return self._loaded_world

    def plant(self, value: str) -> str:
        """Note a sensitive value of the case, and return it."""
        self.vault.plant(self.case.id, value)
        return value

    def keep(self, record: Mapping[str, Any]) -> bool:
        """As `Context.keep`: asks the port only if the target has loaded a data set."""
        return self.target.data_set is not None and self.port.has_loaded(record)

    def send(self, request: Request) -> Reply:
        """As `Context.send`: plants the personal values of the request, and sends it again after a 429."""
        for value in personal_values(request):  # made up by the check, whether it said so or not
            self.plant(value)
        position = self._next_position()
        while True:
            reply = self._exchange(request, position)
            if not self.port.resend(request, reply, position):
                return reply
            position = replace(position, step=position.step + 1, retry=position.retry + 1)

    def place(self, name: str) -> str:
        """As `Context.place`: the URL below that of the provider, unguessable by the nonce of the run."""
        segment = _segment(self.nonce, self.case, name)
        self.port.open_place(name, segment)
        return self.target.provider_url.rstrip("/") + place_path(segment)

    def stage(self, place: str, answers: Sequence[StagedAnswer], correlation: str = "") -> None:
        """As `Context.stage`."""
        self.port.stage(place, answers, correlation)

    def received(self, place: str = "") -> tuple[Incoming, ...]:
        """As `Context.received`; each call counts as one look."""
        self._looks += 1
        self._collect(self._looks)
        return tuple(call for call in self._incoming if place in {"", call.place})

    def wait_until(self, probe: Callable[[], T | None], seconds: float) -> T | None:
        """As `Context.wait_until`; the port decides on further attempts, so that a record repeats them."""
        end = time.monotonic() + seconds
        with self._attempts.waiting():
            while True:
                outcome = self._attempts.make(probe)
                if outcome is not None:
                    return outcome
                if not self.port.try_again(self._next_position(), end - time.monotonic()):
                    return None

    def repeat(self, probe: Callable[[], T | None]) -> T:
        """As `Context.repeat`; attempts outside a wait count as those of a wait."""
        if self._attempts.wait:
            return _first_outcome(probe)
        with self._attempts.waiting():
            return _first_outcome(lambda: self._attempts.make(probe))

    def _next_position(self) -> Position:
        return Position(len(self._exchanges) + 1, self._attempts.wait, self._attempts.attempt)

    def _exchange(self, request: Request, position: Position) -> Reply:
        transmission = self.port.exchange(request, position)
        reply = replace(transmission.reply, step=position.step)
        numbers = (position.wait, position.attempt, position.retry)
        self._exchanges.append(
            Exchange(position.step, request, transmission.method, transmission.url, reply, *numbers)
        )
        return reply

    def _collect(self, look: int) -> None:
        new = self.port.arrived(look)[len(self._incoming) :]
        self._incoming += [replace(call, look=look) for call in new]


def _first_outcome(probe: Callable[[], T | None]) -> T:
    while True:
        outcome = probe()
        if outcome is not None:
            return outcome


def _segment(nonce: str, case: Case, place: str) -> str:
    """Path segment that names a place of a case to nobody but the suite: 32 letters and digits of base 32."""
    digest = hashlib.sha256(f"{nonce}|{case.id}|{place}".encode()).digest()
    return b32encode(digest[:20]).decode().lower()
