"""Working days in China by `codes/calendar.yaml`: yearly notices of the General Office of the State Council.

A year that the calendar does not list is never computed from Monday to Friday: it is an error.
"""

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from typing import Any

DAY = timedelta(days=1)
WEEKEND = frozenset({5, 6})
"""Saturday and Sunday, as `date.weekday()` counts."""


class UncoveredYearError(LookupError):
    """A year that the calendar does not list; its argument is the year."""


def covered_years(calendar: Mapping[str, Any]) -> tuple[int, ...]:
    """The years that the calendar lists, in order."""
    return tuple(sorted(map(int, calendar.get("years", ()))))


def last_covered_day(calendar: Mapping[str, Any]) -> date | None:
    """31 December of the last year of the calendar; None for a calendar without years."""
    years = covered_years(calendar)
    return date(years[-1], 12, 31) if years else None


def is_worked(calendar: Mapping[str, Any], day: date) -> bool:
    """True if a day is a working day. Raises UncoveredYearError."""
    year = calendar["years"].get(f"{day:%Y}")
    if year is None:
        raise UncoveredYearError(day.year)
    exceptions = year["workdays"] if day.weekday() in WEEKEND else year["holidays"]
    return (day.weekday() in WEEKEND) == (day.isoformat() in exceptions)


def last_day(calendar: Mapping[str, Any], since: date, count: int) -> date:
    """The `count`th working day after a day, which does not count itself. Raises UncoveredYearError."""
    days = _working_days_after(calendar, since)
    for _ in range(count - 1):
        next(days)
    return next(days)


def _working_days_after(calendar: Mapping[str, Any], since: date) -> Iterator[date]:
    day = since
    while True:
        day += DAY
        if is_worked(calendar, day):
            yield day
