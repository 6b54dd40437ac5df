"""The operator on free text: finds identifiers, however spelled, and the names of the record's persons."""

import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from conformance.oracles.desensitization.characters import MIDDLE_DOT, characters, upper

Span = tuple[int, int]
_JOINERS = ("white_space", "dashes", "ignorable", "brackets")


@dataclass(frozen=True, slots=True)
class Reading:
    """A text with each character folded, and which of them only join others."""

    folded: str
    joins: tuple[bool, ...]


@dataclass(frozen=True, slots=True)
class Search:
    """A detector of values of one type in free text."""

    detectors: Sequence[Mapping[str, Any]]
    max_gap: int
    matches: Callable[[str, str], bool]
    """`matches(type, characters)`: whether a pattern of the type fits the whole."""
    names: tuple[str, ...]
    tables: Mapping[str, Any]

    def clean(self, text: str, constant: str) -> str:
        """The text with everything found replaced."""
        reading = self._read(text)
        spans = list(self._identifiers(reading))
        for name in self.names:
            spans += self._occurrences(reading, self._bare(self._read(name))[0])
        for start, end in reversed(_merged(spans)):
            text = text[:start] + constant + text[end:]
        return text

    def _read(self, text: str) -> Reading:
        folded = "".join(_fold(c) for c in text)
        joiners = frozenset[str]().union(*(characters(self.tables, name) for name in _JOINERS))
        return Reading(folded, tuple(c in joiners for c in folded))

    def _identifiers(self, reading: Reading) -> Iterator[Span]:
        pieces = [m.span() for m in re.finditer(r"[0-9]+|[Xx]", reading.folded)]
        longest = max(detector["pieces"] for detector in self.detectors)
        for first in range(len(pieces)):
            joined = ""
            for last in range(first, min(first + longest, len(pieces))):
                if last > first and not self._linked(reading, pieces[last - 1][1], pieces[last][0]):
                    break
                joined += reading.folded[slice(*pieces[last])].upper()
                if self._detected(joined, last - first + 1):
                    yield pieces[first][0], pieces[last][1]

    def _detected(self, joined: str, count: int) -> bool:
        return any(count <= d["pieces"] and self.matches(d["type"], joined) for d in self.detectors)

    def _linked(self, reading: Reading, end: int, start: int) -> bool:
        return start - end <= self.max_gap and all(reading.joins[end:start])

    def _bare(self, reading: Reading) -> tuple[str, list[int]]:
        """Without joiners, upper case, one kind of middle dot; and where each character stood."""
        dots = characters(self.tables, "middle_dots")
        positions = [n for n, joins in enumerate(reading.joins) if not joins]
        spelled = (MIDDLE_DOT if reading.folded[n] in dots else reading.folded[n] for n in positions)
        return upper("".join(spelled)), positions

    def _occurrences(self, reading: Reading, name: str) -> Iterator[Span]:
        bare, places = self._bare(reading)
        start = bare.find(name) if name else -1
        while start >= 0:
            yield places[start], places[start + len(name) - 1] + 1
            start = bare.find(name, start + 1)


def _fold(character: str) -> str:
    form = unicodedata.normalize("NFKC", character)
    return form if len(form) == 1 and form.isascii() else character


def _merged(spans: list[Span]) -> list[Span]:
    """Spans that overlap or touch as one."""
    result: list[Span] = []
    for start, end in sorted(spans):
        if result and start <= result[-1][1]:
            result[-1] = (result[-1][0], max(end, result[-1][1]))
        else:
            result.append((start, end))
    return result
