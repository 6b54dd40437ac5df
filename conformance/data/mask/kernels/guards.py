"""Guards: cheap conditions under which a vectorized operator discloses the same as the oracle.

A guard may reject a value that would be fine (a later kernel then takes it), but never accepts one that is
not in normal form, blank, invalid, or has a grapheme cluster of several code points.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from conformance.data.mask.charsets import CharacterRun, anchored, charset_pattern, normal_charsets, run_of
from conformance.data.mask.kernels.bytes.utf8 import CharsetGuard
from conformance.model.shapes import TypeRules

if TYPE_CHECKING:
    import polars as pl

_PORTABLE = re.compile(
    r"(?:\\(?:[^0-9A-Za-z]|x[0-9A-Fa-f]{2})"  # escapes that both engines know
    r"|\[\^?(?:[^\\\[\]&~-]|-(?!-)|&(?!&)|~(?!~)|\\[^0-9A-Za-z&~-]|\\x[0-9A-Fa-f]{2})+\]"  # no set arithmetic
    r"|\((?!\?)|(?<![*+?}])\+|[^\\\[(.^$+])*"
)
"""Regexes that mean the same in both engines of regular expressions, for one line of text and for several."""
_PLAIN = frozenset(map(ord, "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ+"))


@dataclass(frozen=True, slots=True)
class Guard:
    """Conditions on text; all of them hold."""

    patterns: tuple[str, ...]
    charset: frozenset[int]
    """Code points of the text that is accepted."""
    charset_guard: CharsetGuard | None = None
    """The check of the charset where no pattern implies it."""
    max_bytes: int | None = None

    def conditions(self, text: "pl.Expr") -> "Iterator[pl.Expr]":
        """The conditions as expressions over a column of text."""
        import polars as pl

        if self.charset_guard is not None:
            yield text.map_batches(self.charset_guard, pl.Boolean)
        for pattern in self.patterns:
            yield text.str.contains(pattern)
        if self.max_bytes is not None:
            yield text.str.len_bytes() <= self.max_bytes


def guard_of(
    rules: TypeRules, tables: Mapping[str, Any], checked: frozenset[int] | None = None
) -> Guard | None:
    """The guard for values of a type; None: there is no cheap one.

    `checked`: the charset that the operator itself checks, together with not being empty; None: it does not.
    """
    charset, ends = normal_charsets(rules.normalize, tables)
    implied = checked is not None and checked <= ends
    charset_guard = None if implied else CharsetGuard(charset, ends, charset_pattern(charset, ends))
    if not rules.valid:
        return Guard((), charset, charset_guard)
    if not all(map(_PORTABLE.fullmatch, rules.valid)):
        return None
    runs = [run for pattern in rules.valid if (run := run_of(pattern))]
    if len(runs) == len(rules.valid):
        return _of_runs(runs, charset, ends)
    valid = validity(rules)
    if valid is None:
        return None
    if all(_matches_plain_only(pattern, rules.normalize) for pattern in rules.valid):
        return Guard((valid,), _PLAIN)
    return Guard((valid,), charset, charset_guard)


def validity(rules: TypeRules) -> str | None:
    """Regex for exactly the valid values of a type; None: there is none that both engines read alike."""
    if not rules.valid or not all(map(_PORTABLE.fullmatch, rules.valid)):
        return None
    pattern = anchored("|".join(rules.valid))
    return pattern if compiles(pattern) else None


def normal_pattern(form: str, tables: Mapping[str, Any]) -> str:
    """Regex for non-blank text that is already in normal form."""
    return charset_pattern(*normal_charsets(form, tables))


def _of_runs(runs: Sequence[CharacterRun], charset: frozenset[int], ends: frozenset[int]) -> Guard | None:
    """The guard for runs: a single one over the whole charset limits the size only."""
    if len(runs) == 1 and runs[0].first & runs[0].subsequent >= charset and not runs[0].least:
        charset_guard = CharsetGuard(charset, ends, charset_pattern(charset, ends))
        return Guard((), charset, charset_guard, runs[0].most + 1)
    patterns = [pattern for run in runs if (pattern := run.within(charset, ends))]
    valid = anchored("|".join(patterns))
    matched = frozenset[int]().union(*(run.first | run.subsequent for run in runs)) & charset
    return Guard((valid,), matched) if patterns and compiles(valid) else None


def _matches_plain_only(pattern: str, form: str) -> bool:
    """True if a regex is spelled with digits, capitals and `+` alone: its matches are in normal form `id`."""
    bare = re.sub(r"\{[0-9]+(?:,[0-9]*)?\}|[0-9]-[0-9]|[A-Z]-[A-Z]", "", pattern)
    plain = re.fullmatch(r"(?:\\\+|[0-9A-Z()|?*+\[\]])*", bare)
    return form == "id" and plain is not None and not re.fullmatch(pattern, "")


def compiles(pattern: str) -> bool:
    """True if the column engine (Polars) compiles a regex; it rejects oversized ones."""
    import polars as pl

    try:
        pl.Series([""]).str.contains(pattern)
    except pl.exceptions.PolarsError:
        return False
    return True
