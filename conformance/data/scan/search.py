"""Searching blocks: candidates by the filter, then the reference on every window that holds one."""

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby

import numpy as np
from numpy.typing import NDArray

from conformance.data.scan.blocks import WINDOW, Block
from conformance.data.scan.folded import Guises, View, guises, seen
from conformance.data.scan.matchers import Filter, Hit, make_filter
from conformance.data.scan.rare_readings import Odd, Oddities, readings
from conformance.data.scan.separators import Joints
from conformance.oracles.leaks import LeakSearch, leaves, unpacked
from conformance.oracles.leaks import readings as all_readings

_REMEMBERED = 512
_APART = b"\xff"
"""Stands between texts that do not follow each other; no guise has it."""


@dataclass(frozen=True, slots=True, order=True)
class Found:
    """A value that is somewhere."""

    offset: int
    """Of the line in the unpacked stream."""
    line: int
    name: str
    encoding: str


Candidates = set[tuple[int, str]]
"""Lines of a block and names of values."""


class UnsearchableError(ValueError):
    """None of the values can be searched."""


class Search:
    """Looks for values; prepared once, used on many streams. Raises UnsearchableError."""

    def __init__(self, values: Mapping[str, str], engine: str = "auto") -> None:
        self._guises: Guises = guises(values)
        if not self._guises.patterns:
            raise UnsearchableError
        self._filter: Filter = make_filter(self._guises.patterns, engine)
        self._joints = Joints(self._guises.patterns)
        self._odd = Oddities(self._guises.alphabet, self._guises.beside)
        self._alone = lru_cache(_REMEMBERED)(lambda name: LeakSearch({name: values[name]}))

    @property
    def unsearchable(self) -> tuple[str, ...]:
        return self._guises.unsearchable

    @property
    def engine(self) -> str:
        return self._filter.name

    def block(self, block: Block, done: frozenset[str] = frozenset(), most: int | None = None) -> list[Found]:
        """What the reference finds in the windows of a block.

        `done`: values that need not be looked for; `most`: places of a value that are enough.
        """
        odd, packed = self._odd.places(block.data, self._filter.plain), self._filter.packed(block.data)
        hits = self._seen(View(block.data)) + self._joined(block.data, odd)
        short = block.offset == 0 and block.data.count(b"\n") <= WINDOW
        if not (hits or len(odd.changed) or packed or short):
            return []
        starts = block.starts()
        candidates = self._named(starts, hits)
        candidates |= self._read(block, starts, _lines(starts, odd.changed))
        candidates |= self._unpacked(block, starts, _lines(starts, np.array(packed, np.int64)))
        candidates |= self._spread(block) if short else set()
        wanted = {c for c in candidates if c[1] not in done}
        return sorted(self._confirmed(block, starts, wanted, most or len(wanted)))

    def _seen(self, shown: View) -> list[Hit]:
        """Hits in a view, by where they are in what it shows."""
        hits = self._filter.hits(shown.bytes)
        return shown.placed(hits) if hits else []

    def _joined(self, content: bytes, odd: Odd) -> list[Hit]:
        """Hits that go on where separators of several bytes are left out."""
        pieces = self._joints.pieces(content, odd.left_out) if len(odd.left_out) else None
        return pieces.placed(self._seen(View(pieces.content))) if pieces else []

    def _named(self, starts: NDArray[np.int64], hits: list[Hit]) -> Candidates:
        """Candidates of hits, by where they are."""
        places = np.array([place for _, place in hits], np.int64)
        lines = (np.searchsorted(starts, places, side="right") - 1).tolist()
        pairs = zip(hits, lines, strict=True)
        return {(line, name) for (pattern, _), line in pairs for name in self._guises.names[pattern]}

    def _read(self, block: Block, starts: NDArray[np.int64], odd: list[int]) -> Candidates:
        """Candidates in readings of odd lines, each with the lines around it."""
        wanted = sorted({n for line in odd for n in _around(line, len(starts))})
        if not wanted:
            return set()
        found: Candidates = set()
        for each in readings([_line(block, starts, n) for n in wanted]):
            found |= self._among(wanted, [seen(text) for text in each])
        return found

    def _among(self, numbers: list[int], views: list[bytes]) -> Candidates:
        """Candidates in the views of lines, of which those that follow each other are searched as one."""
        joined, edges = bytearray(), []
        for n, (number, each) in enumerate(zip(numbers, views, strict=True)):
            if n and number != numbers[n - 1] + 1:
                joined += _APART
            edges.append(len(joined))
            joined += each
        hits = self._filter.hits(bytes(joined))
        found = self._named(np.array(edges, np.int64), [(pattern, end - 1) for pattern, end in hits])
        return {(numbers[n], name) for n, name in found}

    def _spread(self, block: Block) -> Candidates:
        """Candidates in all members of a document together; a longer stream is none within its windows."""
        try:
            document = json.loads(block.data)
        except (ValueError, RecursionError):
            return set()
        joined = "".join(str(leaf) for _, leaf in leaves(document, ""))
        hits = self._filter.hits(seen(joined))
        return {(0, name) for pattern, _ in hits for name in self._guises.names[pattern]}

    def _unpacked(self, block: Block, starts: NDArray[np.int64], lines: list[int]) -> Candidates:
        """Candidates in what is packed within a line, or within the window that begins with it."""
        found: Candidates = set()
        for line in lines:
            window = _window(block, starts, line)
            texts = {text for inner in unpacked(window) for text in all_readings(inner, 1)}
            views = [seen(text) for text in texts]
            hits = self._filter.hits(_APART.join(views))
            found |= {(line, name) for pattern, _ in hits for name in self._guises.names[pattern]}
        return found

    def _confirmed(
        self, block: Block, starts: NDArray[np.int64], candidates: Candidates, most: int
    ) -> Iterator[Found]:
        counted: Counter[str] = Counter()
        for line, group in groupby(sorted(candidates), key=lambda c: c[0]):
            at = int(starts[line])
            for name in (name for _, name in group if counted[name] < most):
                encoding = self._encoding(block, starts, line, name)
                if encoding is not None:
                    counted[name] += 1
                    yield Found(block.offset + at, block.number(at), name, encoding)

    def _encoding(self, block: Block, starts: NDArray[np.int64], line: int, name: str) -> str | None:
        """How the value is written in the first window with this line in which the reference finds it."""
        latest = max(len(starts) - WINDOW, 0)
        for first in range(max(line - WINDOW + 1, 0), min(line, latest) + 1):
            window = _window(block, starts, first)
            for leak in self._alone(name).content(window):
                return leak.encoding
        return None


def _lines(starts: NDArray[np.int64], places: NDArray[np.int64]) -> list[int]:
    found: list[int] = np.unique(np.searchsorted(starts, places, side="right") - 1).tolist()
    return found


def _around(line: int, count: int) -> range:
    return range(max(line - WINDOW + 1, 0), min(line + WINDOW, count))


def _window(block: Block, starts: NDArray[np.int64], first: int) -> bytes:
    after = first + WINDOW
    return block.data[starts[first] : starts[after] if after < len(starts) else len(block.data)]


def _line(block: Block, starts: NDArray[np.int64], number: int) -> bytes:
    end = starts[number + 1] if number + 1 < len(starts) else len(block.data)
    return block.data[starts[number] : end]
