"""Plans: which cases there are, which of them are executed, and why the others are not."""

from datetime import date
from typing import Any

import pytest

from conformance.messages import load_messages
from conformance.model.context import Context
from conformance.model.judgement import Verdict
from conformance.model.standard import Verification
from conformance.model.text import Lang, Text
from conformance.runner import (
    Selection,
    SelectionError,
    plan,
    run,
)
from tests.support import toy_platform
from tests.support.toy_checks import (
    CHECKS,
    TARGET,
    Lanes,
    V,
    Watching,
    check,
    health_is_answered,
    ids,
    no_context,
    only,
    planned,
    things_are_kept,
)


def test_a_plan_lists_cases_in_the_order_of_the_standard() -> None:
    rules = toy_platform.standard(toy_platform.requirement("TOY-002"), toy_platform.requirement("TOY-001"))
    cases = planned(rules, things_are_kept, health_is_answered)
    assert ids(cases) == [
        "TOY-002/no_check",
        "TOY-001/health_is_answered",
        "TOY-001/things_are_kept[F01-01]",
        "TOY-001/things_are_kept[F01-02]",
    ]
    assert cases.complete


@pytest.mark.parametrize(
    ("changes", "verdict", "why"),
    [
        ({"effective_from": date(2027, 1, 1)}, V.NOT_EFFECTIVE, "runner.not_effective"),
        ({"effective_until": date(2026, 11, 22)}, V.NOT_EFFECTIVE, "runner.not_effective"),
        ({"capability": "preview"}, V.NOT_APPLICABLE, "runner.no_capability"),
        ({"applies_when": "target.environment == 'production'"}, V.NOT_APPLICABLE, "runner.does_not_apply"),
        ({"verification": Verification.DOCUMENT, "reason": Text("因", "why")}, V.MANUAL, "runner.manual"),
        ({}, V.NOT_VERIFIED, "runner.no_check"),
    ],
)
def test_what_is_not_executed_says_why(changes: dict[str, Any], verdict: Verdict, why: str) -> None:
    assert only(planned(toy_platform.standard(toy_platform.requirement("TOY-001", **changes)))) == (
        verdict,
        why,
    )


def test_a_reason_is_shown_in_the_readers_language() -> None:
    rules = toy_platform.standard(
        toy_platform.requirement("TOY-001", verification=Verification.NONE, reason=Text("因", "why"))
    )
    (result,) = run(planned(rules), no_context)
    text = load_messages().render(result.findings[0].message, Lang.ZH)
    assert "因" in text


@pytest.mark.parametrize(
    "changes",
    [
        {"effective_from": date(2026, 11, 23), "effective_until": date(2026, 11, 23)},
        {"applies_when": "target.environment == 'test' && target.profile in ['baseline']"},
        {"profiles": ()},
    ],
)
def test_what_applies_is_executed(changes: dict[str, Any]) -> None:
    cases = planned(toy_platform.standard(toy_platform.requirement("TOY-001", **changes)), health_is_answered)
    assert only(cases) == (None, None)


def test_a_profile_holds_what_it_extends_and_no_more() -> None:
    rules = toy_platform.standard(
        toy_platform.requirement("TOY-001"), toy_platform.requirement("TOY-002", profiles=("municipal",))
    )
    assert [p.case.requirement for p in planned(rules).planned] == ["TOY-001"]
    wider = toy_platform.target("http://unused.test", profile="municipal")
    assert len(planned(rules, target=wider).planned) == 2


@pytest.mark.parametrize(
    ("needs", "satisfied"),
    [
        (
            ("clients.hub", "institutions", "institutions.1", "subjects", "provisioning.api", "createThing"),
            True,
        ),
        (("clients.upstream",), False),
        (("institutions.2",), False),
        (("provisioning.preloaded",), False),
        (("preview",), False),
    ],
)
def test_needs(needs: tuple[str, ...], *, satisfied: bool) -> None:
    @check("TOY-001", needs=needs)
    def needy(ctx: Context) -> None: ...

    rules = toy_platform.standard(
        toy_platform.requirement("TOY-001"),
        toy_platform.requirement("TOY-002", capability="preview", profiles=("municipal",)),
    )
    unmet = (V.NOT_VERIFIED, "runner.unmet_need")
    assert only(planned(rules, needy)) == ((None, None) if satisfied else unmet)


def test_a_need_that_means_nothing_is_refused() -> None:
    @check("TOY-001", needs=("clinets.hub",))
    def needy(ctx: Context) -> None: ...

    with pytest.raises(ValueError, match=r"needy needs 'clinets\.hub'"):
        planned(toy_platform.standard(toy_platform.requirement("TOY-001")), needy)


@pytest.mark.parametrize(
    ("selection", "count"),
    [
        (Selection(ids=("TOY-001",)), 3),
        (Selection(ids=("TOY-001/things_are_kept",)), 2),
        (Selection(ids=("TOY-001/things_are_kept[F01-02]",)), 1),
        (Selection(parts=("toy",)), 4),
        (Selection(parts=("TOY",)), 4),
        (Selection(only=frozenset({"TOY-001/health_is_answered", "GONE-001/x"})), 1),
        (Selection(only=frozenset()), 0),
        (Selection(most=1), 3),
        (Selection(most=2), 4),
    ],
)
def test_selections(selection: Selection, count: int) -> None:
    rules = toy_platform.standard(toy_platform.requirement("TOY-001"), toy_platform.requirement("TOY-002"))
    cases = planned(rules, health_is_answered, things_are_kept, selection=selection)
    assert (len(cases.planned), cases.complete) == (count, False)


def test_a_sample_is_of_cases_from_everywhere() -> None:
    @check("TOY-001", expand=lambda _: tuple(f"{number:02}" for number in range(10)))
    def many(ctx: Context) -> None: ...

    rules = toy_platform.standard(toy_platform.requirement("TOY-001"))
    cases = planned(rules, many, selection=Selection(most=4))
    assert [p.case.parameter for p in cases.planned] == ["00", "02", "05", "07"]
    full = planned(rules, many, selection=Selection(most=1, in_full=frozenset({"TOY-001"})))
    assert len(full.planned) == 10


def test_a_monitor_asked_for_alone_gets_exchanges_to_look_at() -> None:
    rules = toy_platform.standard(toy_platform.requirement("TOY-001"), toy_platform.requirement("TOY-002"))
    cases = planned(
        rules,
        *CHECKS,
        Lanes().check("x", exclusive=True),
        monitors=[Watching()],
        selection=Selection(ids=("TOY-002",)),
    )
    assert ids(cases) == [
        "TOY-002/watching",
        "TOY-001/health_is_answered",
        "TOY-001/things_are_kept[F01-01]",
    ]


def test_unknown_ids_are_refused_with_suggestions() -> None:
    rules = toy_platform.standard(
        toy_platform.requirement("TOY-001"), toy_platform.requirement("TOY-002", profiles=("municipal",))
    )
    with pytest.raises(SelectionError) as caught:
        planned(rules, selection=Selection(ids=("TOY-01", "TOY-002", "???"), parts=("tyo",)))
    assert [m.key for m in caught.value.messages] == [
        "runner.unknown_id_suggestions",
        "runner.not_in_profile",
        "runner.unknown_id",
        "runner.unknown_id_suggestions",
    ]
    assert "TOY-001" in load_messages().render(caught.value.messages[0], Lang.EN)


def test_seed_and_nonce_are_fresh_unless_given() -> None:
    rules = toy_platform.standard()
    first, second = (plan(rules, TARGET, (), ()) for _ in range(2))
    assert (first.seed, first.nonce) != (second.seed, second.nonce)
