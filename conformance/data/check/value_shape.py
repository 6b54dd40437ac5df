"""Values at fault in reports: public values verbatim, the shape only of all others.

Columns may be shifted, so text that looks like a personal identifier is reduced to its shape anywhere.
"""

import json
import re
import unicodedata
from collections.abc import Mapping
from typing import Any

from conformance.data.batch import Unreadable
from conformance.data.rows import ROW, Reason, Row
from conformance.evidence.personal import looks_personal
from conformance.model.shapes import Item

_NAME = "subject.name"
_MOST = 60
_UNKNOWN = f"{ROW}/unevaluatedProperties"
_NUMBER = re.compile(r"\d{6}")
"""Names with such digits may contain a personal identifier."""
_SHAPES = {"Nd": "9", "Lu": "A", "Ll": "a", "Lo": "字"}


def value_for_report(item: Item | None, reason: Reason, row: Row) -> str | None:
    """Value of the member at fault, or names of unknown members; None if there is neither."""
    if isinstance(row, Unreadable):
        return None
    if reason.rule == _UNKNOWN and item is not None:
        return _truncate(", ".join(_unknown_names(item, row))) or None
    if reason.member not in row:
        return None
    value = row[reason.member]
    text = value if isinstance(value, str) else _json_text(value)
    if item is not None and _is_public(item, reason.member) and not looks_personal(text):
        return _truncate(_json_text(value))
    return _truncate(shape(text))


def _json_text(value: Any) -> str:
    """JSON text with invisible and bidirectional control characters escaped."""
    text = json.dumps(value, ensure_ascii=False)
    return "".join(c if c.isprintable() else json.dumps(c)[1:-1] for c in text)


def _is_public(item: Item, member: str) -> bool:
    schema = item.schema["properties"].get(member, {})
    return (
        schema.get("x-class") == item.public_class
        and schema.get("x-desensitization") != "free_text"
        and member != _NAME  # may be the name of a person
    )


def _unknown_names(item: Item, row: Mapping[str, Any]) -> list[str]:
    known = item.schema["properties"]
    whole = "record.record_id" in row  # a record: such names belong to the envelope
    names = (name for name in row if name not in known and not (whole and name.startswith("record.")))
    return [name_for_report(name) for name in names]


def name_for_report(name: str) -> str:
    """Name of a member; its shape if it may contain a personal identifier."""
    return shape(name) if _NUMBER.search(name) else name


def shape(text: str) -> str:
    """Shape of a text: `9`, `A`, `a` and `字` for digits, letters and ideographs, punctuation unchanged."""
    return "".join(_character_shape(character) for character in text[: _MOST + 1])


def _character_shape(character: str) -> str:
    kind = unicodedata.category(character)
    if kind == "Nd" and not character.isascii():
        return "９"
    return _SHAPES.get(kind, character if kind[0] in "PS" else "·")


def _truncate(text: str) -> str:
    return text if len(text) <= _MOST else f"{text[:_MOST]}… ({len(text)})"
