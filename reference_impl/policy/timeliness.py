"""Working days in China, and the timeliness of a record after its event."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from reference_impl.china_time import CHINA
from reference_impl.policy.model import Document

SATURDAY = 5
DAY = timedelta(days=1)


class UnknownYearError(LookupError):
    """The calendar says nothing of a year; whether a day in it is worked would be a guess."""


def is_working_day(calendar: Mapping[str, Any], day: date) -> bool:
    year = calendar["years"].get(str(day.year))
    if year is None:
        raise UnknownYearError(day.year)
    if day.weekday() >= SATURDAY:
        return str(day) in year["workdays"]
    return str(day) not in year["holidays"]


def last_day(calendar: Mapping[str, Any], since: date, working_days: int) -> date:
    """The given working day after a day that does not count itself."""
    day = since
    while working_days:
        day += DAY
        working_days -= is_working_day(calendar, day)
    return day


def timeliness(calendar: Mapping[str, Any], limit: Document | None, record: Document) -> str | None:
    """`on_time`, `late`, `unknown` where the calendar does not reach; None where there is no limit.

    Counted is from the day of the event to the day in China on which the provider made the record.
    """
    content = record.get("content") or {}
    if limit is None or limit["since"] not in content:
        return None
    generated_on = datetime.fromisoformat(record["generated_at"]).astimezone(CHINA).date()
    try:
        last = last_day(calendar, date.fromisoformat(content[limit["since"]]), limit["working_days"])
    except UnknownYearError:
        return "unknown"
    return "on_time" if generated_on <= last else "late"
