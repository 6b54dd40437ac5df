"""The life of an authorization: any events at any moments keep to the published transitions."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reference_impl.china_time import CHINA
from reference_impl.policy import authorization, life
from reference_impl.policy.authorization import CONDITIONS, Authorization, Need, matching
from tests.reference_impl.codes import code_set

EVENTS, STATES = code_set("authorization_event"), code_set("authorization_state")
START = datetime(2026, 3, 1, tzinfo=CHINA)
NEED = Need("bank", "pre_loan", "F04-02")
MOMENTS = st.integers(-50, 900).map(lambda hours: START + timedelta(hours=hours))
HAPPENED = st.lists(st.tuples(MOMENTS, st.sampled_from(sorted(EVENTS))), max_size=8)


def document(**changed: Any) -> dict[str, Any]:
    return {
        "authorization_id": "old",
        "subject": {"type": "enterprise", "ids": [{"scheme": "uscc", "value": "X"}]},
        "recipient": "bank",
        "purpose": "pre_loan",
        "items": ["F04-02"],
        "valid_from": "2026-03-03",
        "valid_until": "2026-03-20",
        "created_at": "2026-03-02T09:00:00+08:00",
        **changed,
    }


def test_the_tables_are_whole() -> None:
    assert {row["to"] for row in EVENTS.values()} | {life.FIRST} == set(STATES)
    for row in EVENTS.values():
        assert set(row["from"]) <= set(STATES)
        assert not any("final" in STATES[state] for state in row["from"])


@given(HAPPENED, MOMENTS, MOMENTS)
@settings(max_examples=300, deadline=None)
def test_every_step_is_a_published_one(
    events: list[Any], first_moment: datetime, second_moment: datetime
) -> None:
    moments = sorted({first_moment, second_moment, *(at for at, _ in events)})
    states = [life.FIRST, *(life.state(events, EVENTS, moment) for moment in moments)]
    reachable = {(source, row["to"]) for row in EVENTS.values() for source in row["from"]}
    for before, after, moment in zip(states, states[1:], moments, strict=False):
        at_once = sum(at == moment for at, _ in events)
        assert before == after or at_once > 1 or (before, after) in reachable
        assert before == after or "final" not in STATES[before]


@given(MOMENTS, st.booleans(), st.none() | MOMENTS, st.none() | MOMENTS, st.none() | MOMENTS)
@settings(max_examples=300, deadline=None)
def test_it_serves_exactly_while_it_is_active(
    now: datetime,
    longer: bool,  # noqa: FBT001
    revoked: datetime | None,
    replaced: datetime | None,
    lapsed: datetime | None,
) -> None:
    marks: dict[str, Any] = {"valid_until": "2026-04-20"} if longer else {}
    # A revocation and a lapse are recorded when they happen, a replacement ahead of its moment.
    if revoked and revoked <= now:
        marks["revoked_at"] = revoked.isoformat()
    if lapsed and lapsed <= now:
        marks["lapsed_at"] = lapsed.isoformat()
    if replaced:
        marks["superseded"] = {"at": replaced.isoformat(), "by": "new"}
    grant = Authorization.of(document(**marks))
    state = authorization.state(grant, now, EVENTS)
    assert bool(matching(CONDITIONS, [grant], NEED, now)) == ("serves" in STATES[state])


@pytest.mark.parametrize(
    ("changed", "covers"),
    [
        ({}, True),
        ({"items": ["F04-02", "F01-01"]}, True),
        ({"items": ["F01-01"]}, False),
        ({"purpose": "post_loan"}, False),
        ({"recipient": "other"}, False),
        ({"subject": {"type": "enterprise", "ids": [{"scheme": "uscc", "value": "Y"}]}}, False),
    ],
)
def test_a_newer_one_replaces_what_it_covers(changed: dict[str, Any], covers: bool) -> None:  # noqa: FBT001
    older, newer = (
        Authorization.of(document(**more)) for more in ({}, {"authorization_id": "new", **changed})
    )
    assert (authorization.supersede(older, newer) is not None) == covers


def test_the_older_comes_back_only_if_the_newer_never_began() -> None:
    newer = Authorization.of(document(authorization_id="new", valid_from="2026-03-10"))
    replaced = authorization.supersede(Authorization.of(document()), newer)
    assert replaced is not None
    older = Authorization.of(replaced)
    before, after = datetime(2026, 3, 9, tzinfo=CHINA), datetime(2026, 3, 10, tzinfo=CHINA)
    assert authorization.state(older, before, EVENTS) == "active"
    assert authorization.state(older, after, EVENTS) == "superseded"
    assert authorization.reinstate(older, newer, before) == document()
    assert authorization.reinstate(older, newer, after) is None
