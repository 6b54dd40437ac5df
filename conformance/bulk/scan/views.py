"""The one view of bytes in which all guises of values are searched at once, and how they look there.

The view has no separators, no NUL and no capitals of ASCII. It is made byte by byte, so that whatever holds a
text holds the view of that text: a guise can be missed only where characters are read as others.
"""

import re
from bisect import bisect_left
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import accumulate

import numpy as np
from numpy.typing import NDArray

from conformance.oracles.needles import needles, squeeze

SEPARATORS = bytes(range(0x09, 0x0E)) + bytes(range(0x1C, 0x21)) + b"-_./:\0"
_LOWER = bytes(c + 32 if 65 <= c <= 90 else c for c in range(256))
_KEPT: NDArray[np.bool_] = np.array([c not in SEPARATORS for c in range(256)])
_CHUNK = 1 << 14
_PUNCTUATION = re.compile(rb"[!-*,;-@\[-`{-~]")
"""Of ASCII, without letters, digits, separators, and the `+` that base64 is full of."""
SHORTEST = 4
"""Bytes of the view; a guise of fewer would be found everywhere."""
_LONGEST = 12
"""Of longer guises the end is searched: it is as rare, and takes less memory."""


def view(content: bytes) -> bytes:
    """Bytes as they are searched."""
    return content.translate(_LOWER, SEPARATORS)


class View:
    """The view of a block, and where its bytes stand there."""

    def __init__(self, content: bytes) -> None:
        self._content = content
        parts = [view(content[at : at + _CHUNK]) for at in range(0, len(content), _CHUNK)]
        self.bytes = b"".join(parts)
        self._ends = list(accumulate(map(len, parts)))

    def place(self, end: int) -> int:
        """Where the last byte before an end in the view stands in the block."""
        chunk = bisect_left(self._ends, end)
        before = self._ends[chunk - 1] if chunk else 0
        octets = np.frombuffer(self._content[chunk * _CHUNK : (chunk + 1) * _CHUNK], np.uint8)
        return chunk * _CHUNK + int(np.flatnonzero(_KEPT[octets])[end - 1 - before])


def seen(text: str) -> bytes:
    """The view of a reading, squeezed and folded as the reference does."""
    return view(squeeze(text).lower().encode("utf-8", "surrogatepass"))


@dataclass(frozen=True, slots=True)
class Guises:
    """What is searched, each with the names of the values that it may be."""

    patterns: tuple[bytes, ...]
    names: tuple[tuple[str, ...], ...]
    unsearchable: tuple[str, ...]
    """Names of values that are too short to prove anything, or of separators almost alone."""
    alphabet: frozenset[int]
    """The bytes of those of them that are texts."""
    beside: frozenset[int]
    """Bytes beside punctuation in them; -1: some begin or end with it."""


def guises(values: Mapping[str, str]) -> Guises:
    """The guises of all values; bytes that a guise spells in hexadecimal count as they are, too."""
    found: dict[bytes, list[str]] = {}
    unsearchable, alphabet, beside = [], set[int](), set[int]()
    for name, value in values.items():
        texts = {seen(needle.text) for needle in needles(value)}
        shown = texts | {view(bytes.fromhex(n.text)) for n in needles(value) if n.encoding == "hex"}
        alphabet |= set(b"".join(texts))
        beside |= {each for text in texts for each in _beside(text)}
        if not shown or min(map(len, shown)) < SHORTEST:
            unsearchable.append(name)
            continue
        for pattern in shown:
            found.setdefault(pattern[-_LONGEST:], []).append(name)
    names = tuple(map(tuple, found.values()))
    return Guises(tuple(found), names, tuple(unsearchable), frozenset(alphabet), frozenset(beside))


def _beside(text: bytes) -> Iterator[int]:
    """The bytes beside the punctuation of a guise."""
    for match in _PUNCTUATION.finditer(text):
        yield text[match.start() - 1] if match.start() else -1
        yield text[match.end()] if match.end() < len(text) else -1
