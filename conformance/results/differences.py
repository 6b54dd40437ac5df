"""Differences of expected and actual values, by line or by character."""

import json
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from typing import Any

LONGEST = 6000
"""Characters of a value that are shown."""
_LINES = 300
"""Lines of a value that are compared; more would take long and help nobody."""
_CONTEXT = 3
_ALIKE = 0.5
Row = tuple[str, str]
"""A mark (` ` both, `-` only expected, `+` only actual, `…` left out) and a line."""
Piece = tuple[bool, str]
"""True for a piece of text that differs, and the piece."""


def shown(value: Any) -> str:
    """A value for display: text unchanged, anything else as indented JSON."""
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, indent=2)
    return text if len(text) <= LONGEST else text[:LONGEST] + " …"


def lines(expected: Any, actual: Any) -> list[Row]:
    """The lines of two structures with what differs marked; empty where they are no two structures."""
    if not (_structured(expected) and _structured(actual)):
        return []
    left, right = (shown(value).split("\n")[:_LINES] for value in (expected, actual))
    return [row for rows in _groups(left, right) for row in rows]


def pieces(expected: Any, actual: Any) -> tuple[list[Piece], list[Piece]]:
    """Two short texts cut into what they share and what not; uncut where they have little in common."""
    left, right = shown(expected), shown(actual)
    matcher = SequenceMatcher(None, left[:_LINES], right[:_LINES], autojunk=False)
    uncut = max(len(left), len(right)) > _LINES or left == right or matcher.ratio() < _ALIKE
    if uncut:
        return [(False, left)], [(False, right)]
    codes = matcher.get_opcodes()
    return (
        [(tag != "equal", left[a:b]) for tag, a, b, _, _ in codes if b > a],
        [(tag != "equal", right[c:d]) for tag, _, _, c, d in codes if d > c],
    )


def _structured(value: Any) -> bool:
    return isinstance(value, dict | list) or (isinstance(value, str) and value.count("\n") > 1)


def _groups(left: Sequence[str], right: Sequence[str]) -> Iterator[list[Row]]:
    matcher = SequenceMatcher(None, left, right, autojunk=False)
    for number, group in enumerate(matcher.get_grouped_opcodes(_CONTEXT)):
        rows: list[Row] = [("…", "")] if number or group[0][1] else []
        for tag, a, b, c, d in group:
            if tag == "equal":
                rows += [(" ", line) for line in left[a:b]]
            else:
                rows += [("-", line) for line in left[a:b]] + [("+", line) for line in right[c:d]]
        yield rows
