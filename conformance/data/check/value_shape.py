"""Values at fault as a report shows them: public ones as they are, of any other its shape alone.

Columns slip: what looks like a number of a person is shown by its shape wherever it stands.
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
"""What is called like that may be called by a number of somebody."""
_SHAPES = {"Nd": "9", "Lu": "A", "Ll": "a", "Lo": "字"}


def shown(item: Item | None, reason: Reason, row: Row) -> str | None:
    """The value of the member at fault, or names that the item does not have; None where there are none."""
    if isinstance(row, Unreadable):
        return None
    if reason.rule == _UNKNOWN and item is not None:
        return _cut(", ".join(_unknown(item, row))) or None
    if reason.member not in row:
        return None
    value = row[reason.member]
    text = value if isinstance(value, str) else _written(value)
    if item is not None and _is_public(item, reason.member) and not looks_personal(text):
        return _cut(_written(value))
    return _cut(shape(text))


def _written(value: Any) -> str:
    """As JSON, which is what the row is; what could not be seen, or would turn a line round, is escaped."""
    text = json.dumps(value, ensure_ascii=False)
    return "".join(c if c.isprintable() else json.dumps(c)[1:-1] for c in text)


def _is_public(item: Item, member: str) -> bool:
    schema = item.schema["properties"].get(member, {})
    return (
        schema.get("x-class") == item.public_class
        and schema.get("x-desensitization") != "free_text"
        and member != _NAME  # it may be that of a person
    )


def _unknown(item: Item, row: Mapping[str, Any]) -> list[str]:
    known = item.schema["properties"]
    whole = "record.record_id" in row  # then what begins like this is of the envelope
    names = (name for name in row if name not in known and not (whole and name.startswith("record.")))
    return [named(name) for name in names]


def named(name: str) -> str:
    """The name of a member; by its shape where it may be a number of somebody."""
    return shape(name) if _NUMBER.search(name) else name


def shape(text: str) -> str:
    """The kinds of characters: `9` a digit, `A` and `a` letters, `字` a character; others as they are."""
    return "".join(_of(character) for character in text[: _MOST + 1])


def _of(character: str) -> str:
    kind = unicodedata.category(character)
    if kind == "Nd" and not character.isascii():
        return "９"
    return _SHAPES.get(kind, character if kind[0] in "PS" else "·")


def _cut(text: str) -> str:
    return text if len(text) <= _MOST else f"{text[:_MOST]}… ({len(text)})"
