"""Searching all guises at once: by Hyperscan where it is installed, else by an automaton that is everywhere.

Either says of each occurrence which guise it is and where it ends. That is only a reason to look again.
"""

from collections.abc import Callable, Iterator, Sequence
from typing import Any, Protocol

Hit = tuple[int, int]
"""Number of the guise, and where it ends."""


class Filter(Protocol):
    """Searches a view."""

    name: str

    def hits(self, content: bytes) -> list[Hit]: ...


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
        self._scratch = hyperscan.Scratch(self._database)

    def hits(self, content: bytes) -> list[Hit]:
        found: list[Hit] = []

        def see(pattern: int, _start: int, end: int, _flags: int, _context: Any) -> None:
            found.append((pattern, end))

        if content:
            self._database.scan(content, see, scratch=self._scratch)
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
