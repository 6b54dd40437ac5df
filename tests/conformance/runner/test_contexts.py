"""Contexts over ports: places, scripts and calls of the platform, live and from a record."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from random import Random

import pytest

from conformance import expect
from conformance.evidence import Recorded, Vault
from conformance.evidence.canonical import stepwise
from conformance.model.judgement import Case, Finding, Result, Verdict
from conformance.model.text import Message
from conformance.model.wire import Incoming, Reply, Request, StagedAnswer
from conformance.runner.contexts import CaseContext, Port, Position, RecordedPort, Transmission
from tests.support import toy_platform as world
from tests.support.toy_checks import HEALTH

CASE = Case("TOY-001", "calls")
TARGET = world.target("http://unused.test", provider_url="http://suite.test/base/")
CALL = Incoming("deliverEvent", "POST", "/at/x", (), b"{}", (), StagedAnswer(204), place="callback", number=1)


@dataclass(slots=True)
class CallingPort(Port):
    """A platform that has made these calls; notes what was opened and staged."""

    calls: list[Incoming] = field(default_factory=list)
    segments: dict[str, str] = field(default_factory=dict)
    staged: list[tuple[str, Sequence[StagedAnswer], str]] = field(default_factory=list)

    def exchange(self, request: Request, position: Position) -> Transmission:
        del request, position
        return Transmission("GET", "/v1/health", Reply(200, (), b"{}", 0.0))

    def open_place(self, place: str, segment: str) -> None:
        self.segments[place] = segment

    def stage(self, place: str, answers: Sequence[StagedAnswer], correlation: str) -> None:
        self.staged.append((place, answers, correlation))

    def arrived(self, look: int) -> Sequence[Incoming]:
        del look
        return tuple(self.calls)


def context(port: Port, nonce: str = "n", case: Case = CASE) -> CaseContext:
    return CaseContext(
        standard=world.standard(),
        target=TARGET,
        case=case,
        random=Random(0),
        today=date(2026, 11, 23),
        nonce=nonce,
        vault=Vault(b"salt"),
        port=port,
    )


def test_an_address_names_its_case_and_nothing_else() -> None:
    port = CallingPort()
    address = context(port).place("callback")
    segment = port.segments["callback"]
    assert address == f"http://suite.test/base/at/{segment}"
    assert "callback" not in segment
    assert CASE.check not in segment
    assert len(segment) == 32


def test_addresses_are_equal_for_equal_runs_and_cases_alone() -> None:
    first = context(CallingPort()).place("callback")
    assert context(CallingPort()).place("callback") == first
    addresses = (
        context(CallingPort()).place("other"),
        context(CallingPort(), nonce="m").place("callback"),
        context(CallingPort(), case=replace(CASE, parameter="F01-01")).place("callback"),
    )
    assert len({first, *addresses}) == 4


def test_an_address_draws_no_random_numbers() -> None:
    with_address, without = context(CallingPort()), context(CallingPort())
    with_address.place("callback")
    assert with_address.random.random() == without.random.random()


def test_a_script_reaches_the_port_as_it_is() -> None:
    port, answers = CallingPort(), (StagedAnswer(503), StagedAnswer(204))
    context(port).stage("callback", answers)
    context(port).stage("source:F08-01", answers[:1], correlation="subject")
    assert port.staged == [("callback", answers, ""), ("source:F08-01", answers[:1], "subject")]


def test_calls_are_received_by_place_with_the_look_that_showed_them_first() -> None:
    port = CallingPort([CALL])
    ctx = context(port)
    assert [call.look for call in ctx.received("callback")] == [1]
    port.calls += [replace(CALL, number=2), replace(CALL, number=3, place="source:F08-01")]
    assert [(call.number, call.look) for call in ctx.received("callback")] == [(1, 1), (2, 2)]
    port.calls.append(replace(CALL, number=4))
    assert [(call.number, call.look) for call in ctx.incoming] == [(1, 1), (2, 2), (3, 2), (4, 0)]


def recorded(ctx: CaseContext, verdict: Verdict = Verdict.PASSED, **changes: object) -> Recorded:
    """The record of what a context has exchanged and received."""
    result = Result(ctx.case, verdict, exchanges=ctx.exchanges, received=ctx.incoming)
    result = replace(result, **changes)  # type: ignore[arg-type]  # members of a result
    return Recorded(result, tuple(digest for _, digest in stepwise(result.exchanges)))


def again(record: Recorded) -> CaseContext:
    vault = Vault(b"salt")
    return replace(
        context(CallingPort()), vault=vault, port=RecordedPort(recorded=record, vault=vault, case=CASE.id)
    )


def observed(ctx: CaseContext, port: CallingPort | None = None) -> Mapping[str, object]:
    """What a check sees that calls, looks, waits and looks again; calls arrive in the meantime."""
    address = ctx.place("callback")
    ctx.stage("callback", [StagedAnswer(503), StagedAnswer(204)])
    ctx.send(HEALTH)
    before = ctx.received("callback")
    if port is not None:
        port.calls += [replace(CALL, number=1), replace(CALL, number=2, seconds=1.5)]
    count = ctx.wait_until(lambda: (ctx.send(HEALTH) and len(ctx.received("callback"))) or None, 1)
    if port is not None:
        port.calls.append(replace(CALL, number=3))
    return {"address": address, "before": before, "looked": count, "after": ctx.received("callback")[:2]}


def test_a_record_shows_the_same_calls_at_the_same_looks() -> None:
    port = CallingPort()
    live = context(port)
    live_view = observed(live, port)
    replayed = again(recorded(live))
    assert observed(replayed) == live_view
    assert replayed.incoming == live.incoming
    assert len(replayed.incoming) == 3


def test_calls_that_no_look_showed_are_judged_again_too() -> None:
    live = context(CallingPort([CALL]))
    live.send(HEALTH)
    replayed = again(recorded(live))
    replayed.send(HEALTH)
    assert replayed.incoming == live.incoming
    assert [call.look for call in replayed.incoming] == [0]


@pytest.mark.parametrize("method", ["place", "stage"])
def test_a_case_that_was_not_reached_ends_alike_in_its_record(method: str) -> None:
    live = context(CallingPort())
    finding = (Finding(Message("counterpart.not_reached")),)
    replayed = again(recorded(live, Verdict.NOT_VERIFIED, findings=finding))
    with pytest.raises(expect.NotVerified) as caught:
        replayed.place("callback") if method == "place" else replayed.stage("callback", [StagedAnswer()])
    assert caught.value.message.key == "counterpart.not_reached"
