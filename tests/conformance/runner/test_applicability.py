"""What applies by the checklist: what a province adds, and what versions there are on the day of the run."""

from datetime import date

import pytest

from conformance.loader import load_standard
from conformance.model.judgement import Verdict
from conformance.oracles.cel import Expression
from conformance.runner.applicability import decide
from tests.support.toy_platform import target as made

HERE, ELSEWHERE = "990100", "110000"
BEFORE, WITHIN, AFTER = date(2026, 11, 24), date(2027, 4, 1), date(2027, 6, 30)


@pytest.mark.parametrize(
    ("requirement", "division", "day", "applies"),
    [
        ("CAT-004", HERE, BEFORE, "yes"),
        ("CAT-004", ELSEWHERE, BEFORE, "no"),
        ("COL-020", ELSEWHERE, WITHIN, "no"),
        ("CAT-006", ELSEWHERE, BEFORE, "yes"),
        ("CAT-006", HERE, WITHIN, "no"),
        ("COL-023", HERE, BEFORE, "yes"),
        ("COL-023", HERE, AFTER, "no"),
        ("COL-022", HERE, BEFORE, "no"),
        ("COL-022", HERE, WITHIN, "yes"),
        ("COL-022", HERE, AFTER, "no"),
    ],
)
def test_the_checklist_decides_what_applies(requirement: str, division: str, day: date, applies: str) -> None:
    standard = load_standard().on(day, division)
    tested = standard.requirements[requirement]
    target = made("http://127.0.0.1:1", division=division, profile="provincial")

    decision = decide(standard, tested, target, "provincial", lambda s, v: Expression(s).evaluate(v))

    assert (decision is None) == (applies == "yes")
    assert decision is None or decision[0] is Verdict.NOT_APPLICABLE
