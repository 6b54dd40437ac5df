"""Contexts: the door to a live platform, and the same door to a record of one."""

import hashlib
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from random import Random
from typing import Any, TypeVar

from conformance.evidence import (
    Canon,
    Recorded,
    Vault,
    digest,
    personal_values,
    restored,
    restored_incoming,
)
from conformance.evidence.replay import url
from conformance.expect import Inconclusive, NotVerified, SuiteError, Undecided
from conformance.model.context import World
from conformance.model.judgement import Case, Result, Verdict
from conformance.model.standard import Standard
from conformance.model.target import Target, digest_of
from conformance.model.text import Message
from conformance.model.wire import Answer, Exchange, Incoming, Reply, Request
from conformance.runner.counterpart import Counterpart
from conformance.runner.planning import CHINA
from conformance.wire import Wire, retry_after

T = TypeVar("T")
PAUSES = (0.02, 0.05, 0.1, 0.2, 0.5)
"""Seconds between the attempts of a wait; the last one repeats."""


def seeded(seed: int, nonce: str, case: Case) -> Random:
    """The randomness of a case: equal for equal seed and nonce, whatever runs beside it."""
    text = f"{seed}|{nonce}|{case.requirement}/{case.check}|{case.id}"
    return Random(int.from_bytes(hashlib.sha256(text.encode()).digest()))


class Fork:
    """Randomness of its own for each attempt, so that what comes after does not depend on their number."""

    def __init__(self, random: Random) -> None:
        self._random, self._seed = random, random.getrandbits(64)
        self._after = random.getstate()

    def take(self, attempt: int) -> None:
        self._random.seed(self._seed + attempt)

    def join(self) -> None:
        self._random.setstate(self._after)


@dataclass(frozen=True, slots=True)
class LoadedWorld:
    """What the records of a loaded data set are made from, again and again the same."""

    standard: Standard
    random: Random
    today: date
    plant: Callable[[str], str]


@dataclass(slots=True, kw_only=True)
class _Base:
    """What every context has: values, seeded randomness, planted values and the exchanges so far."""

    standard: Standard
    target: Target
    case: Case
    random: Random
    today: date
    vault: Vault
    steps: list[Exchange] = field(default_factory=list)
    seen: list[Incoming] = field(default_factory=list)
    looks: int = 0
    loaded: "LoadedWorld | None" = None
    waits: int = 0
    wait: int = 0
    attempt: int = 0
    retry: int = 0
    fork: "Fork | None" = None

    @property
    def exchanges(self) -> tuple[Exchange, ...]:
        return tuple(self.steps)

    @property
    def incoming(self) -> tuple[Incoming, ...]:
        """What was received, whether the check looked at it or not."""
        return tuple(self.seen)

    def plant(self, value: str) -> str:
        self.vault.plant(self.case.id, value)
        return value

    @property
    def world(self) -> World:
        found = self.target.data_set
        if found is None:
            return self
        if self.loaded is None:
            random = seeded(found.seed, found.id, self.case)
            self.loaded = LoadedWorld(self.standard, random, found.day, self.plant)
        return self.loaded

    def keep(self, record: Mapping[str, Any]) -> bool:
        return self.target.data_set is not None and self._keep(record)

    def _keep(self, record: Mapping[str, Any]) -> bool:
        del record
        return True

    def _plant_personal(self, request: Request) -> None:
        """What a check sends is known to be made up, whether the check said so or not."""
        for value in personal_values(request):
            self.vault.plant(self.case.id, value)

    def repeat(self, probe: Callable[[], T | None]) -> T:
        if self.wait:
            return _first(probe)
        self._enter()
        try:
            return _first(lambda: self._attempt(probe))
        finally:
            self._leave()

    def _enter(self) -> None:
        if self.wait:
            raise SuiteError(Message("runner.nested_wait"))
        self.waits += 1
        self.wait, self.attempt = self.waits, 0
        self.fork = Fork(self.random)

    def _attempt(self, probe: Callable[[], T | None]) -> T | None:
        self.attempt += 1
        if self.fork is not None:
            self.fork.take(self.attempt)
        return probe()

    def _leave(self) -> None:
        self.wait = self.attempt = 0
        if self.fork is not None:
            self.fork.join()

    def _record(self, request: Request, method: str, address: str, reply: Reply) -> Reply:
        step = len(self.steps) + 1
        numbered = replace(reply, step=step)
        self.steps.append(
            Exchange(step, request, method, address, numbered, self.wait, self.attempt, self.retry)
        )
        return numbered


