"""Sets of characters, units as people perceive them, and the normal forms of values."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

_EXTENDING = frozenset({"Mn", "Mc", "Me", "Cf"})
_UPPER = str.maketrans("abcdefghijklmnopqrstuvwxyz", "ABCDEFGHIJKLMNOPQRSTUVWXYZ")
MIDDLE_DOT = "\u00b7"


def characters(tables: Mapping[str, Any], name: str) -> frozenset[str]:
    """A set of characters of `tables.yaml`, e.g. `white_space`."""
    return _expand(tuple(tables[name]))


@lru_cache(maxsize=64)
def _expand(ranges: Sequence[str]) -> frozenset[str]:
    characters: set[str] = set()
    for part in ranges:
        first, last = re.fullmatch(r"U\+([0-9A-F]+)(?:\.\.U\+([0-9A-F]+))?", part).groups()  # type: ignore[union-attr]
        characters |= {chr(n) for n in range(int(first, 16), int(last or first, 16) + 1)}
    return frozenset(characters)


def units(text: str) -> list[str]:
    """A code point together with the marks and invisible characters that follow it."""
    units: list[str] = []
    for character in text:
        if units and unicodedata.category(character) in _EXTENDING:
            units[-1] += character
        else:
            units.append(character)
    return units


def upper(text: str) -> str:
    """a-z as A-Z, nothing else changed."""
    return text.translate(_UPPER)


def normal_form(text: str, form: str, tables: Mapping[str, Any]) -> str:
    """The normal form `id`, `text`, `name` or `none` of a string."""
    white = characters(tables, "white_space")
    match form:
        case "none":
            return text
        case "id":
            dropped = white | characters(tables, "dashes")
            return upper("".join(c for c in unicodedata.normalize("NFKC", text) if c not in dropped))
        case "text":
            return unicodedata.normalize("NFC", text).strip("".join(white))
        case "name":
            dots = characters(tables, "middle_dots")
            return "".join(MIDDLE_DOT if c in dots else c for c in normal_form(text, "text", tables))
    raise ValueError(form)
