"""Runs against a toy platform: live, repeated, recorded and judged again."""

import time
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from conformance import expect
from conformance.evidence import TranscriptWriter
from conformance.model.context import Context
from conformance.model.judgement import Case, Check, Result, Verdict
from conformance.model.text import Message
from conformance.model.wire import Request
from conformance.runner import (
    Session,
    canonical,
    header,
    open_session,
    reopen,
    run,
)
from conformance.runner.conclude import conclude
from conformance.wire import KeyStore
from tests.support import toy_platform
from tests.support.toy_checks import (
    CHECKS,
    HEALTH,
    V,
    Watching,
    check,
    health_is_answered,
    planned,
    things_are_kept,
)

RULES = toy_platform.standard(toy_platform.requirement("TOY-001"), toy_platform.requirement("TOY-002"))


@pytest.fixture
def session(toy: toy_platform.Toy, keys: KeyStore, tmp_path: Path) -> Iterator[Session]:
    del keys
    with open_session(toy_platform.target(toy.base, tmp_path / "keys"), RULES, 1, "n") as opened:
        yield opened


def verdicts(results: Sequence[Result]) -> dict[str, Verdict]:
    return {result.case.id: result.verdict for result in results}


def test_a_live_run_and_its_conclusion(session: Session) -> None:
    created = planned(RULES, *CHECKS, monitors=[Watching()], target=session.target)
    results = list(run(created, session.context, 2, [Watching()]))
    assert set(verdicts(results).values()) == {V.PASSED}
    now = datetime.now(UTC)
    redacted = [session.redactor.result(result) for result in results]
    platform = header(session, created).platform
    finished = conclude(
        RULES, session.target, platform, created, redacted, jobs=2, started_at=now, finished_at=now
    )
    assert (finished.exit_code, finished.info.platform) == (0, {"level": "municipal"})
    assert [r.requirement for r in finished.requirements] == ["TOY-001", "TOY-002"]


def test_equal_runs_send_equal_requests_whatever_the_number_of_jobs(
    toy: toy_platform.Toy, tmp_path: Path
) -> None:
    def requests(jobs: int) -> dict[str, Any]:
        with open_session(toy_platform.target(toy.base, tmp_path / "keys"), RULES, 1, "n") as opened:
            results = run(planned(RULES, *CHECKS, target=opened.target), opened.context, jobs)
            return {result.case.id: canonical(result.exchanges) for result in results}

    assert requests(2) == requests(8)


def test_other_seeds_send_other_requests(toy: toy_platform.Toy, tmp_path: Path) -> None:
    def requests(seed: int) -> list[Any]:
        with open_session(toy_platform.target(toy.base, tmp_path / "keys"), RULES, seed, "n") as opened:
            created = planned(RULES, things_are_kept, target=opened.target)
            return [canonical(result.exchanges) for result in run(created, opened.context, 1)]

    assert requests(1) != requests(2)


def test_a_case_that_runs_out_of_time_is_inconclusive(session: Session) -> None:
    @check("TOY-001")
    def endless(ctx: Context) -> None:
        assert ctx.wait_until(lambda: ctx.send(HEALTH) and None, 60) is None
        ctx.send(HEALTH)

    from dataclasses import replace

    short = replace(session, case_seconds=2.0)
    started = time.monotonic()
    (result, *_) = run(planned(RULES, endless, target=session.target), short.context, 1)
    results = [result, *_]
    (result,) = (r for r in results if r.case.check == "endless")
    assert (result.verdict, result.findings[0].message.key) == (V.INCONCLUSIVE, "runner.deadline")
    assert time.monotonic() - started < 30
    assert {e.wait for e in result.exchanges} == {1}


def test_a_lost_step_is_named(session: Session, toy: toy_platform.Toy) -> None:
    @check("TOY-001")
    def loses_the_second_step(ctx: Context) -> None:
        ctx.send(HEALTH)
        toy.raw["/v1/things"] = lambda _: None
        ctx.send(Request("createThing", body={}))

    results = run(planned(RULES, loses_the_second_step, target=session.target), session.context, 1)
    (result,) = (r for r in results if r.verdict is V.INCONCLUSIVE)
    assert (result.findings[0].message.key, result.findings[0].where) == (
        "wire.disconnected",
        "step 2: createThing",
    )
    assert len(result.exchanges) == 1


def test_a_wait_within_a_wait_is_the_suites_fault(session: Session) -> None:
    context = session.context(Case("TOY-001", "a"))
    with pytest.raises(expect.SuiteError):
        context.wait_until(lambda: context.wait_until(lambda: 1, 1), 1)


@pytest.mark.parametrize("method", ["wait", "repeat"])
def test_what_comes_after_a_wait_does_not_depend_on_its_length(session: Session, method: str) -> None:
    def drawn(attempts: int) -> tuple[list[int], int]:
        context = session.context(Case("TOY-001", "a"))
        drawn_inside: list[int] = []

        def probe() -> bool | None:
            drawn_inside.append(context.random.getrandbits(64))
            return True if len(drawn_inside) == attempts else None

        assert context.wait_until(probe, 60) if method == "wait" else context.repeat(probe)
        return drawn_inside, context.random.getrandbits(64)

    (shorter, after), (three, later) = drawn(1), drawn(3)
    assert after == later
    assert shorter == three[:1]
    assert len({*three, after}) == 4


