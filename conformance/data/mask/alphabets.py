"""The characters that the normal forms of texts leave alone, and patterns of texts made of characters."""

from collections.abc import Collection, Mapping
from functools import lru_cache
from typing import Any

from conformance.data.mask.quick.ranges import runs
from conformance.oracles.desensitization.characters import characters

INERT = (*range(0x20, 0x7F), *range(0x3001, 0x302A), *range(0x4E00, 0xA000), *range(0xFF01, 0xFF5F))
"""Printable ASCII, punctuation of Chinese, the common ideographs, full-width forms: NFC leaves any text of
these alone, and each is a unit of its own."""
_STABLE = (*range(0x20, 0x7F), *range(0x4E00, 0xA000))
"""Those that NFKC leaves alone, too."""


def settled(form: str, tables: Mapping[str, Any]) -> tuple[frozenset[int], frozenset[int]]:
    """The code points of texts that are their own normal form; those with which they begin and end."""
    names = ("white_space", "dashes", "middle_dots")
    return _points(form, *(frozenset(map(ord, characters(tables, name))) for name in names))


@lru_cache(maxsize=16)
def _points(
    form: str, white: frozenset[int], dashes: frozenset[int], dots: frozenset[int]
) -> tuple[frozenset[int], frozenset[int]]:
    if form == "id":
        lower = frozenset(map(ord, "abcdefghijklmnopqrstuvwxyz"))
        stable = frozenset(_STABLE) - white - dashes - lower
        return stable, stable
    inner = frozenset(INERT) - (dots if form == "name" else frozenset())
    return inner, inner - white


@lru_cache(maxsize=16)
def made_of(every: frozenset[int], ends: frozenset[int]) -> str:
    """A pattern of texts made of characters in which they can also begin and end; none is empty."""
    inside, edge = character_class(every), character_class(ends)
    return whole(rf"[{edge}]+" if every == ends else rf"[{edge}](?:[{inside}]*[{edge}])?")


def whole(pattern: str) -> str:
    """A pattern that has to match all of a text."""
    return rf"\A(?:{pattern})\z"


def character_class(points: Collection[int]) -> str:
    """The inside of a character class that holds these code points."""
    return "".join(f"\\x{{{a:X}}}-\\x{{{b:X}}}" for a, b in runs(points))
