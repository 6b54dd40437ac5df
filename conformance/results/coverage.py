"""Items of the checklist against the checks that go through them: how often tried, with what outcome."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

from conformance.verdict import SEVERITY

_FINE = frozenset({"passed", "not_applicable", "not_effective", "manual"})
_WORST = {verdict.value: rank for rank, verdict in enumerate(SEVERITY)}
Document = Mapping[str, Any]
Cells = dict[tuple[str, str], list[Mapping[str, Any]]]


def item_coverage(document: Document) -> dict[str, Any]:
    """Columns are the checks that go through items, in the order of the standard; rows are all items."""
    cells: Cells = defaultdict(list)
    for case in document["cases"]:
        if case["item"]:
            cells[case["item"], _column(case)].append(case)
    columns = _columns(document, {column for _, column in cells})
    rows = [_row(item, columns, cells) for item in document["checklist"]["items"]]
    return {"columns": columns, "rows": rows, "groups": _groups(rows, document), **_totals(rows)}


def _column(case: Mapping[str, Any]) -> str:
    return f"{case['requirement']}/{case['check']}"


def _columns(document: Document, found: set[str]) -> list[dict[str, Any]]:
    order = {entry["id"]: number for number, entry in enumerate(document["requirements"])}
    names = sorted((tuple(name.split("/", 1)) for name in found), key=lambda n: (order.get(n[0], 0), n[1]))
    many = [requirement for requirement, _ in names]
    return [
        {
            "key": f"{requirement}/{check}",
            "requirement": requirement,
            "check": check,
            "letter": _letter(names, requirement, check) if many.count(requirement) > 1 else "",
            "purpose": document["checks"].get(check),
        }
        for requirement, check in names
    ]


def _letter(names: Iterable[tuple[str, ...]], requirement: str, check: str) -> str:
    own = [name for of, name in names if of == requirement]
    return chr(ord("a") + own.index(check))


def _row(item: Mapping[str, Any], columns: Iterable[Mapping[str, Any]], cells: Cells) -> dict[str, Any]:
    found = [_cell(cells.get((item["code"], column["key"]), [])) for column in columns]
    tried = [cell for cell in found if cell["total"]]
    verdict = min((cell["verdict"] for cell in tried), key=_WORST.__getitem__, default=None)
    return {"item": item, "cells": found, "verdict": verdict, "total": sum(cell["total"] for cell in tried)}


def _cell(cases: list[Mapping[str, Any]]) -> dict[str, Any]:
    verdict = min((case["verdict"] for case in cases), key=_WORST.__getitem__, default=None)
    bad = [case for case in cases if case["verdict"] not in _FINE]
    return {"verdict": verdict, "total": len(cases), "bad": len(bad), "case": bad[0]["id"] if bad else None}


def _groups(rows: list[dict[str, Any]], document: Document) -> list[dict[str, Any]]:
    """The rows by category, in the order of the checklist."""
    found: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in rows:
        found[row["item"]["category"]].append(row)
    titles = document["checklist"]["categories"]
    return [{"category": code, "title": titles.get(code), "rows": own} for code, own in found.items()]


def _totals(rows: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "total": len(rows),
        "tested": sum(row["verdict"] is not None for row in rows),
        "faulty": [row["item"]["code"] for row in rows if row["verdict"] not in {None, *_FINE}],
    }
