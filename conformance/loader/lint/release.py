"""Conditions under which an edition of the standard may be released on a day."""

from collections.abc import Iterator
from datetime import date

from conformance.loader.place import Place
from conformance.loader.problem import Problem
from conformance.loader.shapes import CALENDAR
from conformance.loader.tree import Tree

LEAST_MONTHS = 3
"""Months of the calendar of working days that a release has ahead, so that its verdicts hold for a while."""


def check_release(tree: Tree, day: date) -> Iterator[Problem]:
    """A calendar of working days that ends too soon after the day of the release."""
    years = tree.value(CALENDAR, {}).get("years", {})
    if not years:
        return
    end, least = date(int(max(years)), 12, 31), months_after(day, LEAST_MONTHS)
    if end < least:
        place = Place(tree, CALENDAR, ("years",))
        yield place.problem("calendar_ends", end=end, day=day, months=LEAST_MONTHS, least=least)


def months_after(day: date, months: int) -> date:
    """The day of the same number so many months later; the 28th for a later day of the month."""
    month = day.month - 1 + months
    return date(day.year + month // 12, month % 12 + 1, min(day.day, 28))
