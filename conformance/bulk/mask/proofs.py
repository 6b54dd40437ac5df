"""Cheap proofs, as expressions over a column, that the vector form of an operator may treat a value.

A proof may say no to a value that would be fine (the reference then treats it), but never yes to one that is
not in its normal form, blank, invalid, or made of anything but units of one code point.
"""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
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
_PLAIN = frozenset(map(ord, "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ+"))


@dataclass(frozen=True, slots=True)
class Proof:
    """What a text has to be."""

    patterns: tuple[str, ...]
    """All of them match."""
    alphabet: frozenset[int]
    """The code points of which it is made then."""
    longest: int | None = None
    """Bytes at most."""

    def of(self, column: "pl.Expr") -> "Iterator[pl.Expr]":
        """All of them hold."""
        for pattern in self.patterns:
            yield column.str.contains(pattern)
        if self.longest is not None:
            yield column.str.len_bytes() <= self.longest


def proof(
    rules: TypeRules, tables: Mapping[str, Any], alphabet: frozenset[int] | None = None
) -> Proof | None:
    """Of values in their normal form, not blank and valid; None: there is no cheap proof.

    `alphabet`: the code points of which it is known that values are made of them, and that there is one.
    """
    every, ends = _settled(rules.normalize, tables)
    normal = () if alphabet is not None and alphabet <= ends else (_normal(every, ends),)
    if not rules.valid:
        return Proof(normal, every)
    if not all(map(_ALIKE.fullmatch, rules.valid)):
        return None
    runs = [run for pattern in rules.valid if (run := _run(pattern))]
    if len(runs) == len(rules.valid):
        return _of_runs(runs, every, ends)
    valid = validity(rules)
    if valid is None:
        return None
    if all(_within(p, rules.normalize) for p in rules.valid):
        return Proof((valid,), _PLAIN)
    return Proof((*normal, valid), every)


def validity(rules: TypeRules) -> str | None:
    """A pattern that matches what is valid, and nothing else; None: there is none for both engines."""
    if not rules.valid or not all(map(_ALIKE.fullmatch, rules.valid)):
        return None
    pattern = whole("|".join(rules.valid))
    return pattern if compiles(pattern) else None


def normal(form: str, tables: Mapping[str, Any]) -> str:
    """A pattern of texts that certainly are their own normal form, and not blank."""
    return _normal(*_settled(form, tables))


@dataclass(frozen=True, slots=True)
class _Run:
    """A pattern of one character and others after it, as far as proofs allow them."""

    first: frozenset[int]
    others: frozenset[int]
    least: int
    most: int
    """Of others."""

    def within(self, every: frozenset[int], ends: frozenset[int]) -> str:
        """The same of texts made of characters in which they can also begin and end."""
        kept = (self.first & ends, self.others & every, self.others & ends)
        first, inside, last = map(character_class, kept)
        if not (first and last):
            return f"[{first}]" if first and not self.least else ""
        others = f"[{inside}]{{{max(self.least - 1, 0)},{self.most - 1}}}[{last}]"
        return f"[{first}]{others}" if self.least else f"[{first}](?:{others})?"


_CLASS = r"\[(?:[^\\\[\]]|\\.)+\]"
_RUN = re.compile(rf"({_CLASS})({_CLASS})?\{{([0-9]+),([0-9]+)\}}")


def _run(pattern: str) -> _Run | None:
    found = _RUN.fullmatch(pattern)
    if found is None:
        return None
    alone, least, most = found[2] is None, int(found[3]), int(found[4])
    if (alone and not least) or most <= alone:
        return None
    first, others = _points_of(found[1]), _points_of(found[1 if alone else 2])
    return _Run(first, others, least - alone, most - alone)


def _points_of(one: str) -> frozenset[int]:
    matches = re.compile(one).fullmatch
    return frozenset(point for point in _INERT if matches(chr(point)))


def _of_runs(runs: Sequence[_Run], every: frozenset[int], ends: frozenset[int]) -> Proof | None:
    """One that takes all characters bounds the length alone; any other says all there is to say."""
    if len(runs) == 1 and runs[0].first & runs[0].others >= every and not runs[0].least:
        return Proof((_normal(every, ends),), every, runs[0].most + 1)
    patterns = [pattern for run in runs if (pattern := run.within(every, ends))]
    valid = whole("|".join(patterns))
    alphabet = frozenset[int]().union(*(run.first | run.others for run in runs)) & every
    return Proof((valid,), alphabet) if patterns and compiles(valid) else None


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


def _normal(every: frozenset[int], ends: frozenset[int]) -> str:
    """The pattern of texts made of characters in which they can also begin and end."""
    inside, edge = character_class(every), character_class(ends)
    return whole(rf"[{edge}]+" if every == ends else rf"[{edge}](?:[{inside}]*[{edge}])?")


def _settled(form: str, tables: Mapping[str, Any]) -> tuple[frozenset[int], frozenset[int]]:
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
    inner = frozenset(_INERT) - (dots if form == "name" else frozenset())
    return inner, inner - white


def character_class(points: Collection[int]) -> str:
    """The inside of a character class that holds these code points."""
    there = frozenset(points)
    starts = sorted(p for p in there if p - 1 not in there)
    ends = sorted(p for p in there if p + 1 not in there)
    return "".join(f"\\x{{{a:X}}}-\\x{{{b:X}}}" for a, b in zip(starts, ends, strict=True))