@dataclass(slots=True, kw_only=True)
class LiveContext(_Base):
    """A case against the platform."""

    wire: Wire
    deadline: float
    """Monotonic seconds after which the case sends nothing more."""
    counterpart: Counterpart | None = None
    """None in a context that has no sources to play."""

    def send(self, request: Request) -> Reply:
        end = min(self.deadline, time.monotonic() + retry_after.LONGEST)
        self.retry = 0
        while True:
            reply = self._once(request)
            pause = retry_after.pause(reply, self.wire.now()) if request.patient else None
            if pause is None or time.monotonic() + pause >= end:
                return reply
            time.sleep(pause)
            self.retry += 1

    def _once(self, request: Request) -> Reply:
        self._check_time()
        self._plant_personal(request)
        step = len(self.steps) + 1
        try:
            method, address, reply = self.wire.exchange(request, self.deadline, self.case.id, step)
        except Undecided as fault:
            fault.where = f"step {step}: {request.operation}"
            raise
        return self._record(request, method, address, reply)

    def wait_until(self, probe: Callable[[], T | None], within: float) -> T | None:
        end = min(time.monotonic() + within, self.deadline)
        self._enter()
        try:
            while True:
                found = self._attempt(probe)
                left = end - time.monotonic()
                if found is not None or left <= 0:
                    return found
                time.sleep(min(PAUSES[min(self.attempt, len(PAUSES)) - 1], left))
        finally:
            self._leave()

    def stage(self, item: str, identifier: str, answer: Answer) -> None:
        if self.counterpart is None:
            raise NotVerified(Message("counterpart.not_configured"))
        self.counterpart.prove()
        self.counterpart.desk.stage(self.case.id, item, identifier, answer)

    def received(self) -> tuple[Incoming, ...]:
        self.looks += 1
        self._collect(self.looks)
        return tuple(self.seen)

    @property
    def incoming(self) -> tuple[Incoming, ...]:
        self._collect(0)
        return tuple(self.seen)

    def _keep(self, record: Mapping[str, Any]) -> bool:
        if self.target.data_set and digest_of(record) not in self.target.data_set.records:
            raise NotVerified(Message("data.not_in_set", {"id": self.target.data_set.id}))
        return True

    def _collect(self, look: int) -> None:
        arrived = self.counterpart.desk.arrived(self.case.id) if self.counterpart else ()
        self.seen += [replace(one, look=look) for one in arrived[len(self.seen) :]]

    def _check_time(self) -> None:
        if time.monotonic() >= self.deadline:
            raise Inconclusive(Message("runner.deadline"))
        if datetime.fromtimestamp(self.wire.now(), CHINA).date() != self.today:
            # Dated data was made for the day before; a verdict on it would be wrong.
            raise Inconclusive(Message("runner.day_changed", {"today": self.today.isoformat()}))


@dataclass(slots=True, kw_only=True)
class RecordedContext(_Base):
    """A case against its record: each request must be the recorded one, and gets the recorded reply."""

    recorded: Recorded | None
    canon: Canon = field(default_factory=Canon)

    def send(self, request: Request) -> Reply:
        self.retry = 0
        while True:
            reply = self._once(request)
            if not self._sent_again():
                return reply
            self.retry += 1

    def _once(self, request: Request) -> Reply:
        self._plant_personal(request)
        step = len(self.steps) + 1
        sent = self.canon.request(request)
        exchange = self._recorded(step, request)
        if digest(sent) != self.recorded.digests[step - 1]:  # type: ignore[union-attr]
            raise _diverged(step, sent)
        reply = restored(exchange.reply, self.vault, self.case.id)
        self.canon.learn(reply, self.wait, self.attempt, self.retry)
        address = url(exchange.url, self.vault, self.case.id)
        return self._record(request, exchange.method, address, reply)

    def wait_until(self, probe: Callable[[], T | None], within: float) -> T | None:
        del within  # the record tells how often the platform was asked
        self._enter()
        try:
            while True:
                found = self._attempt(probe)
                if found is not None or not self._asked_again():
                    return found
        finally:
            self._leave()

    def stage(self, item: str, identifier: str, answer: Answer) -> None:
        del item, identifier, answer  # the record tells what came of it
        if self.recorded is None:
            raise NotVerified(Message("runner.not_recorded"))
        result = self.recorded.result
        ended = result.verdict is Verdict.NOT_VERIFIED and len(self.steps) == len(result.exchanges)
        if ended and result.findings[0].message.key.startswith("counterpart."):
            raise _again(NotVerified(result.findings[0].message), result)

    def received(self) -> tuple[Incoming, ...]:
        self.looks += 1
        recorded = self.recorded.result.received if self.recorded else ()
        shown = [one for one in recorded if one.look and one.look <= self.looks]
        self.seen = [restored_incoming(one, self.vault, self.case.id) for one in shown]
        return tuple(self.seen)

    def _asked_again(self) -> bool:
        following = self._following()
        return following is not None and following.wait == self.wait

    def _sent_again(self) -> bool:
        """Whether the record tells that the request was answered 429 and repeated."""
        following = self._following()
        return following is not None and following.retry > self.retry

    def _following(self) -> Exchange | None:
        steps = self.recorded.result.exchanges if self.recorded else ()
        return steps[len(self.steps)] if len(steps) > len(self.steps) else None

    def _recorded(self, step: int, request: Request) -> Exchange:
        if self.recorded is None:
            raise NotVerified(Message("runner.not_recorded"))
        result = self.recorded.result
        if step <= len(result.exchanges):
            return result.exchanges[step - 1]
        if result.verdict is Verdict.INCONCLUSIVE:
            raise _again(Inconclusive(result.findings[0].message), result)
        if result.verdict is Verdict.NOT_VERIFIED:
            raise _again(NotVerified(result.findings[0].message), result)
        raise _diverged(step, self.canon.request(request))


def _first(probe: Callable[[], T | None]) -> T:
    while True:
        found = probe()
        if found is not None:
            return found


def _again(fault: Undecided, result: Result) -> Undecided:
    fault.where = result.findings[0].where
    return fault


def _diverged(step: int, sent: object) -> SuiteError:
    return SuiteError(Message("runner.diverged", {"step": step, "request": sent}))
