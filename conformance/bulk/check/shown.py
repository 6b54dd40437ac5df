"""Values at fault as a report shows them: public ones as they are, of any other its shape alone."""

import unicodedata

from conformance.bulk.batch import Unreadable
from conformance.bulk.rows import Reason, Row
from conformance.model.shapes import Item

_PUBLIC = "S0"
_MOST = 60
_SHAPES = {"Nd": "9", "Lu": "A", "Ll": "a", "Lo": "字"}


def shown(item: Item | None, reason: Reason, row: Row) -> str | None:
    """The value of the member at fault; None where there is none."""
    if isinstance(row, Unreadable) or reason.member not in row:
        return None
    value = row[reason.member]
    text = value if isinstance(value, str) else repr(value)
    schema = item.schema["properties"].get(reason.member, {}) if item else {}
    if schema.get("x-class") == _PUBLIC and schema.get("x-desensitization") != "free_text":
        return _cut(repr(text) if isinstance(value, str) else text)
    return _cut(shape(text))


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
