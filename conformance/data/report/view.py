"""View of a checked delivery for its page: items with their rules, and summary figures."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from conformance.data.report.document import (
    DeliveryDocument,
    IndicatorEntry,
    ItemEntry,
    RuleEntry,
)
from conformance.data.report.order import LOUD, loud, quiet, worst
from conformance.model.judgement import Verdict
from conformance.results.view import fragments
from conformance.verdict import SEVERITY

FILES_SHOWN = 500
PROBLEMS_SHOWN = 200
PLACES_SHOWN = 10
PLACES_IN_ALL = 6000
"""Maximum on one page; the result document has all."""
FIRST = 3
OPEN_AT_FIRST = 3
NO_ITEM = "no-item"


class RuleOnPage(RuleEntry):
    """A rule with its fragment and its position in both orders of the page."""

    anchor: str
    order: int
    """Position in the item."""
    rank: int
    """Position among the broken rules, worst first."""


@dataclass(frozen=True, slots=True)
class ItemBlock:
    """An item with its rules: the broken ones in full, the others by name."""

    item: ItemEntry
    code: str
    anchor: str
    order: int
    rank: int
    open: bool
    verdict: Verdict
    indicators: Mapping[str, IndicatorEntry]
    loud: tuple[RuleOnPage, ...]
    quiet: tuple[RuleOnPage, ...]


@dataclass(frozen=True, slots=True)
class FirstRule:
    """A rule to look at first."""

    item: ItemEntry
    rule: RuleEntry
    anchor: str


def item_id(code: str) -> str:
    """The code of an item, or the stand-in for rows that name none."""
    return code or NO_ITEM


def blocks(document: DeliveryDocument) -> list[ItemBlock]:
    """All items, by descending number of bad rows."""
    numbered = list(enumerate(document.items))
    numbered.sort(key=lambda pair: (-pair[1].bad, not loud(pair[1]), pair[0]))
    most = _places_of_each(document)
    fragment_of = anchors(document)
    return [_block(item, order, rank, most, fragment_of) for rank, (order, item) in enumerate(numbered)]


def anchors(document: DeliveryDocument) -> dict[str, str]:
    """The fragment of each item and of each of its rules."""
    items = [f"item {item_id(item.code)}" for item in document.items]
    return fragments([*items, *(_id(item, rule) for item in document.items for rule in item.rules)])


def first_rules(document: DeliveryDocument) -> list[FirstRule]:
    """The rules that most rows of the delivery break."""
    fragment_of = anchors(document)
    rules = [
        FirstRule(item, rule, fragment_of[_id(item, rule)])
        for item in document.items
        for rule in loud(item)[:FIRST]
    ]
    rules.sort(key=lambda entry: (entry.rule.verdict is not Verdict.FAILED, -entry.rule.rows))
    return rules[:FIRST]


def dimensions(document: DeliveryDocument) -> list[IndicatorEntry]:
    """Each indicator over all items: sums of counts, not averages of shares."""
    totals: dict[str, IndicatorEntry] = {}
    for indicator in (indicator for item in document.items for indicator in item.indicators):
        total = totals.get(indicator.id)
        totals[indicator.id] = (
            indicator
            if total is None
            else total.changed(good=total.good + indicator.good, of=total.of + indicator.of)
        )
    return list(totals.values())


def halves(good: int, of: int) -> dict[str, int]:
    """The pieces of a bar: good and bad rows."""
    return {name: part for name, part in (("passed", good), ("failed", of - good)) if part > 0}


def choices(document: DeliveryDocument) -> dict[str, dict[str, int]]:
    """Filters of the page, with the number of rules behind each choice."""
    rules = [(item_id(item.code), rule) for item in document.items for rule in item.rules]
    verdicts = Counter[Verdict](rule.verdict for _, rule in rules)
    return {
        "verdict": {verdict.value: verdicts[verdict] for verdict in SEVERITY if verdicts[verdict]},
        "part": dict(Counter(code for code, _ in rules)),
        "dimension": dict(Counter(rule.dimension for _, rule in rules)),
    }


def _block(item: ItemEntry, order: int, rank: int, most: int, fragment_of: Mapping[str, str]) -> ItemBlock:
    broken = loud(item)
    orders = {rule.id: number for number, rule in enumerate(item.rules)}

    def on_page(rule: RuleEntry, place: int) -> RuleOnPage:
        fields = {**dict(rule), "samples": rule.samples[:most]}
        return RuleOnPage(**fields, anchor=fragment_of[_id(item, rule)], order=orders[rule.id], rank=place)

    return ItemBlock(
        item=item,
        code=item_id(item.code),
        anchor=fragment_of[f"item {item_id(item.code)}"],
        order=order,
        rank=rank,
        open=rank < OPEN_AT_FIRST and bool(broken),
        verdict=worst(item),
        indicators={indicator.id: indicator for indicator in item.indicators},
        loud=tuple(on_page(rule, place) for place, rule in enumerate(broken)),
        quiet=tuple(on_page(rule, place) for place, rule in enumerate(quiet(item))),
    )


def _places_of_each(document: DeliveryDocument) -> int:
    broken = sum(rule.verdict in LOUD for item in document.items for rule in item.rules)
    return min(max(PLACES_IN_ALL // (broken or 1), 1), PLACES_SHOWN)


def _id(item: ItemEntry, rule: RuleEntry) -> str:
    return f"{item_id(item.code)} {rule.id}"
