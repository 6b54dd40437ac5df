"""Detection of lines that a columnar reader could misread, by octet patterns."""

from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

from conformance.data.lines import Block

Octets = NDArray[np.uint8]
Places = NDArray[np.int64]
_QUOTE, _COLON, _COMMA, _SPACE, _ESCAPE, _OPEN, _CLOSE = b'":, \\{}'
_LINE_END = (10, 13)
_WINDOW = 256 * 1024
"""Octets per window, small enough for the cache."""
_BEYOND = 3
"""Octets of lookahead per position."""
_FEW = 4
"""Most unquoted members for a proof by length: if spaced, each may hide 1 octet; a member has 5 or more."""


@dataclass(frozen=True, slots=True)
class Style:
    """Spacing of JSON lines: none, or one space after each separator."""

    spaced: bool

    @classmethod
    def of(cls, block: Block) -> Self:
        """Style of a block, from its first line."""
        return cls(b'": ' in block.data[int(block.starts[0]) : int(block.ends[0])])

    @property
    def separator(self) -> int:
        """Octets of a separator."""
        return 2 if self.spaced else 1

    def is_provable(self, others: int) -> bool:
        """True if line lengths prove the members, given the number of unquoted members in the shape."""
        return not self.spaced or others <= _FEW


def suspects(
    block: Block, ends: Places, style: Style, scalars: tuple[str, ...]
) -> tuple[NDArray[np.bool_], dict[str, NDArray[np.int32]]]:
    """Mask of plain lines, and per scalar member its count of unquoted values in each line."""
    octets = np.frombuffer(block.data, np.uint8)[: int(block.ends[-1])]
    counts = {name: np.zeros(len(block), np.int32) for name in scalars}
    plain = ends > block.starts
    plain &= (octets[block.starts] == _OPEN) & (octets[np.maximum(ends - 1, 0)] == _CLOSE)
    for at in range(int(block.starts[0]), len(octets), _WINDOW):
        bad, bare = _find_places(octets[at : at + _WINDOW + _BEYOND], style)
        unknown = _count_by_member(octets, block, bare + at, counts)
        plain[_line_numbers(block, np.concatenate((bad + at, unknown)))] = False
    return plain, counts


def _find_places(window: Octets, style: Style) -> tuple[Places, Places]:
    """Offsets of suspicious octets, and of quotes that end the name of an unquoted value.

    The last octets of the block are not tested: only a line end follows the closing brace, and anything
    before it that is not JSON is found by the columnar reader.
    """
    first, second, third, fourth = (window[n : len(window) - _BEYOND + n] for n in range(_BEYOND + 1))
    quote = first == _QUOTE
    key = quote & (second == _COLON)
    bad = (first == _ESCAPE) | (quote & (second <= _SPACE))
    bad |= (first < _SPACE) & (first != _LINE_END[0]) & (first != _LINE_END[1])
    if not style.spaced:
        return np.flatnonzero(bad), np.flatnonzero(key & (third != _QUOTE))
    bad |= (key | (quote & (second == _COMMA))) & (third != _SPACE)
    return np.flatnonzero(bad), np.flatnonzero(key & (third == _SPACE) & (fourth != _QUOTE))


def _count_by_member(
    octets: Octets, block: Block, places: Places, counts_by_name: dict[str, NDArray[np.int32]]
) -> Places:
    """Count offsets per member whose name ends there; return those that belong to no member."""
    for name, counts in counts_by_name.items():
        if not len(places):
            break
        word = np.frombuffer(b'"' + name.encode(), np.uint8)
        before = np.maximum(places[:, None] - np.arange(len(word), 0, -1), 0)
        is_member = (octets[before] == word).all(axis=1)
        np.add.at(counts, _line_numbers(block, places[is_member]), 1)
        places = places[~is_member]
    return places


def _line_numbers(block: Block, places: Places) -> Places:
    return np.searchsorted(block.starts, places, "right") - 1
