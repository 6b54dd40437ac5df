"""Line faults: lines that are not a JSON object, or are ambiguous (RFC 8259, clause 4)."""

from collections.abc import Iterator

import orjson

from conformance.data.synth.fault_kinds import Change, FaultVariant, Row
from conformance.model.shapes import Item

_MARK = "\x7fNaN\x7f"


def of_lines(item: Item) -> Iterator[FaultVariant]:
    """Yield the fault variants of whole lines."""
    yield FaultVariant("broken_line", "", "line/no_json", _cut_line)
    for field in item.fields:
        if field.required:
            yield FaultVariant(
                "duplicate_member", field.name, "line/duplicate_member", _repeat_member(field.name)
            )
            yield FaultVariant("not_a_number", field.name, "line/no_number", _write_nan(field.name))


def _cut_line(row: Row, bits: int) -> str:
    """JSON text of the row, truncated within its middle third."""
    text = orjson.dumps(row).decode()
    third = len(text) // 3
    return text[: third + bits % max(1, third)]


def _repeat_member(name: str) -> Change:
    def change(row: Row, _bits: int) -> str | None:
        if name not in row:
            return None
        return f"{orjson.dumps(row).decode()[:-1]},{orjson.dumps({name: row[name]}).decode()[1:]}"

    return change


def _write_nan(name: str) -> Change:
    def change(row: Row, _bits: int) -> str | None:
        if name not in row:
            return None
        text = orjson.dumps({**row, name: _MARK}).decode()
        return text.replace(f'"{_MARK}"', "NaN")

    return change
