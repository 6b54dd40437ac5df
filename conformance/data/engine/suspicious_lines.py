"""Finding the lines of which a reader of columns might not tell the truth, an octet pattern at a time."""

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
"""Octets that are looked at in one go: little enough for the cache."""
_BEYOND = 3
"""Octets behind a place that are looked at with it."""
_FEW = 4
"""With spaced separators each member without quotes may hide one octet; another member has five or more."""


@dataclass(frozen=True, slots=True)
class Style:
    """How lines are written: without spaces, or with one after each separator."""

    spaced: bool

    @classmethod
    def of(cls, block: Block) -> Self:
        return cls(b'": ' in block.data[int(block.starts[0]) : int(block.ends[0])])

    @property
    def separator(self) -> int:
        """Octets of a separator."""
        return 2 if self.spaced else 1

    def is_provable(self, others: int) -> bool:
        """Whether the length of a line proves its members, where so many of the shape have no quotes."""
        return not self.spaced or others <= _FEW


def suspects(
    block: Block, ends: Places, style: Style, scalars: tuple[str, ...]
) -> tuple[NDArray[np.bool_], dict[str, NDArray[np.int32]]]:
    """The lines that are plain; and how often each has each of the `others` with a value without quotes."""
    octets = np.frombuffer(block.data, np.uint8)[: int(block.ends[-1])]
    counts = {name: np.zeros(len(block), np.int32) for name in scalars}
    plain = ends > block.starts
    plain &= (octets[block.starts] == _OPEN) & (octets[np.maximum(ends - 1, 0)] == _CLOSE)
    for at in range(int(block.starts[0]), len(octets), _WINDOW):
        bad, bare = _found(octets[at : at + _WINDOW + _BEYOND], style)
        unknown = _attributed(octets, block, bare + at, counts)
        plain[_lines(block, np.concatenate((bad + at, unknown)))] = False
    return plain, counts


def _found(window: Octets, style: Style) -> tuple[Places, Places]:
    """Places of what is not plain, and of quotes that end the name of a value without quotes.

    The last octets of all are not judged: behind a closing brace stands nothing but a line end, and before it
    what is no JSON is found by the reader of columns.
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


def _attributed(
    octets: Octets, block: Block, places: Places, counts_by_name: dict[str, NDArray[np.int32]]
) -> Places:
    """Counts the places by the member whose name ends there; gives back those that belong to none."""
    for name, counts in counts_by_name.items():
        if not len(places):
            break
        word = np.frombuffer(b'"' + name.encode(), np.uint8)
        before = np.maximum(places[:, None] - np.arange(len(word), 0, -1), 0)
        is_member = (octets[before] == word).all(axis=1)
        np.add.at(counts, _lines(block, places[is_member]), 1)
        places = places[~is_member]
    return places


def _lines(block: Block, places: Places) -> Places:
    return np.searchsorted(block.starts, places, "right") - 1
