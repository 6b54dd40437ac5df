"""Searching all guises at once: by Hyperscan where it is installed, else by an automaton that is everywhere.

Either says of each occurrence which guise it is and where it ends. That is only a reason to look again.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from typing import Any, Protocol

from conformance.data.scan.rare_readings import SUSPECTS

Hit = tuple[int, int]
"""Number of the guise, and where it ends, or the place of its last byte."""


_PACKED = (rb"(?:H4sI|eJ|eN|eA)[A-Za-z0-9+/_-]{12}", rb"(?:\A|\n)(?:\x1f\x8b|x[\x01\x5e\x9c\xda])")
"""In base64, or at the beginning of a line."""
_SLOW_PACKED = re.compile(b"|".join(_PACKED))


class Filter(Protocol):
    """Searches a view."""

    name: str

    def hits(self, content: bytes) -> list[Hit]: ...

    def packed(self, content: bytes) -> list[int]:
        """Places in what looks like packed data, on the line on which they begin."""

    def plain(self, content: bytes) -> bool:
        """Whether it can be told at once that no suspect of an odd character is there."""


class Hyperscan:
    """Vectorized; by far the quicker one."""

    name = "hyperscan"

    def __init__(self, patterns: Sequence[bytes]) -> None:
        import hyperscan

        self._database = hyperscan.Database(mode=hyperscan.HS_MODE_BLOCK)
        ids = list(range(len(patterns)))
        self._database.compile(
            expressions=list(patterns), ids=ids, elements=len(ids), flags=[0] * len(ids), literal=True
        )
        self._packed = hyperscan.Database(mode=hyperscan.HS_MODE_BLOCK)
        self._packed.compile(expressions=list(_PACKED), ids=[0, 1], elements=2, flags=[0, 0])
        self._odd = hyperscan.Database(mode=hyperscan.HS_MODE_BLOCK)
        self._odd.compile(expressions=[SUSPECTS], ids=[0], elements=1, flags=[hyperscan.HS_FLAG_SINGLEMATCH])
        self._scratch = hyperscan.Scratch(self._database)
        self._other = hyperscan.Scratch(self._packed)
        self._third = hyperscan.Scratch(self._odd)

    def hits(self, content: bytes) -> list[Hit]:
        return self._scan(self._database, self._scratch, content)

    def packed(self, content: bytes) -> list[int]:
        return [end - 1 for _, end in self._scan(self._packed, self._other, content)]

    def plain(self, content: bytes) -> bool:
        return not self._scan(self._odd, self._third, content)

    @staticmethod
    def _scan(database: Any, scratch: Any, content: bytes) -> list[Hit]:
        found: list[Hit] = []

        def see(pattern: int, _start: int, end: int, _flags: int, _context: Any) -> None:
            found.append((pattern, end))

        if content:
            database.scan(content, see, scratch=scratch)
        return found


class Automaton:
    """Aho and Corasick's."""

    name = "ahocorasick"

    def __init__(self, patterns: Sequence[bytes]) -> None:
        from ahocorasick_rs import BytesAhoCorasick

        self._automaton = BytesAhoCorasick(list(patterns))

    def hits(self, content: bytes) -> list[Hit]:
        matches = self._automaton.find_matches_as_indexes(content, overlapping=True)
        return [(pattern, end) for pattern, _, end in matches]

    def packed(self, content: bytes) -> list[int]:
        return [match.end() - 1 for match in _SLOW_PACKED.finditer(content)]

    @staticmethod
    def plain(_content: bytes) -> bool:
        return False


def make_filter(patterns: Sequence[bytes], engine: str = "auto") -> Filter:
    """The quickest filter there is, or the one that is asked for."""
    makers: dict[str, Callable[[Sequence[bytes]], Filter]] = {
        Hyperscan.name: Hyperscan,
        Automaton.name: Automaton,
    }
    if engine != "auto":
        return makers[engine](patterns)
    try:
        import hyperscan  # noqa: F401  # is it there?
    except ImportError:
        return Automaton(patterns)
    return Hyperscan(patterns)


def engines() -> Iterator[str]:
    yield from (Hyperscan.name, Automaton.name)
