"""What the page shows of a checked delivery: its items with their rules, and the figures above them."""

from collections import Counter
from collections.abc import Mapping
from typing import Any

from conformance.data.report.order import LOUD, loud, quiet, worst
from conformance.results.view import fragments
from conformance.verdict import SEVERITY

FILES_SHOWN = 500
PROBLEMS_SHOWN = 200
PLACES_SHOWN = 10
PLACES_IN_ALL = 6000
"""On one page; the rest stands in the result document."""
FIRST = 3
OPEN_AT_FIRST = 3
NO_ITEM = "no-item"
Document = Mapping[str, Any]


def item_id(code: str) -> str:
    return code or NO_ITEM


def blocks(document: Document) -> list[dict[str, Any]]:
    """Every item with its rules: that with most bad rows first."""
    found = [{"item": item, "order": number} for number, item in enumerate(document["items"])]
    found.sort(key=lambda block: (-block["item"]["bad"], not loud(block["item"]), block["order"]))
    most = _places_of_each(document)
    named = anchors(document)
    return [_block(block["item"], block["order"], rank, most, named) for rank, block in enumerate(found)]


def anchors(document: Document) -> dict[str, str]:
    """The fragment that leads to each item and to each of its rules."""
    items = [f"item {item_id(item['code'])}" for item in document["items"]]
    return fragments([*items, *(_id(i, r) for i in document["items"] for r in i["rules"])])


def first(document: Document) -> list[dict[str, Any]]:
    """The rules to look at first: those that most rows of the delivery break."""
    named = anchors(document)
    found = [
        {"item": item, "rule": rule, "anchor": named[_id(item, rule)]}
        for item in document["items"]
        for rule in loud(item)[:FIRST]
    ]
    found.sort(key=lambda one: (one["rule"]["verdict"] != "failed", -one["rule"]["rows"]))
    return found[:FIRST]


def dimensions(document: Document) -> list[dict[str, Any]]:
    """Each indicator over all items: the counts are added, never the shares."""
    found: dict[str, dict[str, Any]] = {}
    for one in (one for item in document["items"] for one in item["indicators"]):
        total = found.setdefault(one["id"], {**one, "good": 0, "of": 0})
        total["good"] += one["good"]
        total["of"] += one["of"]
    return list(found.values())


def halves(good: int, of: int) -> dict[str, int]:
    """What a bar is cut into."""
    return {name: part for name, part in (("passed", good), ("failed", of - good)) if part > 0}


def choices(document: Document) -> dict[str, dict[str, int]]:
    """What the reader can filter by, with the number of rules behind each choice."""
    rules = [(item_id(item["code"]), rule) for item in document["items"] for rule in item["rules"]]
    verdicts = Counter(rule["verdict"] for _, rule in rules)
    order = [verdict.value for verdict in SEVERITY if verdict.value in verdicts]
    return {
        "verdict": {verdict: verdicts[verdict] for verdict in order},
        "part": dict(Counter(code for code, _ in rules)),
        "dimension": dict(Counter(rule["dimension"] for _, rule in rules)),
    }


def _block(
    item: Mapping[str, Any], order: int, rank: int, most: int, named: Mapping[str, str]
) -> dict[str, Any]:
    broken = loud(item)
    orders = {rule["id"]: number for number, rule in enumerate(item["rules"])}
    return {
        "item": item,
        "code": item_id(item["code"]),
        "anchor": named[f"item {item_id(item['code'])}"],
        "order": order,
        "rank": rank,
        "open": rank < OPEN_AT_FIRST and bool(broken),
        "verdict": worst(item),
        "indicators": {one["id"]: one for one in item["indicators"]},
        "loud": [
            _shown(rule, orders[rule["id"]], n, most, named[_id(item, rule)]) for n, rule in enumerate(broken)
        ],
        "quiet": [{**rule, "anchor": named[_id(item, rule)]} for rule in quiet(item)],
    }


def _shown(rule: Mapping[str, Any], order: int, rank: int, most: int, anchor: str) -> dict[str, Any]:
    return {**rule, "order": order, "rank": rank, "anchor": anchor, "samples": rule["samples"][:most]}


def _places_of_each(document: Document) -> int:
    broken = sum(rule["verdict"] in LOUD for item in document["items"] for rule in item["rules"])
    return min(max(PLACES_IN_ALL // (broken or 1), 1), PLACES_SHOWN)


def _id(item: Mapping[str, Any], rule: Mapping[str, Any]) -> str:
    return f"{item_id(item['code'])} {rule['id']}"
