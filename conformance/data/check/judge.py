"""Judge of an item: compiled plan, row validator, key members and time limits."""

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
    """Judge of the rows of one item."""

    item: Item
    """The item with its row schema."""
    plan: RowPlan
    accepts: Acceptor
    reasons: Reasons
    identifiers: tuple[str, ...]
    """Members that identify the subject of a row; the first present one counts."""
    key: tuple[str, ...]
    """Members that, together with the subject, are unique among rows."""
    naming_members: tuple[tuple[str, ...], ...]
    """Members by which rows of other items reference rows of this item."""
    last_day: Callable[[str], str | None]
    """Last working day (ISO date) for reporting an event of a given day; None beyond the calendar."""

    @property
    def compared_members(self) -> tuple[str, ...]:
        """Members compared across rows: identifiers, key, times and references."""
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
    """Judge of an item of the checklist in force."""
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
    def find_last_day(since: str) -> str | None:
        try:
            return last_day(calendar, date.fromisoformat(since), working_days).isoformat()
        except (UncoveredYearError, OverflowError, ValueError):
            return None

    return find_last_day
