"""Lines that are no JSON object, or one that can be read in more than one way."""

from collections.abc import Iterator

import orjson

from conformance.data.synth.fault_kinds import Change, FaultVariant, Row
from conformance.model.shapes import Item

_MARK = "\x7fNaN\x7f"


def of_lines(item: Item) -> Iterator[FaultVariant]:
    """The faults of whole lines."""
    yield FaultVariant("broken_line", "", "line/no_json", _broken)
    for field in item.fields:
        if field.required:
            yield FaultVariant("duplicate_member", field.name, "line/duplicate_member", _doubled(field.name))
            yield FaultVariant("not_a_number", field.name, "line/no_number", _not_a_number(field.name))


def _broken(row: Row, bits: int) -> str:
    """Cut somewhere in its middle third."""
    text = orjson.dumps(row).decode()
    third = len(text) // 3
    return text[: third + bits % max(1, third)]


def _doubled(name: str) -> Change:
    def change(row: Row, _bits: int) -> str | None:
        if name not in row:
            return None
        return f"{orjson.dumps(row).decode()[:-1]},{orjson.dumps({name: row[name]}).decode()[1:]}"

    return change


def _not_a_number(name: str) -> Change:
    def change(row: Row, _bits: int) -> str | None:
        if name not in row:
            return None
        text = orjson.dumps({**row, name: _MARK}).decode()
        return text.replace(f'"{_MARK}"', "NaN")

    return change
