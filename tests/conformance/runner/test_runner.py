"""Runs with synthetic checks, without a platform: verdicts, lanes, monitors."""

import threading
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from itertools import pairwise
from random import Random
from typing import Any

import pytest

from conformance import expect
from conformance.evidence import Vault
from conformance.model.context import Context
from conformance.model.judgement import Case, Check, Fault, Finding, Result, Verdict
from conformance.model.standard import Level
from conformance.model.text import Message
from conformance.model.wire import Incoming, Reply, Request, StagedAnswer
from conformance.monitors import Direction, Findings, Monitor
from conformance.runner import run
from conformance.runner.contexts import CaseContext, Port, Position, Transmission
from tests.support import toy_platform
from tests.support.toy_checks import (
    BAD,
    HEALTH,
    TARGET,
    Lanes,
    V,
    Watching,
    check,
    health_is_answered,
    no_context,
    planned,
)


class GoodPort(Port):
    """Answers every request with an empty object."""

    def exchange(self, request: Request, position: Position) -> Transmission:
        del request, position
        return Transmission("GET", "/", Reply(200, (), b"{}", 0.0))


def scripted(case: Case, port: Port | None = None) -> CaseContext:
    """A context without a platform."""
    return CaseContext(
        standard=toy_platform.standard(),
        target=TARGET,
        case=case,
        random=Random(0),
        today=date(2026, 11, 23),
        nonce="n",
        vault=Vault(b"salt"),
        port=port or GoodPort(),
    )


def judged(function: Callable[[Any], None], level: Level = Level.SHALL) -> Result:
    rules = toy_platform.standard(toy_platform.requirement("TOY-001", level=level))
    (result,) = run(planned(rules, check("TOY-001")(function)), scripted)
    return result


def violate(ctx: Context) -> None:
    expect.equal(1, 2, "x", ctx.send(HEALTH))


def test_a_violation_fails_a_shall_and_warns_of_a_should() -> None:
    assert judged(violate).verdict is V.FAILED
    assert judged(violate, Level.SHOULD).verdict is V.WARNED
    assert judged(violate).findings[0].step == 1


@pytest.mark.parametrize(
    ("raised", "verdict", "fault"),
    [
        (expect.NotVerified(Message("a.b")), V.NOT_VERIFIED, Fault.CONFIGURATION),
        (expect.Inconclusive(Message("a.b")), V.INCONCLUSIVE, Fault.CONFIGURATION),
        (expect.SuiteError(Message("a.b")), V.ERRORED, Fault.SUITE),
        (expect.Violation(Finding(Message("a.b"), fault=Fault.SUITE)), V.ERRORED, Fault.SUITE),
        (KeyError("x"), V.ERRORED, Fault.SUITE),
        (AssertionError("two\nlines"), V.ERRORED, Fault.SUITE),
    ],
)
def test_other_ends(raised: Exception, verdict: Verdict, fault: Fault) -> None:
    def ends(ctx: Context) -> None:
        ctx.send(HEALTH)
        raise raised

    result = judged(ends)
    assert (result.verdict, result.findings[0].fault, len(result.exchanges)) == (verdict, fault, 1)


def test_a_crash_is_one_line_with_its_place() -> None:
    def crashes(_: Context) -> None:
        raise RuntimeError("first\nsecond")

    reason = judged(crashes).findings[0].message.args["reason"]
    assert reason.startswith("RuntimeError: first (test_runner.py:")
    assert "\n" not in reason


def test_a_check_that_sends_nothing_proves_nothing() -> None:
    result = judged(lambda _: None)
    assert (result.verdict, result.findings[0].message.key) == (V.ERRORED, "runner.nothing_sent")


def test_a_context_that_cannot_be_made_is_the_suites_fault() -> None:
    rules = toy_platform.standard(toy_platform.requirement("TOY-001"))
    (result,) = run(planned(rules, health_is_answered), no_context)
    assert result.verdict is V.ERRORED


def test_exclusive_cases_run_alone_and_last() -> None:
    lanes = Lanes()
    checks = [lanes.check(f"a{n}", exclusive=n % 2 == 0) for n in range(8)]
    results = list(
        run(planned(toy_platform.standard(toy_platform.requirement("TOY-001")), *checks), scripted, jobs=4)
    )
    assert [r.case.check for r in results[4:]] == ["a0", "a2", "a4", "a6"]
    assert lanes.most > 1
    assert not lanes.beside


def test_results_come_as_they_finish() -> None:
    first = threading.Event()

    def slow(ctx: Context) -> None:
        ctx.send(HEALTH)
        assert first.wait(60)

    checks = (check("TOY-001")(slow), Check("TOY-001", "quick", lambda ctx: ctx.send(HEALTH) and None))
    results = run(
        planned(toy_platform.standard(toy_platform.requirement("TOY-001")), *checks), scripted, jobs=2
    )
    assert next(results).case.check == "quick"
    first.set()
    assert next(results).verdict is V.PASSED


