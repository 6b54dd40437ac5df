"""What is wrong with a row that is being made, as the check of files would say it."""

from collections.abc import Callable, Mapping
from typing import Any

from conformance.data.plan import compile_plan
from conformance.data.rows import row_item, row_reasons
from conformance.model.shapes import Checklist, Item

Judge = Callable[[Mapping[str, Any]], frozenset[str]]


def judge(item: Item, checklist: Checklist) -> Judge:
    """The ids of the rules that a row of the item breaks."""
    whole = row_item(item, checklist)
    reasons = row_reasons(whole, compile_plan(whole))
    return lambda row: frozenset(reason.rule for reason in reasons(dict(row)))