def test_to_repeat_within_a_wait_belongs_to_its_attempt(session: Session) -> None:
    context = session.context(Case("TOY-001", "a"))
    context.wait_until(lambda: context.repeat(lambda: context.send(HEALTH)), 1)
    context.repeat(lambda: context.send(HEALTH))
    assert [(e.wait, e.attempt) for e in context.exchanges] == [(1, 1), (2, 1)]


def test_the_change_of_the_day_ends_a_case(session: Session) -> None:
    from dataclasses import replace

    yesterday = replace(session, today=date(2020, 1, 1))
    with pytest.raises(expect.Inconclusive) as caught:
        yesterday.context(Case("TOY-001", "a")).send(HEALTH)
    assert caught.value.message.key == "runner.day_changed"


def test_a_platform_that_is_not_there(keys: KeyStore, tmp_path: Path) -> None:
    del keys
    with pytest.raises(expect.Inconclusive):
        open_session(toy_platform.target("http://127.0.0.1:1", tmp_path / "keys"), RULES, 1, "n")


# Judging again


@check("TOY-001")
def thing_appears_in_time(ctx: Context) -> None:
    created = ctx.send(Request("createThing", body={"name": ctx.plant(f"late-{ctx.random.random()}")}))
    replies = []

    def probe() -> object | None:
        replies.append(ctx.send(Request("getThing", path={"id": expect.at(created, "/id")})))
        return replies[-1] if len(replies) > 3 else None

    expect.true(ctx.wait_until(probe, 60), Message("a.b"))
    expect.equal(replies[-1].json["name"], created.json["name"], "reply.body/name", replies[-1])


@check("TOY-001")
def things_have_colors(ctx: Context) -> None:
    created = ctx.send(Request("createThing", body={"name": ctx.plant("plain-thing")}))
    expect.at(created, "/color")


@check("TOY-001")
def gateway_steps_in(ctx: Context) -> None:
    ctx.send(HEALTH)
    raise expect.Inconclusive(Message("wire.refused", {"detail": "x"}))


@check("TOY-001")
def unplanted_values_come_back(ctx: Context) -> None:
    body = {"tel": "13812345678", "ids": [{"value": "11010519491231002X"}]}
    created = ctx.send(Request("createThing", body=body))
    expect.equal(
        ctx.send(Request("getThing", path={"id": expect.at(created, "/id")})).json,
        body,
        "reply.body",
        created,
    )


RECORDED = (*CHECKS, unplanted_values_come_back, thing_appears_in_time, things_have_colors, gateway_steps_in)


@pytest.fixture
def recording(session: Session, tmp_path: Path) -> tuple[Path, list[Result]]:
    created = planned(RULES, *RECORDED, monitors=[Watching()], target=session.target)
    with TranscriptWriter(tmp_path / "run", header(session, created), session.redactor) as writer:
        return tmp_path / "run", [writer.write(r) for r in run(created, session.context, 4, [Watching()])]


def test_a_recorded_run_is_judged_the_same_without_the_platform(
    recording: tuple[Path, list[Result]], toy: toy_platform.Toy
) -> None:
    folder, before = recording
    requests = len(toy.requests)
    rejudgement = reopen(folder, RULES, RECORDED, [Watching()])
    after = list(rejudgement.results())
    assert verdicts(after) == verdicts(before)
    assert {V.FAILED, V.INCONCLUSIVE, V.PASSED} == set(verdicts(after).values())
    redacted = {r.case.id: rejudgement.redactor.result(r) for r in after}
    for result in before:
        assert [e.reply.body for e in redacted[result.case.id].exchanges] == [
            e.reply.body for e in result.exchanges
        ]
        assert redacted[result.case.id].findings == result.findings
    assert len(toy.requests) == requests


def test_a_changed_judgement_changes_the_verdict(recording: tuple[Path, list[Result]]) -> None:
    @check("TOY-001")
    def health_is_answered(ctx: Context) -> None:
        expect.status(ctx.send(HEALTH), 204)

    results = reopen(recording[0], RULES, (health_is_answered,)).results()
    assert verdicts(list(results))["TOY-001/health_is_answered"] is V.FAILED


def test_a_changed_request_is_not_rejudgeable(recording: tuple[Path, list[Result]]) -> None:
    @check("TOY-001")
    def health_is_answered(ctx: Context) -> None:
        ctx.send(Request("getHealth", query={"now": "1"}))

    @check("TOY-001", expand=lambda _: ("F01-01",))
    def things_are_kept(ctx: Context) -> None:
        globals()["things_are_kept"].run(ctx)
        ctx.send(HEALTH)

    results = list(reopen(recording[0], RULES, (health_is_answered, things_are_kept)).results())
    result = {r.case.check: r.findings[0].message for r in results if r.verdict is V.ERRORED}
    assert {name: (m.key, m.args["step"]) for name, m in result.items()} == {
        "health_is_answered": ("runner.diverged", 1),
        "things_are_kept": ("runner.diverged", 3),
    }


def test_a_case_that_was_not_recorded_says_so(recording: tuple[Path, list[Result]]) -> None:
    new = Check("TOY-002", "new", health_is_answered.run)
    results = verdicts(list(reopen(recording[0], RULES, (new,)).results()))
    assert results["TOY-002/new"] is V.NOT_VERIFIED
