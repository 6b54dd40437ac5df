"""Every cell of the disclosure matrix: which case meets it, and is it noticed when this one cell is wrong.

One platform serves all the wrong matrices, one after the other. A case that meets the changed cell is
rehearsed: what prepares its scene was answered by the platform while it obeyed, and only the queries of the
audience concerned are sent again. So hundreds of platforms cost little more than one.
"""

import json
import secrets
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from threading import Timer
from typing import Any

from conformance.actors.audiences import audiences
from conformance.loader import load_target
from conformance.model.judgement import Result, Verdict
from conformance.model.run import Plan, Planned
from conformance.model.wire import Exchange, Request
from conformance.oracles.disclosure import Place
from conformance.oracles.matrix_coverage import Meeting, cells, meetings
from conformance.runner import Selection, Settings, open_session, plan, run
from conformance.runner.contexts import CaseContext, LivePort, Position, Transmission
from conformance.runner.session import Session
from conformance.selftest import process
from conformance.selftest.matrix import core_seconds
from conformance.selftest.trial import Suite, reference_options
from conformance.workspace import aim, create

REQUIREMENTS = ("DES-001", "DES-004", "DES-007")
"""Requirements on cells: for a field's own class, one that the record opens, one that the subject raises."""
QUERY = "createQuery"
SEED = 0


@dataclass(frozen=True, slots=True)
class Change:
    """One wrong matrix."""

    name: str
    requirement: str
    place: Place
    way: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """Outcome of one wrong matrix."""

    change: Change
    case: str
    """The case that was rehearsed; empty where none meets the cell in this way."""
    caught: bool

    def document(self) -> dict[str, Any]:
        return {"name": self.change.name, "case": self.case, "caught": self.caught}


@dataclass(frozen=True, slots=True)
class Report:
    """All cells and all changes."""

    cells: tuple[Place, ...]
    met: Mapping[Place, tuple[Meeting, ...]]
    outcomes: tuple[Outcome, ...]
    core_seconds: float = 0.0
    """Processor time of judge and platform."""

    @property
    def ok(self) -> bool:
        return bool(self.cells) and not self.unmet and not self.missed and not self.unnoticed

    def document(self) -> dict[str, Any]:
        """For machines: each cell with the cases that meet it, and what became of its wrong matrices."""
        return {
            "ok": self.ok,
            "core_seconds": self.core_seconds,
            "cells": [
                {
                    "place": list(place),
                    "met_by": sorted({meeting.case for meeting in self.met.get(place, ())}),
                    "ways": sorted({meeting.way for meeting in self.met.get(place, ())}),
                    "changes": [one.document() for one in self.outcomes if one.change.place == place],
                }
                for place in self.cells
            ],
        }

    @property
    def unmet(self) -> tuple[Place, ...]:
        return tuple(place for place in self.cells if place not in self.met)

    @property
    def missed(self) -> tuple[Outcome, ...]:
        """Wrong matrices that a case could have noticed, and did not."""
        return tuple(one for one in self.outcomes if one.case and not one.caught)

    @property
    def unnoticed(self) -> tuple[Place, ...]:
        """Cells of which no wrong matrix is noticed."""
        noticed = {one.change.place for one in self.outcomes if one.caught}
        return tuple(place for place in self.cells if place not in noticed)

    @property
    def unreached(self) -> tuple[Outcome, ...]:
        """Wrong matrices that no case meets."""
        return tuple(one for one in self.outcomes if not one.case)


def examine(suite: Suite, *, every: int | None = None) -> Report:
    """The cells that the suite meets on the platform that obeys, and every change of one.

    Where that takes too long, `every=n` tries one change of each cell and way, the widest, and of these every
    n-th.
    """
    began = core_seconds()
    with _platform(suite) as (session, orders):
        planned = _plan(suite, session)
        results = tuple(run(planned, session.context, suite.jobs))
        all_meetings = tuple(meetings(suite.standard, results))
        by_place: dict[Place, tuple[Meeting, ...]] = {}
        for meeting in all_meetings:
            by_place[meeting.place] = (*by_place.get(meeting.place, ()), meeting)
        changes = [
            Change(n, c["requirement"], tuple(c["place"]), c["way"]) for n, c in orders.changes().items()
        ]
        if every:
            changes = list({(c.place, c.way): c for c in reversed(changes)}.values())[::every]
        stage = _Stage(session, {p.case.id: p for p in planned.planned}, {r.case.id: r for r in results})
        outcomes = tuple(
            _outcome(change, by_place.get(change.place, ()), stage, orders) for change in changes
        )
    spent = round(core_seconds() - began, 2)
    return Report(cells(suite.standard, audiences(suite.standard)), by_place, outcomes, spent)


