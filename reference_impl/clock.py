"""A platform on another day: its clock, the version of the checklist in force, every date that it writes."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

from reference_impl.parts import Parts
from reference_impl.parts.base import BaseParts
from reference_impl.parts.catalog import CatalogParts
from reference_impl.parts.collection import CollectionParts


def on_day(parts: Parts, day: date) -> Parts:
    """The same platform as if this were today; the time of day stays what it is."""
    base = parts[BaseParts]
    shift = timedelta((day - base.clock().date()).days)
    clock: Callable[[], datetime] = lambda: base.clock() + shift  # noqa: E731
    return with_checklist(parts.with_groups(replace(base, clock=clock)), today=lambda: clock().date())


def with_checklist(parts: Parts, **members: Any) -> Parts:
    """The parts with these members of the catalogue replaced, and everything that is bound to it."""
    base = parts[BaseParts]
    catalogue = replace(base.catalogue, **members)
    return parts.with_groups(
        replace(base, catalogue=catalogue),
        replace(parts[CatalogParts], knows_item=catalogue.knows),
        replace(parts[CollectionParts], validate_record=catalogue.validate_record),
    )
