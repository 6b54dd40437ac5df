"""Working days in China by the calendar of the standard. A year that it does not have is never guessed."""

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from typing import Any

DAY = timedelta(days=1)
WEEKEND = frozenset({5, 6})


class UncoveredYearError(LookupError):
    """The calendar says nothing of the year."""


def is_worked(calendar: Mapping[str, Any], day: date) -> bool:
    """Whether a day is a working day."""
    known = calendar["years"].get(f"{day:%Y}")
    if known is None:
        raise UncoveredYearError(day.year)
    exceptions = known["workdays"] if day.weekday() in WEEKEND else known["holidays"]
    return (day.weekday() in WEEKEND) == (day.isoformat() in exceptions)


def last_day(calendar: Mapping[str, Any], since: date, count: int) -> date:
    """The `count`th working day after a day, which does not count itself."""
    found = _following(calendar, since)
    for _ in range(count - 1):
        next(found)
    return next(found)


def _following(calendar: Mapping[str, Any], since: date) -> Iterator[date]:
    day = since
    while True:
        day += DAY
        if is_worked(calendar, day):
            yield day
