"""What an item asks of a delivery, made ready once: plan, validator, key, the times of its records."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from conformance.data.engine import Acceptor
from conformance.data.plan import RowPlan, compile_plan
from conformance.data.rows import Reasons, row_item, row_reasons
from conformance.model.shapes import Item
from conformance.model.standard import Standard
from conformance.oracles.working_days import UncoveredYearError, last_day

SUBJECT = "subject."
AS_OF, GENERATED_AT, VERSION = "record.as_of", "record.generated_at", "record.version"
_NO_IDENTIFIERS = frozenset({"subject.type", "subject.name"})


@dataclass(frozen=True, slots=True)
class ItemJudge:
    """Judges rows of one item."""

    item: Item
    """With the schema of its rows."""
    plan: RowPlan
    accepts: Acceptor
    reasons: Reasons
    identifiers: tuple[str, ...]
    """The members by which a row names its subject; the first that is there counts."""
    key: tuple[str, ...]
    """The members that, with the subject, no two rows have in common."""
    naming_members: tuple[tuple[str, ...], ...]
    """Members by which other items name a row of this one."""
    last_day: Callable[[str], str | None]
    """The last working day, as ISO text, for a record of an event of a day; None where the calendar ends."""

    @property
    def noted(self) -> tuple[str, ...]:
        """The members that are looked at beyond their own rules."""
        since = (self.item.timeliness.since,) if self.item.timeliness else ()
        times = (*since, GENERATED_AT, AS_OF)
        naming = (
            name
            for names in (*(r.fields for r in self.item.references), *self.naming_members)
            for name in names
        )
        members = self.item.schema["properties"]
        return tuple(
            dict.fromkeys(n for n in (*self.identifiers, *self.key, *times, *naming) if n in members)
        )


def judge_of(standard: Standard, code: str) -> ItemJudge:
    """The judge of an item of the checklist in force."""
    item = row_item(standard.checklist.item(code), standard.checklist)
    every = (r for other in standard.checklist.items for r in other.references if r.item == code)
    naming_members = tuple(dict.fromkeys(r.to for r in every))
    plan = compile_plan(item)
    names = standard.checklist.row_schema["properties"]
    identifiers = tuple(n for n in names if n.startswith(SUBJECT) and n not in _NO_IDENTIFIERS)
    key = (*item.key, *((VERSION,) if VERSION in names else ()))
    days = _last_day(standard.holidays, item.timeliness.working_days if item.timeliness else 0)
    return ItemJudge(
        item, plan, Acceptor(plan.accepts), row_reasons(item, plan), identifiers, key, naming_members, days
    )


def _last_day(calendar: Mapping[str, Any], working_days: int) -> Callable[[str], str | None]:
    @lru_cache(maxsize=1 << 16)
    def found(since: str) -> str | None:
        try:
            return last_day(calendar, date.fromisoformat(since), working_days).isoformat()
        except (UncoveredYearError, OverflowError, ValueError):
            return None

    return found