def test_a_run_that_is_given_up_starts_no_further_case() -> None:
    started = []

    def body(ctx: Context) -> None:
        started.append(ctx.case.id)
        ctx.send(HEALTH)
        time.sleep(0.02)

    checks = [Check("TOY-001", f"a{n:02}", body) for n in range(50)]
    results = run(
        planned(toy_platform.standard(toy_platform.requirement("TOY-001")), *checks), scripted, jobs=2
    )
    next(results)
    results.close()
    assert len(started) < 10


@pytest.mark.parametrize(
    ("monitor", "level", "verdict"),
    [
        (Watching(), Level.SHALL, V.PASSED),
        (Watching(BAD), Level.SHALL, V.FAILED),
        (Watching(BAD), Level.SHOULD, V.WARNED),
        (Watching(relevant="other"), Level.SHALL, V.NOT_VERIFIED),
        (Watching(Finding(Message("m.ours"), fault=Fault.SUITE)), Level.SHALL, V.ERRORED),
        (Watching(broken=True), Level.SHALL, V.ERRORED),
    ],
)
def test_monitors_judge_every_exchange_and_come_last(
    monitor: Watching, level: Level, verdict: Verdict
) -> None:
    rules = toy_platform.standard(
        toy_platform.requirement("TOY-002", level=level), toy_platform.requirement("TOY-001")
    )
    plan = planned(rules, health_is_answered, monitors=[monitor])
    first, last = run(plan, scripted, monitors=[monitor])
    assert (first.case.requirement, last.case.id) == ("TOY-001", "TOY-002/watching")
    assert last.verdict is verdict
    if verdict is V.FAILED:
        assert last.findings[0].where == "TOY-001/health_is_answered#1: reply.body"


def test_equal_findings_of_a_monitor_count_once() -> None:
    rules = toy_platform.standard(toy_platform.requirement("TOY-002"), toy_platform.requirement("TOY-001"))
    checks = [Check("TOY-001", f"a{n}", lambda ctx: ctx.send(HEALTH) and None) for n in range(5)]
    *_, last = run(planned(rules, *checks, monitors=[Watching(BAD)]), scripted, monitors=[Watching(BAD)])
    assert len(last.findings) == 1


def test_each_result_tells_when_and_on_which_lane_it_ran() -> None:
    lanes = Lanes()
    checks = [lanes.check(f"a{n}", exclusive=n == 0) for n in range(6)]
    results = list(
        run(planned(toy_platform.standard(toy_platform.requirement("TOY-001")), *checks), scripted, jobs=2)
    )
    by_name = {result.case.check: result for result in results}
    assert by_name["a0"].lane == 0
    assert {result.lane for name, result in by_name.items() if name != "a0"} == {1, 2}
    for lane in (1, 2):
        of_lane = sorted((r for r in results if r.lane == lane), key=lambda r: r.started)
        assert all(a.started + a.duration <= b.started for a, b in pairwise(of_lane))
    assert by_name["a0"].started >= max(r.started for r in results if r.lane)


class CallsJudged(Monitor):
    """Finds fault with every call, and with no reply."""

    requirement, name = "TOY-002", "calls_judged"
    directions = frozenset({Direction.SENT})

    def observe_call(self, call: Incoming) -> Findings:
        return (replace(BAD, where=f"call.url{call.url}"),)


class CalledPort(GoodPort):
    """A platform that has made one call, which no check looks at."""

    def arrived(self, look: int) -> tuple[Incoming, ...]:
        del look
        return (Incoming("deliverEvent", "POST", "/x", (), b"", (), StagedAnswer(204), number=1),)


@pytest.mark.parametrize(("port", "verdict"), [(CalledPort, V.FAILED), (GoodPort, V.NOT_VERIFIED)])
def test_a_monitor_judges_the_directions_that_it_declares(port: type[Port], verdict: Verdict) -> None:
    rules = toy_platform.standard(toy_platform.requirement("TOY-002"), toy_platform.requirement("TOY-001"))
    plan = planned(rules, health_is_answered, monitors=[CallsJudged()])
    _, last = run(plan, lambda case: scripted(case, port()), monitors=[CallsJudged()])
    assert last.verdict is verdict
    if verdict is V.FAILED:
        assert last.findings[0].where == "TOY-001/health_is_answered, call 1: call.url/x"
        assert last.findings[0].step is None


def test_a_monitor_of_replies_is_shown_no_call() -> None:
    rules = toy_platform.standard(toy_platform.requirement("TOY-002"), toy_platform.requirement("TOY-001"))
    plan = planned(rules, health_is_answered, monitors=[Watching()])
    _, last = run(plan, lambda case: scripted(case, CalledPort()), monitors=[Watching()])
    assert last.verdict is V.PASSED
