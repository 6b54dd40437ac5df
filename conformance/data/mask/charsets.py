"""Charsets: code points that text in normal form consists of, and regular expressions over them."""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np

from conformance.oracles.desensitization.characters import characters

INERT = (*range(0x20, 0x7F), *range(0x3001, 0x302A), *range(0x4E00, 0xA000), *range(0xFF01, 0xFF5F))
"""Printable ASCII, Chinese punctuation, the common ideographs, full-width forms: NFC changes no text of these
code points, and each is one grapheme cluster (UAX #29)."""
_STABLE = (*range(0x20, 0x7F), *range(0x4E00, 0xA000))
"""The code points of `INERT` that NFKC does not change."""
_INERT_TEXT = "".join(map(chr, INERT))
_CLASS = r"\[(?:[^\\\[\]]|\\.)+\]"
_RUN = re.compile(rf"({_CLASS})({_CLASS})?\{{([0-9]+),([0-9]+)\}}")


def normal_charsets(form: str, tables: Mapping[str, Any]) -> tuple[frozenset[int], frozenset[int]]:
    """The code points of text that certainly is in a normal form; those at its first and last position."""
    names = ("white_space", "dashes", "middle_dots")
    return _normal_charsets(form, *(frozenset(map(ord, characters(tables, name))) for name in names))


@lru_cache(maxsize=16)
def _normal_charsets(
    form: str, white: frozenset[int], dashes: frozenset[int], dots: frozenset[int]
) -> tuple[frozenset[int], frozenset[int]]:
    if form == "id":
        lower = frozenset(map(ord, "abcdefghijklmnopqrstuvwxyz"))
        stable = frozenset(_STABLE) - white - dashes - lower
        return stable, stable
    inner = frozenset(INERT) - (dots if form == "name" else frozenset())
    return inner, inner - white


@lru_cache(maxsize=16)
def charset_pattern(charset: frozenset[int], ends: frozenset[int]) -> str:
    """Regex for non-empty text of a charset whose first and last characters are of `ends`."""
    inside, edge = character_class(charset), character_class(ends)
    return anchored(rf"[{edge}]+" if charset == ends else rf"[{edge}](?:[{inside}]*[{edge}])?")


def anchored(pattern: str) -> str:
    """A regex that has to match all of a text."""
    return rf"\A(?:{pattern})\z"


def character_class(points: Collection[int]) -> str:
    """The members of a regex character class of these code points, without its brackets."""
    return "".join(f"\\x{{{first:X}}}-\\x{{{last:X}}}" for first, last in ranges_of(points))


def ranges_of(numbers: Collection[int]) -> list[tuple[int, int]]:
    """First and last number of each run of consecutive numbers, ascending."""
    ascending = np.sort(np.fromiter(numbers, np.int64, len(numbers)))
    if not ascending.size:
        return []
    gaps = np.flatnonzero(np.diff(ascending) > 1)
    firsts, lasts = ascending[[0, *(gaps + 1)]], ascending[[*gaps, -1]]
    return list(zip(firsts.tolist(), lasts.tolist(), strict=True))


@dataclass(frozen=True, slots=True)
class CharacterRun:
    """A regex of one character class and a bounded repetition of a second, restricted to `INERT`."""

    first: frozenset[int]
    subsequent: frozenset[int]
    least: int
    """Repetitions of `subsequent`."""
    most: int

    def within(self, charset: frozenset[int], ends: frozenset[int]) -> str:
        """Regex for the text of the run that is of a charset, its first and last characters of `ends`."""
        sets = (self.first & ends, self.subsequent & charset, self.subsequent & ends)
        first, inside, last = map(character_class, sets)
        if not (first and last):
            return f"[{first}]" if first and not self.least else ""
        subsequent = f"[{inside}]{{{max(self.least - 1, 0)},{self.most - 1}}}[{last}]"
        return f"[{first}]{subsequent}" if self.least else f"[{first}](?:{subsequent})?"


def run_of(pattern: str) -> CharacterRun | None:
    """The run that a regex is; None: it is not one."""
    match = _RUN.fullmatch(pattern)
    if match is None:
        return None
    single, least, most = match[2] is None, int(match[3]), int(match[4])
    if (single and not least) or most <= single:
        return None
    first, subsequent = _inert_points(match[1]), _inert_points(match[1 if single else 2])
    return CharacterRun(first, subsequent, least - single, most - single)


@lru_cache(maxsize=64)
def _inert_points(character_class: str) -> frozenset[int]:
    return frozenset(map(ord, re.findall(character_class, _INERT_TEXT)))
