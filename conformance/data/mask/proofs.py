"""Cheap proofs, as expressions over a column, that the vector form of an operator may treat a value.

A proof may say no to a value that would be fine (the reference then treats it), but never yes to one that is
not in its normal form, blank, invalid, or made of anything but units of one code point.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from conformance.data.mask.alphabets import made_of, settled, whole
from conformance.data.mask.classes import Run, run_of
from conformance.data.mask.quick.made_of import MadeOf
from conformance.model.shapes import TypeRules

if TYPE_CHECKING:
    import polars as pl

_ALIKE = re.compile(
    r"(?:\\(?:[^0-9A-Za-z]|x[0-9A-Fa-f]{2})"  # escapes that both engines know
    r"|\[\^?(?:[^\\\[\]&~-]|-(?!-)|&(?!&)|~(?!~)|\\[^0-9A-Za-z&~-]|\\x[0-9A-Fa-f]{2})+\]"  # no set arithmetic
    r"|\((?!\?)|(?<![*+?}])\+|[^\\\[(.^$+])*"
)
"""Patterns that mean the same in both engines of regular expressions, and match whole lines or not alike."""
_PLAIN = frozenset(map(ord, "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ+"))


@dataclass(frozen=True, slots=True)
class Proof:
    """What a text has to be."""

    patterns: tuple[str, ...]
    """All of them match."""
    alphabet: frozenset[int]
    """The code points of which it is made then."""
    made: MadeOf | None = None
    """What it is made of, where no pattern tells."""
    longest: int | None = None
    """Bytes at most."""

    def of(self, column: "pl.Expr") -> "Iterator[pl.Expr]":
        """All of them hold."""
        import polars as pl

        if self.made is not None:
            yield column.map_batches(self.made, pl.Boolean)
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
    every, ends = settled(rules.normalize, tables)
    made = None if alphabet is not None and alphabet <= ends else MadeOf(every, ends, made_of(every, ends))
    if not rules.valid:
        return Proof((), every, made)
    if not all(map(_ALIKE.fullmatch, rules.valid)):
        return None
    runs = [run for pattern in rules.valid if (run := run_of(pattern))]
    if len(runs) == len(rules.valid):
        return _of_runs(runs, every, ends)
    valid = validity(rules)
    if valid is None:
        return None
    if all(_within(p, rules.normalize) for p in rules.valid):
        return Proof((valid,), _PLAIN)
    return Proof((valid,), every, made)


def validity(rules: TypeRules) -> str | None:
    """A pattern that matches what is valid, and nothing else; None: there is none for both engines."""
    if not rules.valid or not all(map(_ALIKE.fullmatch, rules.valid)):
        return None
    pattern = whole("|".join(rules.valid))
    return pattern if compiles(pattern) else None


def normal(form: str, tables: Mapping[str, Any]) -> str:
    """A pattern of texts that certainly are their own normal form, and not blank."""
    return made_of(*settled(form, tables))


def _of_runs(runs: Sequence[Run], every: frozenset[int], ends: frozenset[int]) -> Proof | None:
    """One that takes all characters bounds the length alone; any other says all there is to say."""
    if len(runs) == 1 and runs[0].first & runs[0].others >= every and not runs[0].least:
        return Proof((), every, MadeOf(every, ends, made_of(every, ends)), runs[0].most + 1)
    patterns = [pattern for run in runs if (pattern := run.within(every, ends))]
    valid = whole("|".join(patterns))
    alphabet = frozenset[int]().union(*(run.first | run.others for run in runs)) & every
    return Proof((valid,), alphabet) if patterns and compiles(valid) else None


def _within(pattern: str, form: str) -> bool:
    """Whether the pattern is spelled with digits, capitals and `+` alone: all it matches are normal forms."""
    bare = re.sub(r"\{[0-9]+(?:,[0-9]*)?\}|[0-9]-[0-9]|[A-Z]-[A-Z]", "", pattern)
    told = re.fullmatch(r"(?:\\\+|[0-9A-Z()|?*+\[\]])*", bare)
    return form == "id" and told is not None and not re.fullmatch(pattern, "")


def compiles(pattern: str) -> bool:
    """Whether the vector engine takes the pattern; it refuses those that would be too large."""
    import polars as pl

    try:
        pl.Series([""]).str.contains(pattern)
    except pl.exceptions.PolarsError:
        return False
    return True
