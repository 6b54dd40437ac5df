"""A run in a year that the calendar of working days lacks: the cause is named, all other cases are judged."""

from dataclasses import replace
from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest

from conformance.checks.collection.timeliness import covered, records_are_marked_by_working_days
from conformance.checks.shared.parameters import EDGES, THIS_YEAR, timely_edges, timely_items
from conformance.expect import NotVerified
from conformance.loader import load_standard
from conformance.messages import load_messages
from conformance.model.standard import Standard
from conformance.model.text import Lang
from reference_impl.policy.timeliness import timeliness

LISTED, LACKING = date(2026, 11, 24), date(2027, 2, 1)


def standard_on(day: date) -> Standard:
    """The standard on a day, with the years 2024 to 2026 of its calendar."""
    standard = load_standard().on(day, "")
    years = {year: standard.holidays["years"][year] for year in ("2024", "2025", "2026")}
    return replace(standard, holidays={"years": years})


def context(day: date, parameter: str = "") -> Any:
    return SimpleNamespace(
        standard=standard_on(day), today=day, case=SimpleNamespace(parameter=parameter), world=None
    )


def test_a_year_of_the_calendar_has_the_edges_alone() -> None:
    standard = standard_on(LISTED)
    expected = [f"{code},{edge}" for code in timely_items(standard) for edge in EDGES]
    assert list(timely_edges(standard)) == expected


def test_a_year_that_is_lacking_adds_one_case_for_each_item() -> None:
    standard = standard_on(LACKING)
    added = set(timely_edges(standard)) - {f"{c},{edge}" for c in timely_items(standard) for edge in EDGES}
    assert added == {f"{code},{THIS_YEAR}" for code in timely_items(standard)}
    assert len(timely_edges(standard)) == len(timely_items(standard)) * (len(EDGES) + 1)


def test_the_added_case_is_not_verified_and_says_why(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("conformance.checks.collection.timeliness.Network", lambda *_, **__: None)
    with pytest.raises(NotVerified) as raised:
        records_are_marked_by_working_days(context(LACKING, f"F03-01,{THIS_YEAR}"))
    messages = load_messages()
    texts = {lang: messages.render(raised.value.message, lang) for lang in Lang}
    assert "工作日历没有 2027 年（现有 2024, 2025, 2026）" in texts[Lang.ZH]
    assert "lacks the year 2027 (it has 2024, 2025, 2026)" in texts[Lang.EN]


def test_other_cases_rest_on_the_years_that_are_listed() -> None:
    assert covered(context(LACKING)) == [2024, 2025, 2026]
    assert covered(context(LISTED)) == [2024, 2025]


def test_a_run_before_all_years_is_not_verified() -> None:
    with pytest.raises(NotVerified):
        covered(context(date(2024, 5, 1)))


def test_the_exemplar_marks_a_record_of_a_lacking_year_as_unknown() -> None:
    limit = {"since": "decided_on", "working_days": 7}
    record = {"content": {"decided_on": "2026-12-28"}, "generated_at": "2027-02-01T09:00:00+08:00"}
    assert timeliness(standard_on(LACKING).holidays, limit, record) == "unknown"
