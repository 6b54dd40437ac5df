"""Deliveries for tests, and a judge of their lines that knows nothing of how they were made."""

import json
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from conformance.data.synth import Delivered, OutputFormat, SynthRequest, deliver
from conformance.data.synth.variants import row_judge
from conformance.loader import load_standard
from conformance.model.standard import Standard

DAY = date(2026, 11, 25)


@cache
def standard() -> Standard:
    return load_standard().on(DAY, "")


def write_delivery(folder: Path, item: str, rows: int, *, block: int = 32_768, **more: Any) -> Delivered:
    form = more.get("form", OutputFormat.NDJSON)
    order = SynthRequest(item, rows, DAY, folder / f"rows.{form}", truth=folder / "truth.ndjson", **more)
    return deliver(standard(), order, block=block)


def truth(folder: Path) -> dict[int, dict[str, Any]]:
    """The wrong rows by their lines."""
    lines = (folder / "truth.ndjson").read_bytes().splitlines()
    return {entry["line"]: entry for entry in map(json.loads, lines)}


class _AmbiguousError(ValueError):
    pass


def _strict(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    if len(dict(pairs)) < len(pairs):
        raise _AmbiguousError("duplicate_member")
    return dict(pairs)


def _refused(_: str) -> Any:
    raise _AmbiguousError("no_number")


def read(line: bytes) -> dict[str, Any] | str:
    """The members of a line, or why there are none."""
    try:
        row: dict[str, Any] = json.loads(line, object_pairs_hook=_strict, parse_constant=_refused)
    except _AmbiguousError as refused:
        return f"line/{refused}"
    except ValueError:
        return "line/no_json"
    return row


def key_of(row: dict[str, Any], key: tuple[str, ...]) -> tuple[str, ...]:
    subject = tuple(
        f"{n}={v}" for n, v in row.items() if n.startswith("subject.") and n[8:] not in {"type", "name"}
    )
    return (*subject, *(repr(row.get(name)) for name in key))


def wrong_lines(path: Path, code: str) -> dict[int, frozenset[str]]:
    """What is wrong with the rows of a file by the oracles and by a set of keys, line by line."""
    item = standard().checklist.item(code)
    broken_rules, earlier_keys, wrong = row_judge(item, standard().checklist), set(), {}
    for number, line in enumerate(path.read_bytes().splitlines(keepends=True), 1):
        row = read(line)
        reasons = frozenset({row}) if isinstance(row, str) else broken_rules(row)
        if not reasons and isinstance(row, dict):
            key = key_of(row, item.key)
            reasons = frozenset({"unique"}) if key in earlier_keys else reasons
            earlier_keys.add(key)
        if reasons:
            wrong[number] = reasons
    return wrong
