"""A platform on another day: its clock, the version of the checklist in force, everything it dates."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

from reference_impl.parts import Parts


def on_day(parts: Parts, day: date) -> Parts:
    """The same platform as if this were today; the time of day stays what it is."""
    ahead = timedelta((day - parts.clock().date()).days)
    clock: Callable[[], datetime] = lambda: parts.clock() + ahead  # noqa: E731
    return with_checklist(replace(parts, clock=clock), today=lambda: clock().date())


def with_checklist(parts: Parts, **changed: Any) -> Parts:
    """The parts with another way of choosing versions of the checklist."""
    catalogue = replace(parts.catalogue, **changed)
    return replace(
        parts,
        catalogue=catalogue,
        knows_item=catalogue.knows,
        validate_record=catalogue.validate_record,
    )
