"""Patterns as sequences of bytes: of texts of a length, which bytes each place may hold.

Only what a pattern says that way is used: leaving a sequence out costs time only.
"""

import re
from collections.abc import Iterable, Iterator
from contextlib import suppress
from functools import reduce
from typing import Any

_MOST = 64
"""Sequences of one pattern; one that has more is better searched for as it is."""
_LONGEST = 64
Step = frozenset[bytes]
"""What may be in a place (one byte), or in two places that depend on each other."""
Steps = tuple[Step, ...]


class UnclearError(Exception):
    """A pattern that is no sequence of ASCII characters."""


def sequences(patterns: Iterable[str]) -> Iterator[Steps]:
    """The sequences of patterns that are matched against whole texts, those of unclear ones left out."""
    for pattern in patterns:
        parsed = re._parser.parse(pattern)  # noqa: SLF001  # nothing public tells
        if parsed.state.flags == re.UNICODE:
            with suppress(UnclearError):
                yield from _of(parsed)


def width(steps: Steps) -> int:
    """Bytes of the texts of a sequence."""
    return sum(len(next(iter(step))) for step in steps)


def _of(parts: Iterable[Any]) -> list[Steps]:
    start: list[Steps] = [()]
    return reduce(_joined, map(_part, parts), start)


def _joined(before: list[Steps], after: list[Steps]) -> list[Steps]:
    if len(before) * len(after) > _MOST:
        raise UnclearError
    found = [a + b for a in before for b in after]
    if any(len(steps) > _LONGEST for steps in found):
        raise UnclearError
    return found


def _part(part: tuple[Any, Any]) -> list[Steps]:
    name, value = str(part[0]), part[1]
    if name == "LITERAL":
        return [(_bytes([value]),)]
    if name == "IN":
        return [(_bytes(point for each in value for point in _points(each)),)]
    if name == "SUBPATTERN" and value[1:3] == (0, 0):  # no flags of its own
        return _of(value[3])
    if name == "BRANCH":
        return _merged([steps for each in value[1] for steps in _of(each)])
    if name == "MAX_REPEAT":
        return _repeated(*value)
    raise UnclearError


def _points(each: tuple[Any, Any]) -> Iterable[int]:
    name, value = str(each[0]), each[1]
    if name == "LITERAL":
        return (value,)
    if name == "RANGE":
        return range(value[0], min(value[1], 0x80) + 1)
    raise UnclearError


def _bytes(points: Iterable[int]) -> Step:
    found = frozenset(points)
    if not found or max(found) >= 0x80:
        raise UnclearError
    return frozenset(bytes([point]) for point in found)


def _repeated(least: int, most: Any, parts: Iterable[Any]) -> list[Steps]:
    if int(most) > _LONGEST:
        raise UnclearError
    once, found = _of(parts), list[Steps]()
    times: list[Steps] = [()]
    for count in range(int(most) + 1):
        times = _joined(times, once) if count else times
        found += times if count >= least else []
    return found


def _merged(found: list[Steps]) -> list[Steps]:
    """Alternatives of two bytes as one step: days of a month would else make many sequences."""
    widths = {width(steps) for steps in found}
    if widths not in ({1}, {2}):
        return found
    return [(frozenset(text for steps in found for text in _texts(steps)),)]


def _texts(steps: Steps) -> Iterator[bytes]:
    heads, *rest = steps
    if not rest:
        yield from heads
    else:
        yield from (head + tail for head in heads for tail in rest[0])
