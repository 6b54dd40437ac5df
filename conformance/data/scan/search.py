"""Search of blocks: candidates by a matcher, then the oracle on every window with a candidate."""

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby

import numpy as np
from numpy.typing import NDArray

from conformance.data.scan.blocks import WINDOW, SearchBlock
from conformance.data.scan.folded import FoldedView, Patterns, folded_reading, patterns_of
from conformance.data.scan.matchers import Hit, Matcher, make_matcher
from conformance.data.scan.rare_readings import RareReadingFinder, RareReadings, readings
from conformance.data.scan.separators import SeparatorRuns
from conformance.oracles.leaks import LeakSearch, leaves, unpacked
from conformance.oracles.leaks import readings as all_readings

_MAX_ORACLES = 512
_GAP = b"\xff"
"""Stands between views of texts that are not adjacent; no pattern contains it."""


@dataclass(frozen=True, slots=True, order=True)
class Occurrence:
    """An occurrence of a value."""

    offset: int
    """Offset of its line in the unpacked stream."""
    line: int
    name: str
    encoding: str


Candidates = set[tuple[int, str]]
"""Line indexes of a block (from 0) and names of values."""


class UnsearchableError(ValueError):
    """All values are too short to be searched."""


class ValueSearch:
    """A search for values by name, prepared once for many streams. Raises UnsearchableError."""

    def __init__(self, values: Mapping[str, str], engine: str = "auto") -> None:
        self._patterns: Patterns = patterns_of(values)
        if not self._patterns.patterns:
            raise UnsearchableError
        self._matcher: Matcher = make_matcher(self._patterns.patterns, engine)
        self._separators = SeparatorRuns(self._patterns.patterns)
        self._rare_readings = RareReadingFinder(self._patterns.text_bytes, self._patterns.adjacent)
        self._oracle_of = lru_cache(_MAX_ORACLES)(lambda name: LeakSearch({name: values[name]}))

    @property
    def unsearchable(self) -> tuple[str, ...]:
        """Names of the values that are too short, or consist almost entirely of separators."""
        return self._patterns.unsearchable

    @property
    def engine(self) -> str:
        """Name of the matcher's engine: `hyperscan` or `ahocorasick`."""
        return self._matcher.name

    def block(
        self, block: SearchBlock, satisfied: frozenset[str] = frozenset(), most: int | None = None
    ) -> list[Occurrence]:
        """The occurrences in the windows of a block, ascending, as the oracle finds them.

        `satisfied`: values that are not searched; `most`: occurrences of a value at most.
        """
        rare, packed = (
            self._rare_readings.places(block.data, self._matcher.plain),
            self._matcher.packed(block.data),
        )
        hits = self._hits_of_view(FoldedView(block.data)) + self._hits_across_separators(block.data, rare)
        short = block.offset == 0 and block.data.count(b"\n") <= WINDOW
        if not (hits or len(rare.changed) or packed or short):
            return []
        starts = block.starts()
        candidates = self._candidates_of_hits(starts, hits)
        candidates |= self._candidates_of_readings(block, starts, _lines(starts, rare.changed))
        candidates |= self._candidates_of_packed(block, starts, _lines(starts, np.array(packed, np.int64)))
        candidates |= self._candidates_of_document(block) if short else set()
        remaining = {c for c in candidates if c[1] not in satisfied}
        return sorted(self._occurrences(block, starts, remaining, most or len(remaining)))

    def _hits_of_view(self, folded: FoldedView) -> list[Hit]:
        """Hits in a folded view, by their offsets in its content."""
        hits = self._matcher.hits(folded.bytes)
        return folded.in_block(hits) if hits else []

    def _hits_across_separators(self, content: bytes, rare: RareReadings) -> list[Hit]:
        """Hits across separators of several bytes."""
        fragments = self._separators.fragments(content, rare.left_out) if len(rare.left_out) else None
        return fragments.in_block(self._hits_of_view(FoldedView(fragments.content))) if fragments else []

    def _candidates_of_hits(self, starts: NDArray[np.int64], hits: list[Hit]) -> Candidates:
        """Candidates of hits by offset."""
        places = np.array([place for _, place in hits], np.int64)
        lines = (np.searchsorted(starts, places, side="right") - 1).tolist()
        pairs = zip(hits, lines, strict=True)
        return {(line, name) for (pattern, _), line in pairs for name in self._patterns.names[pattern]}

    def _candidates_of_readings(
        self, block: SearchBlock, starts: NDArray[np.int64], rare: list[int]
    ) -> Candidates:
        """Candidates in the readings of lines with rare readings and of the lines around them."""
        remaining = sorted({n for line in rare for n in _lines_around(line, len(starts))})
        if not remaining:
            return set()
        candidates: Candidates = set()
        for texts in readings([_line(block, starts, n) for n in remaining]):
            candidates |= self._candidates_of_views(remaining, [folded_reading(text) for text in texts])
        return candidates

    def _candidates_of_views(self, numbers: list[int], views: list[bytes]) -> Candidates:
        """Candidates in the views of lines; adjacent lines are searched as one text."""
        joined, edges = bytearray(), []
        for n, (number, view) in enumerate(zip(numbers, views, strict=True)):
            if n and number != numbers[n - 1] + 1:
                joined += _GAP
            edges.append(len(joined))
            joined += view
        hits = self._matcher.hits(bytes(joined))
        candidates = self._candidates_of_hits(
            np.array(edges, np.int64), [(pattern, end - 1) for pattern, end in hits]
        )
        return {(numbers[n], name) for n, name in candidates}

    def _candidates_of_document(self, block: SearchBlock) -> Candidates:
        """Candidates in the members of a JSON document taken together."""
        try:
            document = json.loads(block.data)
        except (ValueError, RecursionError):
            return set()
        joined = "".join(str(leaf) for _, leaf in leaves(document, ""))
        hits = self._matcher.hits(folded_reading(joined))
        return {(0, name) for pattern, _ in hits for name in self._patterns.names[pattern]}

    def _candidates_of_packed(
        self, block: SearchBlock, starts: NDArray[np.int64], lines: list[int]
    ) -> Candidates:
        """Candidates in compressed data within the window of a line."""
        candidates: Candidates = set()
        for line in lines:
            window = _window(block, starts, line)
            texts = {text for inner in unpacked(window) for text in all_readings(inner, 1)}
            views = [folded_reading(text) for text in texts]
            hits = self._matcher.hits(_GAP.join(views))
            candidates |= {(line, name) for pattern, _ in hits for name in self._patterns.names[pattern]}
        return candidates

    def _occurrences(
        self, block: SearchBlock, starts: NDArray[np.int64], candidates: Candidates, most: int
    ) -> Iterator[Occurrence]:
        counts: Counter[str] = Counter()
        for line, group in groupby(sorted(candidates), key=lambda c: c[0]):
            at = int(starts[line])
            for name in (name for _, name in group if counts[name] < most):
                encoding = self._encoding(block, starts, line, name)
                if encoding is not None:
                    counts[name] += 1
                    yield Occurrence(block.offset + at, block.number(at), name, encoding)

    def _encoding(self, block: SearchBlock, starts: NDArray[np.int64], line: int, name: str) -> str | None:
        """The encoding of the value in the first window with this line in which the oracle finds it."""
        latest = max(len(starts) - WINDOW, 0)
        for first in range(max(line - WINDOW + 1, 0), min(line, latest) + 1):
            window = _window(block, starts, first)
            for leak in self._oracle_of(name).content(window):
                return leak.encoding
        return None


def _lines(starts: NDArray[np.int64], places: NDArray[np.int64]) -> list[int]:
    candidates: list[int] = np.unique(np.searchsorted(starts, places, side="right") - 1).tolist()
    return candidates


def _lines_around(line: int, count: int) -> range:
    return range(max(line - WINDOW + 1, 0), min(line + WINDOW, count))


def _window(block: SearchBlock, starts: NDArray[np.int64], first: int) -> bytes:
    after = first + WINDOW
    return block.data[starts[first] : starts[after] if after < len(starts) else len(block.data)]


def _line(block: SearchBlock, starts: NDArray[np.int64], number: int) -> bytes:
    end = starts[number + 1] if number + 1 < len(starts) else len(block.data)
    return block.data[starts[number] : end]
