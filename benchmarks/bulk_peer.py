"""The peer for files, as an engineer puts it together: orjson, jsonschema-rs, rules by hand and a set.

And the limits: how long the same libraries take for reading alone.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import lru_cache
from operator import mul
from pathlib import Path
from typing import Any

import jsonschema_rs
import orjson
import polars as pl

from benchmarks.bulk_ours import Places as Found
from benchmarks.material import standard
from conformance.oracles.formats import CHECKERS
from conformance.oracles.validate import Invalidity, Validator, schema_validator
from conformance.synth.identities import USCC_ALPHABET

ITEM = "F09-02"
KEY = ("subject.uscc", "authority", "document_no")
UNSEEN = frozenset({"duplicate_member"})
"""orjson keeps the last of two equal members and says nothing."""
_MISSING = re.compile(r'"([^"]+)" is a required')
_SLICE = 65_536
_VALUES = {char: value for value, char in enumerate(USCC_ALPHABET)}
_WEIGHTS = [pow(3, n, 31) for n in range(17)]
Row = dict[str, Any]


def row_schema() -> dict[str, Any]:
    """One schema for a whole row."""
    item, outer = standard().checklist.item(ITEM).schema, standard().checklist.row_schema
    kept = {name: value for name, value in item.items() if not name.startswith(("x-", "$"))}
    return {**kept, "properties": {**item["properties"], **outer["properties"]}, "anyOf": outer["anyOf"]}


def formats() -> dict[str, Callable[[str], bool]]:
    """The formats, made fast: answers are remembered, and the frequent check digit is written anew."""
    quick = {name: lru_cache(maxsize=1 << 17)(check) for name, check in CHECKERS.items()}
    return {**quick, "uscc": is_uscc}


def is_uscc(text: str) -> bool:
    """GB 32100; the shape is the pattern's business."""
    try:
        total = sum(map(mul, map(_VALUES.__getitem__, text[:17]), _WEIGHTS))
        return len(text) == 18 and _VALUES[text[17]] == -total % 31 and text[2:8].isdigit()
    except KeyError:
        return False


def rules(row: Mapping[str, Any]) -> Iterator[tuple[str, tuple[str, ...]]]:
    """The rules that the row breaks, and the fields that each speaks of."""
    decided, status = row.get("decision_date", ""), row.get("repair_status")
    if decided >= "2026-04-01" and "severity" not in row:
        yield "F09-02.severity_since_2026_04", ("decision_date", "severity")
    if decided > row.get("publicity_deadline", ""):
        yield "F09-02.publicity_after_decision", ("decision_date", "publicity_deadline")
    if "valid_to" in row and decided > row["valid_to"]:
        yield "F09-02.valid_after_decision", ("decision_date", "valid_to")
    if status == "REPAIRED" and "repaired_date" not in row:
        yield "F09-02.repaired_has_date", ("repair_status", "repaired_date")


def checked(rows: Iterable[tuple[int, Row | None]], *, by_hand: bool = False) -> Found:
    """What is wrong with rows; None is a line that is no object. `by_hand`: formats are judged outside."""
    sound_shape = jsonschema_rs.Draft202012Validator(
        row_schema(), formats={} if by_hand else formats(), validate_formats=not by_hand, offline=True
    ).is_valid
    checks = formatted() if by_hand else []
    reasons = schema_validator(row_schema())
    reasons_by_line: Found = set()
    keys: set[tuple[str, ...]] = set()
    for line, row in rows:
        if row is None:
            reasons_by_line.add((line, "line/no_json"))
        elif not sound_shape(row) or not all(check(row[n]) for n, check in checks if n in row):
            reasons_by_line |= {(line, why) for why in _unsound(reasons, row)}
        elif broken := [rule for rule, _ in rules(row)]:
            reasons_by_line |= {(line, rule) for rule in broken}
        else:
            key = tuple(row[name] for name in KEY)
            if key in keys:
                reasons_by_line.add((line, "unique"))
            keys.add(key)
    return reasons_by_line


def _unsound(validator: Validator, row: Row) -> set[str]:
    why = set(map(reason, validator(row)))
    unsound = {one.split("/")[0] for one in why}
    sound = {name: value for name, value in row.items() if name not in unsound}
    return why | {rule for rule, fields in rules(sound) if unsound.isdisjoint(fields)}


def reason(invalidity: Invalidity) -> str:
    """The reason as the truth file names it."""
    missing = _MISSING.match(invalidity.detail)
    name = missing[1] if missing else invalidity.pointer.removeprefix("/").split("/")[0]
    return f"{name or 'row'}/{invalidity.keyword}"


def formatted() -> list[tuple[str, Callable[[str], bool]]]:
    """The members that have a format, with its check."""
    known = formats()
    properties = row_schema()["properties"].items()
    return [(name, known[schema["format"]]) for name, schema in properties if schema.get("format") in known]


def peer(path: Path) -> Found:
    """The validator judges formats, too: what one writes first."""
    return checked(_read(path))


def peer_by_hand(path: Path) -> Found:
    """The validator never calls Python: what one writes when that is too slow."""
    return checked(_read(path), by_hand=True)


def _read(path: Path) -> Iterator[tuple[int, Row | None]]:
    return _tabled(path) if path.suffix == ".parquet" else _parsed(path)


def _parsed(path: Path) -> Iterator[tuple[int, Row | None]]:
    with path.open("rb") as file:
        for line, text in enumerate(file, 1):
            try:
                row = orjson.loads(text)
            except orjson.JSONDecodeError:
                row = None
            yield line, row


def _tabled(path: Path) -> Iterator[tuple[int, Row | None]]:
    for start, part in enumerate(pl.read_parquet(path).iter_slices(_SLICE)):
        for line, row in enumerate(part.iter_rows(named=True), start * _SLICE + 1):
            yield line, {name: value for name, value in row.items() if value is not None}


def parse_only(path: Path) -> Found:
    """Parsing, and nothing else."""
    for _ in _parsed(path):
        pass
    return set()


def sound(path: Path) -> Path:
    """The file without the lines that are no JSON, made once."""
    cache = path.with_name(path.name + ".sound")
    if not cache.is_file():
        good = {line for line, row in _parsed(path) if row is not None}
        with path.open("rb") as file, cache.open("wb") as out:
            out.writelines(text for line, text in enumerate(file, 1) if line in good)
    return cache


def read_only(path: Path) -> Found:
    """Polars into columns, and nothing else. It stops at what is no JSON, so that is taken out before."""
    if path.suffix == ".parquet":
        pl.read_parquet(path).height  # noqa: B018
    else:
        names = [n for n in row_schema()["properties"] if not n.startswith(("subject.", "record."))]
        schema = dict.fromkeys((*names, "subject.uscc", "record.generated_at"), pl.String)
        pl.read_ndjson(sound(path), schema=schema, ignore_errors=True).height  # noqa: B018
    return set()
