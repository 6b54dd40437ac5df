"""How verdicts combine."""

from itertools import pairwise

import pytest

from conformance.model.judgement import Case, Finding, Result, Verdict
from conformance.model.run import RequirementVerdict
from conformance.model.standard import Level
from conformance.model.text import Message
from conformance.verdict import SEVERITY, exit_code, roll_up, worst
from tests.support.toy_platform import requirement, standard

V = Verdict


@pytest.mark.parametrize(
    ("worse", "better"),
    list(pairwise([V.FAILED, V.ERRORED, V.INCONCLUSIVE, V.NOT_VERIFIED, V.WARNED, V.PASSED])),
)
def test_the_order_of_the_standard(worse: Verdict, better: Verdict) -> None:
    assert worst([better, worse, better]) is worse


def test_every_verdict_has_its_place() -> None:
    assert set(SEVERITY) == set(Verdict)


def test_the_worst_of_nothing_is_not_verified() -> None:
    assert worst([]) is V.NOT_VERIFIED


def result(id_: str, check: str, verdict: Verdict) -> Result:
    return Result(Case(id_, check), verdict, (Finding(Message(f"why.{check}")),))


def test_a_requirement_takes_the_worst_of_its_cases_and_its_reason() -> None:
    rules = standard(requirement("TOY-002"), requirement("TOY-001"), requirement("TOY-003"))
    results = [
        result("TOY-001", "b", V.PASSED),
        result("TOY-001", "a", V.INCONCLUSIVE),
        result("TOY-002", "c", V.PASSED),
    ]
    first, second = roll_up(rules, results)
    assert (first.requirement, first.verdict) == ("TOY-002", V.PASSED)
    assert (second.verdict, second.cases) == (V.INCONCLUSIVE, ("TOY-001/a", "TOY-001/b"))
    assert second.why == Message("why.a")


@pytest.mark.parametrize("level", [Level.SHOULD, Level.MAY])
def test_only_a_shall_fails(level: Level) -> None:
    (verdict,) = roll_up(standard(requirement("TOY-001", level=level)), [result("TOY-001", "a", V.FAILED)])
    assert verdict.verdict is V.WARNED


@pytest.mark.parametrize(
    ("verdicts", "code"),
    [
        ([V.PASSED, V.WARNED, V.MANUAL, V.NOT_APPLICABLE, V.NOT_EFFECTIVE], 0),
        ([V.FAILED, V.ERRORED, V.NOT_VERIFIED], 1),
        ([V.ERRORED, V.INCONCLUSIVE, V.PASSED], 4),
        ([V.INCONCLUSIVE, V.PASSED], 3),
        ([V.NOT_VERIFIED, V.PASSED], 3),
        ([], 3),
        ([V.MANUAL, V.NOT_APPLICABLE], 3),
    ],
)
def test_exit_codes(verdicts: list[Verdict], code: int) -> None:
    assert exit_code(RequirementVerdict(str(n), v, ()) for n, v in enumerate(verdicts)) == code
