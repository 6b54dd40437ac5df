"""Working days: the judge and the exemplar count alike, and neither guesses."""

from datetime import date, timedelta

import pytest

from conformance.loader import load_standard
from conformance.oracles import working_days as judge
from reference_impl.policy import timeliness as exemplar
from tests.repository.tracked import ROOT

CALENDAR = load_standard(ROOT).holidays


@pytest.mark.parametrize(
    ("since", "last"),
    [
        ("2025-03-10", "2025-03-19"),
        (
            "2025-01-24",
            "2025-02-10",
        ),  # 26 January and 8 February are worked
        ("2025-09-26", "2025-10-13"),  # 28 September and 11 October are worked
        ("2024-12-27", "2025-01-08"),
        ("2026-02-10", "2026-02-26"),
    ],
)
def test_the_seventh_working_day(since: str, last: str) -> None:
    for side in (judge, exemplar):
        assert side.last_day(CALENDAR, date.fromisoformat(since), 7) == date.fromisoformat(last)


def test_both_sides_agree_on_every_day_of_the_calendar() -> None:
    years = sorted(map(int, CALENDAR["years"]))
    day, worked = date(years[0], 1, 1), 0
    while day.year <= years[-1]:
        assert judge.is_worked(CALENDAR, day) == exemplar.is_working_day(CALENDAR, day), day
        worked += judge.is_worked(CALENDAR, day)
        day += timedelta(days=1)
    assert 245 * len(years) < worked < 255 * len(years)


def test_a_year_that_is_not_listed_is_an_error() -> None:
    last_date = date(int(max(CALENDAR["years"])), 12, 30)
    with pytest.raises(judge.UncoveredYearError):
        judge.last_day(CALENDAR, last_date, 7)
    with pytest.raises(exemplar.UnknownYearError):
        exemplar.last_day(CALENDAR, last_date, 7)
