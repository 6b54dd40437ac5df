"""Byte patterns: regexes as sequences of byte classes, each for text of one size.

Only what a regex says in this way is used: leaving a pattern out costs time only.
"""

import re
from collections.abc import Iterable, Iterator
from contextlib import suppress
from functools import reduce
from typing import Any

_MAX_PATTERNS = 64
"""Byte patterns of one regex; one that has more is matched as a regex."""
_MAX_LENGTH = 64
"""Byte classes of a pattern."""
ByteClass = frozenset[bytes]
"""Alternatives at one position (one byte), or at two positions that depend on each other (two bytes)."""
BytePattern = tuple[ByteClass, ...]


class UnsupportedError(Exception):
    """The regex is not a sequence of ASCII classes."""


def byte_patterns(regexes: Iterable[str]) -> Iterator[BytePattern]:
    """The byte patterns of regexes that are matched against whole text; unsupported ones have none."""
    for regex in regexes:
        syntax = re._parser.parse(regex)  # noqa: SLF001  # there is no public parser
        if syntax.state.flags == re.UNICODE:
            with suppress(UnsupportedError):
                yield from _of_parts(syntax)


def width(pattern: BytePattern) -> int:
    """Bytes of the text of a pattern."""
    return sum(len(next(iter(byte_class))) for byte_class in pattern)


def _of_parts(parts: Iterable[Any]) -> list[BytePattern]:
    start: list[BytePattern] = [()]
    return reduce(_concatenations, map(_of_part, parts), start)


def _concatenations(heads: list[BytePattern], tails: list[BytePattern]) -> list[BytePattern]:
    if len(heads) * len(tails) > _MAX_PATTERNS:
        raise UnsupportedError
    patterns = [head + tail for head in heads for tail in tails]
    if any(len(pattern) > _MAX_LENGTH for pattern in patterns):
        raise UnsupportedError
    return patterns


def _of_part(part: tuple[Any, Any]) -> list[BytePattern]:
    name, value = str(part[0]), part[1]
    if name == "LITERAL":
        return [(_byte_class([value]),)]
    if name == "IN":
        return [(_byte_class(point for member in value for point in _points(member)),)]
    if name == "SUBPATTERN" and value[1:3] == (0, 0):  # no flags of its own
        return _of_parts(value[3])
    if name == "BRANCH":
        return _merged([pattern for branch in value[1] for pattern in _of_parts(branch)])
    if name == "MAX_REPEAT":
        return _repetitions(*value)
    raise UnsupportedError


def _points(member: tuple[Any, Any]) -> Iterable[int]:
    name, value = str(member[0]), member[1]
    if name == "LITERAL":
        return (value,)
    if name == "RANGE":
        return range(value[0], min(value[1], 0x80) + 1)
    raise UnsupportedError


def _byte_class(points: Iterable[int]) -> ByteClass:
    distinct = frozenset(points)
    if not distinct or max(distinct) >= 0x80:
        raise UnsupportedError
    return frozenset(bytes([point]) for point in distinct)


def _repetitions(least: int, most: Any, parts: Iterable[Any]) -> list[BytePattern]:
    if int(most) > _MAX_LENGTH:
        raise UnsupportedError
    unit, patterns = _of_parts(parts), list[BytePattern]()
    repeated: list[BytePattern] = [()]
    for count in range(int(most) + 1):
        repeated = _concatenations(repeated, unit) if count else repeated
        patterns += repeated if count >= least else []
    return patterns


def _merged(branches: list[BytePattern]) -> list[BytePattern]:
    """Branches of one or two bytes as one class: the days of months would else make many patterns."""
    widths = {width(pattern) for pattern in branches}
    if widths not in ({1}, {2}):
        return branches
    return [(frozenset(text for pattern in branches for text in _texts(pattern)),)]


def _texts(pattern: BytePattern) -> Iterator[bytes]:
    heads, *tails = pattern
    if not tails:
        yield from heads
    else:
        yield from (head + tail for head in heads for tail in tails[0])
