"""The life of an authorization: its events in time, folded through the published transitions."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime, time, timedelta
from typing import Any

from reference_impl.china_time import CHINA

Events = Iterable[tuple[datetime, str]]
"""Moment and code of an event."""
Transitions = Mapping[str, Mapping[str, Any]]
"""By code of the event: the states it leads out of (`from`), and where (`to`)."""

FIRST = "pending"


def state(events: Events, transitions: Transitions, now: datetime) -> str:
    """The state after all events up to `now`; an event changes nothing in a state it does not lead out of."""
    current = FIRST
    for _, code in sorted(event for event in events if event[0] <= now):
        if current in transitions[code]["from"]:
            current = transitions[code]["to"]
    return current


def begins(day: date) -> datetime:
    """The first moment of a day in China."""
    return datetime.combine(day, time(), CHINA)


def ends(day: date) -> datetime:
    """The first moment after a day in China."""
    return begins(day + timedelta(days=1))
