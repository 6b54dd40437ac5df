"""Multi-pattern matchers: Hyperscan where it is installed, else an Aho-Corasick automaton.

A hit is a candidate: which pattern, and where it ends. The oracle decides whether it is an occurrence.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from typing import Any, Protocol

from conformance.data.scan.rare_readings import SUSPECTS

Hit = tuple[int, int]
"""Number of the pattern, and the end of the match or the offset of its last byte."""


_PACKED = (rb"(?:H4sI|eJ|eN|eA)[A-Za-z0-9+/_-]{12}", rb"(?:\A|\n)(?:\x1f\x8b|x[\x01\x5e\x9c\xda])")
"""Beginnings of compressed data: in base64, or at the beginning of a line."""
_PACKED_REGEX = re.compile(b"|".join(_PACKED))


class Matcher(Protocol):
    """A matcher of folded views, and of content for what needs other readings."""

    name: str
    """Name of the engine, as `make_matcher` takes it."""

    def hits(self, content: bytes) -> list[Hit]:
        """All matches of the patterns in content, overlapping ones included."""

    def packed(self, content: bytes) -> list[int]:
        """Offsets of the last bytes of beginnings of compressed data (gzip, zlib; raw or in base64)."""

    def plain(self, content: bytes) -> bool:
        """True only if content has none of the `rare_readings.SUSPECTS`; False proves nothing."""


class HyperscanMatcher:
    """Hyperscan: vectorized, and by far the faster one."""

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
        self._rare = hyperscan.Database(mode=hyperscan.HS_MODE_BLOCK)
        self._rare.compile(expressions=[SUSPECTS], ids=[0], elements=1, flags=[hyperscan.HS_FLAG_SINGLEMATCH])
        self._scratch = hyperscan.Scratch(self._database)
        self._packed_scratch = hyperscan.Scratch(self._packed)
        self._rare_scratch = hyperscan.Scratch(self._rare)

    def hits(self, content: bytes) -> list[Hit]:
        """All matches of the patterns, by the end of each match."""
        return self._scan(self._database, self._scratch, content)

    def packed(self, content: bytes) -> list[int]:
        """Offsets of the last bytes of beginnings of compressed data, overlapping ones included."""
        return [end - 1 for _, end in self._scan(self._packed, self._packed_scratch, content)]

    def plain(self, content: bytes) -> bool:
        """Exact: True if and only if content has none of the `rare_readings.SUSPECTS`."""
        return not self._scan(self._rare, self._rare_scratch, content)

    @staticmethod
    def _scan(database: Any, scratch: Any, content: bytes) -> list[Hit]:
        hits: list[Hit] = []

        def add_hit(pattern: int, _start: int, end: int, _flags: int, _context: Any) -> None:
            hits.append((pattern, end))

        if content:
            database.scan(content, add_hit, scratch=scratch)
        return hits


class AhoCorasickMatcher:
    """An automaton by Aho and Corasick (1975)."""

    name = "ahocorasick"

    def __init__(self, patterns: Sequence[bytes]) -> None:
        from ahocorasick_rs import BytesAhoCorasick

        self._automaton = BytesAhoCorasick(list(patterns))

    def hits(self, content: bytes) -> list[Hit]:
        """All matches of the patterns, by the end of each match."""
        matches = self._automaton.find_matches_as_indexes(content, overlapping=True)
        return [(pattern, end) for pattern, _, end in matches]

    def packed(self, content: bytes) -> list[int]:
        """Offsets of the last bytes of beginnings of compressed data; of overlapping ones the first."""
        return [match.end() - 1 for match in _PACKED_REGEX.finditer(content)]

    @staticmethod
    def plain(_content: bytes) -> bool:
        """Always False: an automaton has no quick proof."""
        return False


def make_matcher(patterns: Sequence[bytes], engine: str = "auto") -> Matcher:
    """The matcher of an engine: `hyperscan`, `ahocorasick`, or `auto` for the fastest one installed.

    Raises KeyError for another name, ImportError for an engine that is not installed.
    """
    classes: dict[str, Callable[[Sequence[bytes]], Matcher]] = {
        HyperscanMatcher.name: HyperscanMatcher,
        AhoCorasickMatcher.name: AhoCorasickMatcher,
    }
    if engine != "auto":
        return classes[engine](patterns)
    try:
        import hyperscan  # noqa: F401  # is it there?
    except ImportError:
        return AhoCorasickMatcher(patterns)
    return HyperscanMatcher(patterns)


def engines() -> Iterator[str]:
    """Names of all engines, the fastest first, installed or not."""
    yield from (HyperscanMatcher.name, AhoCorasickMatcher.name)
