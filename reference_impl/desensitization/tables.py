"""Closed tables of operators: character classes, compound surnames, administrative divisions (GB/T 2260)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple


class Division(NamedTuple):
    """An administrative division."""

    code: str
    name: str
    level: str
    parent: str | None


@dataclass(frozen=True, slots=True)
class Tables:
    """The tables, ready for look-up."""

    white_space: frozenset[str]
    dashes: frozenset[str]
    middle_dots: frozenset[str]
    joiners: frozenset[str]
    """Characters that may separate the digits of an identifier in free text."""
    compound_surnames: frozenset[str]
    children: Mapping[str | None, Mapping[str, Division]]
    """Divisions below a division (None: provinces), by name."""

    @classmethod
    def of(cls, data: Mapping[str, Sequence[str]], divisions: Iterable[Division]) -> "Tables":
        spaces, dashes = characters(data["white_space"]), characters(data["dashes"])
        return cls(
            white_space=spaces,
            dashes=dashes,
            middle_dots=characters(data["middle_dots"]),
            joiners=spaces | dashes | characters(data["ignorable"]) | characters(data["brackets"]),
            compound_surnames=frozenset(data["compound_surnames"]),
            children=_tree(divisions),
        )


def characters(ranges: Iterable[str]) -> frozenset[str]:
    """`U+2010..U+2015` and `U+2212` as the characters they mean."""
    return frozenset(chr(code) for text in ranges for code in _codes(text))


def _codes(text: str) -> range:
    first, _, last = text.partition("..")
    return range(_code(first), _code(last or first) + 1)


def _code(text: str) -> int:
    return int(text.removeprefix("U+"), base=16)


def _tree(divisions: Iterable[Division]) -> dict[str | None, dict[str, Division]]:
    tree: dict[str | None, dict[str, Division]] = {}
    for division in divisions:
        tree.setdefault(None if division.level == "province" else division.parent, {})[division.name] = (
            division
        )
    return tree


def division(code: Mapping[str, Any]) -> Division:
    """A division from its row of the code set."""
    return Division(code["code"], code["title"]["zh"], code["level"], code.get("parent"))
