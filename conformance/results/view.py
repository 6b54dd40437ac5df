"""What the page shows of a result document: its requirements with their cases, and the figures above them."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from conformance.results.evidence_budget import STEPS_SHOWN, Share, shares
from conformance.verdict import SEVERITY

_QUIET = frozenset({"passed", "not_applicable", "not_effective", "manual"})
_OPEN_AT_FIRST = 3
Document = Mapping[str, Any]


def blocks(document: Document, anchors: Mapping[str, str]) -> list[dict[str, Any]]:
    """Every requirement with its cases: the worst first, then in the order of the standard."""
    cases = {case["id"]: case for case in document["cases"]}
    found = [_block(entry, number, cases) for number, entry in enumerate(document["requirements"])]
    found.sort(key=lambda block: (_rank(block["requirement"]["verdict"]), block["order"]))
    share = shares([block["loud"] for block in found])
    for number, block in enumerate(found):
        block["open"] = number < _OPEN_AT_FIRST and bool(block["loud"])
        block["loud"] = [_shown(case, share[case["id"]], anchors) for case in block["loud"]]
    return found


def anchors(document: Document) -> dict[str, str]:
    """The fragment that leads to each case."""
    return fragments(case["id"] for case in document["cases"])


def fragments(ids: Iterable[str]) -> dict[str, str]:
    """Each id in the letters that a fragment may have."""
    found: dict[str, str] = {}
    taken: set[str] = set()
    for id_ in ids:
        plain = anchor = re.sub("[^A-Za-z0-9_-]+", ".", id_).strip(".") or "x"
        number = 1
        while anchor in taken:
            number += 1
            anchor = f"{plain}.{number}"
        taken.add(anchor)
        found[id_] = anchor
    return found


def clause_state(clause: Mapping[str, Any]) -> str:
    """`untested` for a clause that no requirement cites, `not_run` for one that this run left out."""
    if clause["verdict"]:
        return str(clause["verdict"])
    return "not_run" if clause["requirements"] else "untested"


def clause_counts(document: Document) -> dict[str, int]:
    """How many clauses stand in each state, the worst first."""
    counted = Counter(map(clause_state, document["clauses"]))
    order = [*(verdict.value for verdict in SEVERITY), "not_run", "untested"]
    return {state: counted[state] for state in order if counted[state]}


def verified(document: Document) -> list[dict[str, Any]]:
    """What the run did and did not establish: requirements by how they were dealt with."""
    entries = document["requirements"]

    def of(*verdicts: str) -> list[Mapping[str, Any]]:
        return [entry for entry in entries if entry["verdict"] in verdicts]

    return [
        {"key": "tested", "entries": of("passed", "failed", "warned"), "listed": False},
        {"key": "open", "entries": of("not_verified", "inconclusive", "errored"), "listed": True},
        {"key": "manual", "entries": of("manual"), "listed": True},
        {"key": "inapplicable", "entries": of("not_applicable", "not_effective"), "listed": True},
    ]


def part_rows(document: Document) -> list[dict[str, Any]]:
    """For each part the verdicts on its requirements, worst first, and how many of its cases passed."""
    by_id = {entry["id"]: entry for entry in document["requirements"]}
    cases = {case["id"]: case["verdict"] for case in document["cases"]}
    return [_part(part, by_id, cases) for part in document["parts"]]


def choices(document: Document) -> dict[str, dict[str, int]]:
    """What the reader can filter by, with the number of cases behind each choice."""
    by_id = {entry["id"]: entry for entry in document["requirements"]}
    cases = document["cases"]
    return {
        "verdict": _ranked(Counter(case["verdict"] for case in cases)),
        "part": dict(Counter(by_id[case["requirement"]]["part"] for case in cases)),
        "profile": dict(Counter(p for case in cases for p in by_id[case["requirement"]]["profiles"])),
        "level": dict(Counter(by_id[case["requirement"]]["level"] for case in cases)),
        "fault": dict(Counter(fault for case in cases for fault in faults(case))),
    }


def faults(case: Mapping[str, Any]) -> list[str]:
    """Who has to act, for cases that need somebody to."""
    if case["verdict"] in _QUIET:
        return []
    return sorted({finding["fault"] for finding in case["findings"]})


def _block(entry: Mapping[str, Any], order: int, cases: Mapping[str, Any]) -> dict[str, Any]:
    found = [cases[id_] for id_ in entry["cases"] if id_ in cases]
    loud = [case for case in found if case["verdict"] not in _QUIET]
    return {
        "requirement": entry,
        "order": order,
        "told": any(case["findings"] for case in loud),
        "loud": sorted(loud, key=lambda case: _rank(case["verdict"])),
        "quiet": [case for case in found if case["verdict"] in _QUIET],
        "passed": sum(case["verdict"] == "passed" for case in found),
        "total": len(found),
        "seconds": sum(case["duration_seconds"] for case in found),
    }


def _shown(case: Mapping[str, Any], share: Share, anchors: Mapping[str, str]) -> dict[str, Any]:
    decisive = {finding["step"] for finding in case["findings"]}
    steps = [
        {**step, "decisive": step["step"] in decisive}
        for step in case["exchanges"]
        if step["step"] in share.steps
    ]
    return {
        **case,
        "anchor": anchors[case["id"]],
        "faults": faults(case),
        "findings": case["findings"][: max(share.findings, 1)],
        "compared": share.findings > 0,
        "left_out": max(len(case["findings"]) - max(share.findings, 1), 0),
        "exchanges": steps,
        "received": case["received"][:STEPS_SHOWN] if share.findings else [],
        "steps_left_out": len(case["exchanges"]) - len(steps),
    }


def _part(part: Mapping[str, Any], by_id: Mapping[str, Any], cases: Mapping[str, str]) -> dict[str, Any]:
    entries = [by_id[id_] for id_ in part["requirements"]]
    found = [cases[id_] for entry in entries for id_ in entry["cases"] if id_ in cases]
    return {
        "title": part["title"],
        "id": part["id"],
        "verdicts": _ranked(Counter(entry["verdict"] for entry in entries)),
        "requirements": len(entries),
        "passed": found.count("passed"),
        "cases": len(found),
    }


def _ranked(counted: Mapping[str, int]) -> dict[str, int]:
    return {name: counted[name] for name in sorted(counted, key=_rank)}


def _rank(verdict: str) -> int:
    return SEVERITY.index(verdict)


def segments(counts: Mapping[str, int], names: Iterable[str] | None = None) -> list[dict[str, Any]]:
    """A bar of 1000 units, cut in proportion."""
    total, x, found = sum(counts.values()) or 1, 0.0, []
    for name in names or counts:
        width = 1000 * counts[name] / total
        found.append({"name": name, "x": round(x, 2), "width": round(max(width - 3, 2), 2)})
        x += width
    return found
