"""Cheap proofs, as expressions over a column, that the vector form of an operator may treat a value.

A proof may say no to a value that would be fine (the reference then treats it), but never yes to one that is
not in its normal form, blank, invalid, or made of anything but units of one code point.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from conformance.model.shapes import TypeRules
from conformance.oracles.desensitization.characters import characters

if TYPE_CHECKING:
    import polars as pl

_ALIKE = re.compile(
    r"(?:\\(?:[^0-9A-Za-z]|x[0-9A-Fa-f]{2})"  # escapes that both engines know
    r"|\[\^?(?:[^\\\[\]&~-]|-(?!-)|&(?!&)|~(?!~)|\\[^0-9A-Za-z&~-]|\\x[0-9A-Fa-f]{2})+\]"  # no set arithmetic
    r"|\((?!\?)|(?<![*+?}])\+|[^\\\[(.^$+])*"
)
"""Patterns that mean the same in both engines of regular expressions, and match whole lines or not alike."""
_INERT = (*range(0x20, 0x7F), *range(0x3001, 0x302A), *range(0x4E00, 0xA000), *range(0xFF01, 0xFF5F))
"""Printable ASCII, punctuation of Chinese, the common ideographs, full-width forms: NFC leaves any text of
these alone, and each is a unit of its own."""
_STABLE = (*range(0x20, 0x7F), *range(0x4E00, 0xA000))
"""Those that NFKC leaves alone, too."""


@dataclass(frozen=True, slots=True)
class Proof:
    """What a text has to be."""

    patterns: tuple[str, ...]
    """All of them match."""
    longest: int | None = None
    """Bytes at most."""

    def of(self, column: "pl.Expr") -> "pl.Expr":
        import polars as pl

        found = [column.str.contains(pattern) for pattern in self.patterns]
        if self.longest is not None:
            found.append(column.str.len_bytes() <= self.longest)
        return pl.all_horizontal(found)


def proof(rules: TypeRules, tables: Mapping[str, Any]) -> Proof | None:
    """Of values in their normal form, not blank and valid; None: there is no cheap proof."""
    normal = _normal(rules.normalize, tables)
    if not rules.valid:
        return Proof((normal,))
    if not all(_ALIKE.fullmatch(pattern) for pattern in rules.valid):
        return None
    if len(rules.valid) == 1 and (longest := _takes_any(rules.valid[0])):
        return Proof((normal,), longest)
    valid = whole("|".join(rules.valid))
    if not compiles(valid):
        return None
    return Proof((valid,) if all(_within(p, rules.normalize) for p in rules.valid) else (normal, valid))


def _takes_any(pattern: str) -> int | None:
    """The greatest length of texts, if the pattern takes every one of characters that proofs allow."""
    found = re.fullmatch(r"(\[.*\])\{1,([0-9]+)\}", pattern)
    one = re.compile(found[1]) if found and found[1].count("]") == 1 else None
    if one is None or found is None or not all(one.fullmatch(chr(point)) for point in _INERT):
        return None
    return int(found[2])


def _within(pattern: str, form: str) -> bool:
    """Whether the pattern is spelled with digits, capitals and `+` alone: all it matches are normal forms."""
    bare = re.sub(r"\{[0-9]+(?:,[0-9]*)?\}|[0-9]-[0-9]|[A-Z]-[A-Z]", "", pattern)
    told = re.fullmatch(r"(?:\\\+|[0-9A-Z()|?*+\[\]])*", bare)
    return form == "id" and told is not None and not re.fullmatch(pattern, "")


def whole(pattern: str) -> str:
    """A pattern that has to match all of a text."""
    return rf"\A(?:{pattern})\z"


def compiles(pattern: str) -> bool:
    """Whether the vector engine takes the pattern; it refuses those that would be too large."""
    import polars as pl

    try:
        pl.Series([""]).str.contains(pattern)
    except pl.exceptions.PolarsError:
        return False
    return True


def _normal(form: str, tables: Mapping[str, Any]) -> str:
    """The pattern of texts that are not blank and are their own normal form."""
    names = ("white_space", "dashes", "middle_dots")
    return _pattern(form, *(frozenset(map(ord, characters(tables, name))) for name in names))


@lru_cache(maxsize=16)
def _pattern(form: str, white: frozenset[int], dashes: frozenset[int], dots: frozenset[int]) -> str:
    if form == "id":
        lower = {ord(c) for c in "abcdefghijklmnopqrstuvwxyz"}
        return whole(rf"[{character_class(set(_STABLE) - white - dashes - lower)}]+")
    inner = set(_INERT)
    if form == "name":
        inner -= dots
    edge, inside = character_class(inner - white), character_class(inner)
    if form == "none":
        return whole(rf"[{inside}]*[{edge}][{inside}]*")
    return whole(rf"[{edge}](?:[{inside}]*[{edge}])?")


def character_class(points: set[int]) -> str:
    """The inside of a character class that holds these code points."""
    starts = sorted(p for p in points if p - 1 not in points)
    ends = sorted(p for p in points if p + 1 not in points)
    return "".join(f"\\x{{{a:X}}}-\\x{{{b:X}}}" for a, b in zip(starts, ends, strict=True))
