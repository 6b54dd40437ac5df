"""Where the time of a run went: a drawing of its lanes, the share of each part, the slowest cases."""

from collections import defaultdict
from collections.abc import Mapping
from typing import Any

WIDTH, HEIGHT, GAP = 1000, 14, 4
"""Units of the drawing."""
SLOWEST = 12
_TOLD = 250
"""Bars that tell their name; the others are too short to be pointed at."""
_QUIET = frozenset({"passed", "not_applicable", "not_effective", "manual"})
Document = Mapping[str, Any]


def timeline(document: Document) -> dict[str, Any]:
    """What the section on time shows. Empty `lanes` where nothing was executed."""
    ran = [case for case in document["cases"] if case["duration_seconds"] > 0]
    end = max((case["started_seconds"] + case["duration_seconds"] for case in ran), default=0.0)
    slow = sorted(ran, key=lambda case: -case["duration_seconds"])
    told = {case["id"] for case in slow[:_TOLD]} | {c["id"] for c in ran if c["verdict"] not in _QUIET}
    return {
        "seconds": end,
        "ticks": [{"x": WIDTH * n / 4, "seconds": end * n / 4} for n in range(5)],
        "lanes": _lanes(ran, end, told),
        "parts": _parts(document),
        "slowest": slow[:SLOWEST],
        "busy": sum(case["duration_seconds"] for case in ran),
        "waited": sum(case["waited_seconds"] for case in ran),
    }


def _lanes(ran: list[Mapping[str, Any]], end: float, told: set[str]) -> list[dict[str, Any]]:
    """One for each worker, and in the end the one of the cases that ran alone."""
    found: dict[int, list[Mapping[str, Any]]] = defaultdict(list)
    for case in ran:
        found[case["lane"]].append(case)
    numbers = sorted(found, key=lambda number: (number == 0, number))
    return [
        {
            "number": number,
            "y": row * (HEIGHT + GAP),
            "bars": [_bar(case, end, named=case["id"] in told) for case in found[number]],
        }
        for row, number in enumerate(numbers)
    ]


def _bar(case: Mapping[str, Any], end: float, *, named: bool) -> dict[str, Any]:
    scale = WIDTH / end
    return {
        "x": round(case["started_seconds"] * scale, 1),
        "width": max(round(case["duration_seconds"] * scale, 1), 0.4),
        "verdict": case["verdict"],
        "bad": case["verdict"] not in _QUIET,
        "title": case["id"] if named else "",
        "seconds": case["duration_seconds"],
    }


def _parts(document: Document) -> list[dict[str, Any]]:
    """The seconds each part took, summed over its cases, the longest first."""
    part_of = {entry["id"]: entry["part"] for entry in document["requirements"]}
    spent: dict[str, list[float]] = defaultdict(list)
    for case in document["cases"]:
        spent[part_of[case["requirement"]]].append(case["duration_seconds"])
    whole = sum(map(sum, spent.values())) or 1.0
    rows = [
        {
            "title": part["title"],
            "cases": len(spent[part["id"]]),
            "seconds": sum(spent[part["id"]]),
            "share": sum(spent[part["id"]]) / whole,
        }
        for part in document["parts"]
    ]
    return sorted(rows, key=lambda row: -row["seconds"])
