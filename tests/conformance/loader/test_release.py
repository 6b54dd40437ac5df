"""A release is refused with less than three months of calendar ahead; the day of the release is an input."""

from datetime import date
from pathlib import Path

import pytest

from conformance.loader import release_problems
from conformance.loader.lint.release import months_after


def with_years(copy: Path, *years: int) -> Path:
    """The copy with a calendar of these years."""
    text = "title: {zh: 历, en: c}\nsource: s\nstatus: {zh: 历, en: c}\nyears:\n"
    rows = (f'  "{year}": {{holidays: [], workdays: []}}\n' for year in years)
    (copy / "schemas/codes/calendar.yaml").write_text(text + "".join(rows), "utf-8")
    return copy


@pytest.mark.parametrize(
    ("years", "day", "released"),
    [
        ((2025, 2026), date(2026, 9, 30), True),
        ((2025, 2026), date(2026, 10, 1), False),
        ((2025, 2026), date(2026, 12, 31), False),
        ((2025, 2026), date(2027, 6, 1), False),
        ((2026, 2027), date(2026, 12, 31), True),
    ],
)
def test_a_release_has_three_months_of_calendar_ahead(
    copy: Path,
    years: tuple[int, ...],
    day: date,
    released: bool,  # noqa: FBT001
) -> None:
    problems = release_problems(with_years(copy, *years), day)

    assert [p.message.key for p in problems] == ([] if released else ["loader.calendar_ends"])
    assert [p.file for p in problems] == ([] if released else ["schemas/codes/calendar.yaml"])


def test_months_are_counted_over_the_end_of_a_year() -> None:
    assert months_after(date(2026, 11, 30), 3) == date(2027, 2, 28)
    assert months_after(date(2026, 12, 5), 3) == date(2027, 3, 5)
    assert months_after(date(2026, 9, 30), 3) == date(2026, 12, 28)