@dataclass(frozen=True, slots=True)
class _Orders:
    """Input of the platform."""

    process: subprocess.Popen[str]

    def changes(self) -> dict[str, Any]:
        listed: dict[str, Any] = json.loads(self._order("list"))
        return listed

    def turn(self, name: str) -> None:
        answer = self._order(name)
        if answer != name:
            raise process.StartError("the platform did not turn", answer)

    def _order(self, line: str) -> str:
        assert self.process.stdin and self.process.stdout  # noqa: S101, PT018 - both are pipes
        self.process.stdin.write(line + "\n")
        self.process.stdin.flush()
        return self.process.stdout.readline().rstrip("\n")


@dataclass(frozen=True, slots=True)
class _Stage:
    """Preconditions of a rehearsal."""

    session: Session
    planned: Mapping[str, Planned]
    results: Mapping[str, Result]

    def size(self, case: str) -> tuple[int, str]:
        return sum(len(exchange.reply.body) for exchange in self.results[case].exchanges), case

    def rehearse(self, case: str, audience: str) -> Result:
        """The case once more; only what this audience asks goes to the platform."""
        planned = self.planned[case]
        alone = Plan((planned,), SEED, self.session.nonce, self.session.today, complete=False)
        earlier = self.results[case].exchanges

        def context(_: object) -> CaseContext:
            port = EarlierReplies(
                case=planned.case,
                target=self.session.target,
                today=self.session.today,
                wire=self.session.wire,
                deadline=time.monotonic() + self.session.case_seconds,
                counterpart=self.session.counterpart,
                earlier=earlier,
                audience=audience,
            )
            return self.session.context(planned.case, port)

        return next(iter(run(alone, context, 1)))


@dataclass(slots=True, kw_only=True)
class EarlierReplies(LivePort):
    """Repeats earlier replies; only what one audience queries goes to the platform."""

    earlier: Sequence[Exchange]
    audience: str

    def exchange(self, request: Request, position: Position) -> Transmission:
        known = self.earlier[position.step - 1] if position.step <= len(self.earlier) else None
        if known is None or known.request != request or self._concerns(known):
            return LivePort.exchange(self, request, position)
        return Transmission(known.method, known.url, known.reply)

    def _concerns(self, known: Exchange) -> bool:
        if known.request.operation != QUERY or known.reply.status != 200:
            return False
        return bool(known.reply.json.get("audience") == self.audience)


def _outcome(change: Change, cell_meetings: Sequence[Meeting], stage: _Stage, orders: _Orders) -> Outcome:
    """Rehearse the cases of the requirement that meet the cell in the way of the change, the shortest first.

    A case may meet a cell with fields that look the same under both kinds, as many do without their operator.
    """
    cases = {m.case for m in cell_meetings if m.way == change.way and m.case.startswith(change.requirement)}
    orders.turn(change.name)
    case = ""
    for case in sorted(cases, key=stage.size):
        if stage.rehearse(case, change.place[1]).verdict is Verdict.FAILED:
            return Outcome(change, case, caught=True)
    return Outcome(change, case, caught=False)


def _plan(suite: Suite, session: Session) -> Plan:
    checks = [check for check in suite.checks if check.requirement in REQUIREMENTS]
    settings = Settings(SEED, session.nonce, session.today, "provincial")
    return plan(suite.standard, session.target, checks, (), Selection(ids=REQUIREMENTS), settings=settings)


@contextmanager
def _platform(suite: Suite) -> Iterator[tuple[Session, _Orders]]:
    """A platform that takes orders, and a session with it."""
    with tempfile.TemporaryDirectory(prefix="fcsp-cells-") as folder:
        options = reference_options(suite.standard)
        workspace = create(Path(folder), options, suite.standard)
        words = [*suite.arguments(workspace), "--cells"]
        with _started(words) as (address, orders):
            aim(workspace, address, options, suite.standard)
            target = load_target(workspace.target)
            with open_session(target, suite.standard, SEED, secrets.token_hex(8)) as session:
                yield session, orders


@contextmanager
def _started(words: Sequence[str]) -> Iterator[tuple[str, _Orders]]:
    started = subprocess.Popen(  # noqa: S603 - our own interpreter and module
        [sys.executable, "-u", "-m", process.MODULE, "--host", "127.0.0.1", "--port", "0", *words],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env=process.environment(),
        start_new_session=True,
    )
    watch = Timer(process.START_SECONDS, started.kill)
    watch.start()
    try:
        assert started.stdout  # noqa: S101 - it is a pipe
        line = started.stdout.readline()
        watch.cancel()
        if not line.startswith(process.READY):
            raise process.StartError("no address", line)
        yield line.removeprefix(process.READY).strip(), _Orders(started)
    finally:
        watch.cancel()
        process.stop(started)
        if started.stdin:
            with suppress(OSError):
                started.stdin.close()
