"""Checks of the toy platform, and the plans they stand in."""

import threading
import time
from collections.abc import Callable, Sequence
from datetime import date
from typing import Any, NoReturn

from conformance import expect
from conformance.checks.verifies import MARK, verifies
from conformance.model.context import Context
from conformance.model.judgement import Case, Check, Finding, Verdict
from conformance.model.run import Plan
from conformance.model.standard import Standard
from conformance.model.text import Message
from conformance.model.wire import Exchange, Request
from conformance.monitors import Monitor
from conformance.runner import Settings, plan
from tests.support import toy_platform

V = Verdict
HEALTH = Request("getHealth")
TARGET = toy_platform.target("http://unused.test")
FIXED = Settings(seed=1, nonce="n", as_of=date(2026, 11, 23))


def check(requirement: str, **options: Any) -> Callable[[Callable[[Any], None]], Check]:
    def mark(function: Callable[[Any], None]) -> Check:
        found = getattr(verifies(requirement, **options)(function), MARK)
        assert isinstance(found, Check)
        return found

    return mark


@check("TOY-001")
def health_is_answered(ctx: Context) -> None:
    expect.status(ctx.send(HEALTH), 200)


@check("TOY-001", expand=lambda _: ("F01-01", "F01-02"))
def things_are_kept(ctx: Context) -> None:
    name = ctx.plant(f"name-{ctx.case.parameter}-{ctx.random.randrange(10**9)}")
    made = ctx.send(Request("createThing", body={"name": name}))
    found = ctx.send(Request("getThing", path={"id": expect.at(made, "/id")}))
    expect.equal(found.json, {"name": name}, "reply.body", found)


def planned(standard: Standard, *checks: Check, monitors: Sequence[Any] = (), **options: Any) -> Plan:
    selection, target = options.pop("selection", None), options.pop("target", TARGET)
    return plan(standard, target, checks, monitors, selection, settings=FIXED, **options)


def ids(of: Plan) -> list[str]:
    return [p.case.id for p in of.planned]


def only(of: Plan) -> tuple[Verdict | None, str | None]:
    (single,) = of.planned
    return single.verdict, single.why.key if single.why else None


CHECKS = (health_is_answered, things_are_kept)


def no_context(case: Case) -> NoReturn:
    raise AssertionError(case.id)


MEETING_SECONDS = 20.0
"""How long a check waits for another one beside it, on a machine that does much else."""


class Lanes:
    """Checks that record who runs beside whom."""

    def __init__(self) -> None:
        self.running, self.most, self.beside = 0, 0, set[str]()
        self.lock = threading.Lock()
        self.met = threading.Event()
        """Set once two checks ran at a time."""

    def check(self, name: str, *, exclusive: bool) -> Check:
        def body(ctx: Context) -> None:
            with self.lock:
                self.running += 1
                self.most = max(self.most, self.running)
                if exclusive and self.running > 1:
                    self.beside.add(name)
                if self.running > 1:
                    self.met.set()
            ctx.send(HEALTH)
            if exclusive:
                time.sleep(0.05)
            else:
                self.met.wait(MEETING_SECONDS)
            with self.lock:
                self.running -= 1

        return Check("TOY-001", name, body, exclusive=exclusive)


BAD = Finding(Message("m.bad"), where="reply.body")


class Watching(Monitor):
    """A monitor that finds fault with replies of one operation."""

    requirement, name = "TOY-002", "watching"

    def __init__(
        self, finding: Finding | None = None, relevant: str = "getHealth", *, broken: bool = False
    ) -> None:
        self.finding, self.relevant, self.broken = finding, relevant, broken

    def observe(self, exchange: Exchange) -> tuple[Finding, ...] | None:
        if self.broken:
            raise KeyError("x")
        if exchange.request.operation != self.relevant:
            return None
        return (self.finding,) if self.finding else ()
