"""What of a document comes first in every rendering: the worst rules, the files with faults, their places."""

from collections.abc import Iterator, Mapping
from typing import Any

from conformance.messages.visible import one_line
from conformance.results.number_format import count
from conformance.results.texts import Words
from conformance.verdict import SEVERITY

Entry = Mapping[str, Any]
LOUD = frozenset({"failed", "warned"})
_RANKS = {"stopped": 0, "begun": 1, "not_reached": 2}


def loud(item: Entry) -> list[Entry]:
    """The broken rules of an item: failures before warnings, then the one that most rows break."""
    found = [rule for rule in item["rules"] if rule["verdict"] in LOUD]
    return sorted(found, key=lambda rule: (rule["verdict"] != "failed", -rule["rows"]))


def quiet(item: Entry) -> list[Entry]:
    """The other rules, in the order of the item."""
    return [rule for rule in item["rules"] if rule["verdict"] not in LOUD]


def worst(item: Entry) -> str:
    found = {rule["verdict"] for rule in item["rules"]}
    return next((verdict.value for verdict in SEVERITY if verdict.value in found), "not_verified")


def files(document: Entry) -> list[Entry]:
    """Files that were not read to their end, then those with most bad rows; others as they were read."""
    return sorted(document["files"], key=lambda file: (_RANKS.get(file["state"], 9), -file["bad"]))


def name(document: Entry, number: int) -> str:
    known = document["files"]
    return one_line(known[number]["name"]) if number < len(known) else f"#{number}"


def places(document: Entry, rule: Entry, most: int) -> Iterator[str]:
    """The first places of a rule: `file:line value`."""
    for sample in rule["samples"][:most]:
        value = "" if sample["value"] is None else " " + one_line(sample["value"])
        yield f"{name(document, sample['file'])}:{sample['line']}{value}"


def called(code: str | None, tell: Words) -> str:
    """An item as it is called where only its code is known."""
    if code is None:
        return "–"
    return one_line(code) if code not in ("", "records") else tell("of_records" if code else "of_no_item")


def heading(item: Entry, lang: str, tell: Words) -> str:
    """Code and title of an item."""
    if not item["code"]:
        return tell("of_no_item")
    return one_line(" ".join((item["code"], item["title"][lang] if item["title"] else "")).strip())


def scope(document: Entry) -> str:
    """How much of the delivery was looked at, as files say it: `read`, `stopped` or `begun`."""
    if not document["complete"]:
        return "begun"
    return "stopped" if document["problems"] else "read"


def rows(number: int, tell: Words) -> str:
    return tell("row" if number == 1 else "rows", count=count(number))
