"""Judge of record files: envelope and content as in the API, each line of any item."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import jsonschema_rs
import orjson
import polars as pl

from conformance.data.batch import Batch, Unreadable
from conformance.data.check.batch import IDENTITY, Bad, Examined
from conformance.data.plan import compile_plan
from conformance.data.rows import Reason, Reasons, of_error, row_reasons
from conformance.model.shapes import Item
from conformance.model.standard import Standard
from conformance.oracles.formats import CHECKERS

RECORD = "record"
NO_ITEM = ""
"""Placeholder for the item of lines that name none."""
_KEY = ("item_code", "provider_uscc", "record_id", "record_version")


@dataclass(frozen=True, slots=True)
class RecordJudge:
    """Judge of records of all items of the checklist in force."""

    items: Mapping[str, Item]
    version: str
    envelope: Any
    members: frozenset[str]
    contents: Mapping[str, Mapping[str, Reasons]]
    """By accepted checklist version, then by item code."""

    def reasons(self, row: dict[str, Any] | Unreadable) -> tuple[Reason, ...]:
        """All rules that a record breaks. Envelope members are named `record.<name>`."""
        if isinstance(row, Unreadable):
            return (Reason(f"line/{row.reason}", ""),)
        reasons = dict.fromkeys(self._of_envelope(row))
        item = self.items.get(str(row.get("item_code")))
        contents = self.contents.get(str(row.get("checklist_version")), self.contents[self.version])
        if item is not None and "content" in row and item.code in contents:
            reasons |= dict.fromkeys(contents[item.code](row["content"]))
        return tuple(reasons)

    def _of_envelope(self, row: Mapping[str, Any]) -> Iterator[Reason]:
        for error in self.envelope.iter_errors(row):
            for reason in of_error(error, self.members):
                member = reason.member and f"{RECORD}.{reason.member}"
                place, _, keyword = reason.rule.partition("/")
                yield Reason(f"{RECORD}.{place}/{keyword}" if member else f"{RECORD}/{keyword}", member)
        item, subject = self.items.get(str(row.get("item_code"))), row.get("subject")
        if item is None:
            yield Reason("record.item_code/item", "record.item_code")
        elif isinstance(subject, dict) and subject.get("type") not in (*item.subject_types, None):
            yield Reason("record.subject/subject_type", "record.subject")
        if row.get("checklist_version") not in (*self.contents, None):
            yield Reason("record.checklist_version/version", "record.checklist_version")

    def examine(self, batch: Batch) -> Iterator[tuple[str, Examined]]:
        """Yield the findings of a batch by item code."""
        rows: dict[str, int] = {}
        bad: dict[str, list[Bad]] = {}
        keys: dict[str, list[tuple[int, str]]] = {}
        for number in range(len(batch)):
            row, line = batch.value(number), batch.line(number)
            code = self.item_of(row)
            rows[code] = rows.get(code, 0) + 1
            if reasons := self.reasons(row):
                bad.setdefault(code, []).append(Bad(line, reasons, flat(row)))
            if not isinstance(row, Unreadable) and (key := _key(row)):
                keys.setdefault(code, []).append((line, key))
        for code, count in rows.items():
            yield code, Examined(count, tuple(bad.get(code, ())), _frame(batch.source, keys.get(code, [])))

    def item_of(self, row: dict[str, Any] | Unreadable) -> str:
        """Item code of a record; `NO_ITEM` if it names no item of the checklist."""
        code = NO_ITEM if isinstance(row, Unreadable) else str(row.get("item_code"))
        return code if code in self.items else NO_ITEM


def record_judge(standard: Standard) -> RecordJudge:
    """Judge of records under the checklist in force and, in a transition, the previous one."""
    checklist = standard.checklist
    envelope = jsonschema_rs.Draft202012Validator(
        dict(checklist.record_schema), formats=dict(CHECKERS), validate_formats=True, offline=True
    )
    checklists = (checklist, standard.previous_checklist if standard.in_transition else None)
    return RecordJudge(
        items={item.code: item for item in checklist.items},
        version=checklist.version,
        envelope=envelope,
        members=frozenset(checklist.record_schema["properties"]),
        contents={
            known.version: {item.code: row_reasons(item, compile_plan(item)) for item in known.items}
            for known in checklists
            if known is not None
        },
    )


def is_record(row: dict[str, Any] | Unreadable) -> bool:
    """True if a row looks like a record rather than a table row."""
    return not isinstance(row, Unreadable) and {"item_code", "record_id"} <= row.keys()


def flat(row: dict[str, Any] | Unreadable) -> dict[str, Any] | Unreadable:
    """A record as a flat row: its content, and its envelope members as `record.<name>`."""
    if isinstance(row, Unreadable):
        return row
    content = row.get("content")
    outer = {f"{RECORD}.{name}": value for name, value in row.items() if name != "content"}
    return {**(content if isinstance(content, dict) else {}), **outer}


def _key(row: Mapping[str, Any]) -> str | None:
    """Identity of a record as JSON text; None if a part of it is invalid."""
    parts = [row.get(name) for name in _KEY]
    sound = all(isinstance(part, (str, int)) and not isinstance(part, bool) for part in parts)
    return orjson.dumps(parts).decode() if sound else None


def _frame(source: int, keys: list[tuple[int, str]]) -> pl.DataFrame:
    lines = pl.Series("line", [line for line, _ in keys], dtype=pl.Int64)
    texts = pl.Series(IDENTITY, [key for _, key in keys], dtype=pl.String)
    return pl.DataFrame([lines, texts]).select(pl.lit(source, pl.UInt32).alias("source"), "line", IDENTITY)
