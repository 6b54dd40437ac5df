"""The judge before platforms that answer anything: never a crash, and never a pass for nonsense."""

import json
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from random import Random

import pytest

from conformance.checks import collect
from conformance.evidence import Redactor, Vault
from conformance.expect import Inconclusive, NotVerified, Undecided, Violation
from conformance.loader import load_target
from conformance.messages import load_messages
from conformance.model.judgement import Case, Check, Finding, Result, Verdict
from conformance.model.standard import Standard
from conformance.model.target import Target
from conformance.model.text import Lang
from conformance.model.wire import Exchange, Incoming
from conformance.runner import Session, open_session
from conformance.runner.contexts import CaseContext, seeded
from conformance.selftest.process import reference_platform
from conformance.selftest.trial import reference_arguments, reference_options
from conformance.workspace import aim, create
from tests.system.odd_replies import NONSENSE, Odd, OddPort, distorted
from tests.system.processes import TODAY

SEED, NONCE = 7, "odd"
UNREAD: Mapping[str, str] = {
    "putInstitution": "that an institution is admitted shows in what it may do afterwards",
    "patchInstitutionStatus": "so does a change of its status",
    "postNetworkNotice": "a notice is acknowledged; its effect is looked for elsewhere",
    "revokeAuthorization": "that an authorization is revoked shows in later queries",
    "issueToken": "a token that is only a control is not used",
    "getHealth": "an answer is all that is asked for after a hostile request",
    "createBatch": "a delivery whose outcome another step reads",
    "createQuery": "a good query that only shows that a bad one is refused for its fault",
}
"""Operations with replies of which some checks read the status alone, each with the reason."""
MOST = 6
"""Members distorted in the reply of one step, drawn afresh for each: there are too many to try them all."""


@dataclass(frozen=True, slots=True)
class Played:
    """Cases as the reference platform answered them."""

    standard: Standard
    target: Target
    today: date
    exchanges: Mapping[Case, tuple[Exchange, ...]]
    calls: Mapping[Case, tuple[Incoming, ...]]

    def judged(self, check: Check, case: Case, step: int, odd: Odd) -> Violation | Undecided | None:
        """How the check ends if one reply is odd; None if it passes. Anything else is raised."""
        port = OddPort(recorded=self.exchanges[case], calls=self.calls[case], step=step, odd=odd)
        context = CaseContext(
            standard=self.standard,
            target=self.target,
            case=case,
            random=seeded(SEED, NONCE, case),
            today=self.today,
            nonce=NONCE,
            vault=Vault(b"salt"),
            port=port,
        )
        try:
            check.run(context)
        except (Violation, NotVerified, Inconclusive) as end:
            return end
        return None

    def steps(self, case: Case) -> Iterator[Exchange]:
        """The first and the last exchange of each operation."""
        exchanges = self.exchanges[case]
        first = {e.request.operation: e for e in reversed(exchanges)}
        last = {e.request.operation: e for e in exchanges}
        yield from {e.step: e for e in (*first.values(), *last.values())}.values()


def cases(checks: tuple[Check, ...], standard: Standard) -> Iterator[tuple[Check, Case]]:
    """One case of each check; the first of those it is expanded for."""
    for check in checks:
        parameter = check.expand(standard)[0] if check.expand else ""
        yield check, Case(check.requirement, check.name, parameter, check.exclusive)


OF_OTHER_DAYS = frozenset({"COL-022"})
"""Requirements that apply to a run on certain days alone."""
CHECKS = tuple(check for check in collect() if check.requirement not in OF_OTHER_DAYS)
IDS = [f"{check.requirement}/{check.name}" for check in CHECKS]


@pytest.fixture(scope="module")
def played(standard: Standard) -> Played:
    with tempfile.TemporaryDirectory() as folder:
        workspace = create(Path(folder), reference_options(standard), standard)
        with reference_platform(reference_arguments(workspace, None, TODAY)) as address:
            aim(workspace, address, reference_options(standard), standard)
            target = load_target(workspace.target)
            with open_session(target, standard, SEED, NONCE) as session:
                dated = standard.on(session.today, target.division)
                judging = replace(session, standard=dated)
                played = {context.case: context for context in _played(judging)}
                exchanges = {case: context.exchanges for case, context in played.items()}
                calls = {case: context.incoming for case, context in played.items()}
                return Played(dated, target, session.today, exchanges, calls)


def _played(session: Session) -> Iterator[CaseContext]:
    for check, case in cases(CHECKS, session.standard):
        context = session.context(case)
        check.run(context)
        yield context


@pytest.fixture
def case(played: Played, check: Check) -> Case:
    return next(case for one, case in cases((check,), played.standard) if one is check)


@pytest.mark.parametrize("check", CHECKS, ids=IDS)
def test_the_record_alone_passes(played: Played, check: Check, case: Case) -> None:
    assert played.judged(check, case, 1, lambda reply: reply) is None


@pytest.mark.parametrize("check", CHECKS, ids=IDS)
def test_nonsense_is_no_crash_and_no_pass(played: Played, check: Check, case: Case) -> None:
    believed = [
        f"step {exchange.step}: {exchange.request.operation} answers {name}"
        for exchange in played.steps(case)
        for name, odd in NONSENSE.items()
        if (
            (end := played.judged(check, case, exchange.step, odd)) is None
            and not (exchange.reply.status >= 400 or exchange.request.operation in UNREAD)
        )
        or not _can_be_told(case, end)
    ]
    assert believed == []


@pytest.mark.parametrize("check", CHECKS, ids=IDS)
def test_a_distorted_member_is_no_crash(played: Played, check: Check, case: Case) -> None:
    for exchange in played.steps(case):
        for _, one in drawn(case, exchange.step, list(distorted(exchange.reply))):
            assert _can_be_told(case, played.judged(check, case, exchange.step, one))


def drawn(case: Case, step: int, all_of_them: list[tuple[str, Odd]]) -> list[tuple[str, Odd]]:
    return Random(f"{case.id}#{step}").sample(all_of_them, min(MOST, len(all_of_them)))


def _can_be_told(case: Case, end: Violation | Undecided | None) -> bool:
    """Whatever a platform answered, it can be hidden, written and read."""
    findings = (end.finding,) if isinstance(end, Violation) else (Finding(end.message),) if end else ()
    result = Redactor(Vault(b"salt")).result(Result(case, Verdict.FAILED, findings))
    messages = load_messages()
    for finding in result.findings:
        for lang in Lang:
            messages.render(finding.message, lang).encode()
        json.dumps([finding.expected, finding.actual], ensure_ascii=False).encode()
    return True
