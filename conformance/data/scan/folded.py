"""The one view of bytes in which all guises of values are searched at once, and how they look there.

The view has no separators, no NUL and no capitals of ASCII. It is made byte by byte, so that whatever holds a
text holds the view of that text: a guise can be missed only where characters are read as others.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from conformance.oracles.encodings import needles, squeeze

SEPARATORS = bytes(range(0x09, 0x0E)) + bytes(range(0x1C, 0x21)) + b"-_./:\0"
LOWER = bytes(c + 32 if 65 <= c <= 90 else c for c in range(256))
_KEPT: NDArray[np.bool_] = np.array([c not in SEPARATORS for c in range(256)])
_PUNCTUATION = re.compile(rb"[!-*,;-@\[-`{-~]")
"""Of ASCII, without letters, digits, separators, and the `+` that base64 is full of."""
SHORTEST = 4
"""Bytes of the view; a guise of fewer would be found everywhere."""
_LONGEST = 12
"""Of longer guises the end is searched: it is as rare, and takes less memory."""
_LONGEST_WIDE = 24
"""Of characters of several bytes the end has to be longer: four numerals at its end are any year."""


def view(content: bytes) -> bytes:
    """Bytes as they are searched."""
    return content.translate(LOWER, SEPARATORS)


class View:
    """The view of a block, and where its bytes stand there."""

    def __init__(self, content: bytes) -> None:
        self._content = content
        self.bytes = view(content)

    def placed(self, hits: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
        """Hits in the view, with the place in the block of their last byte for the end in the view."""
        kept = np.flatnonzero(_KEPT[np.frombuffer(self._content, np.uint8)])
        places = kept[np.array([end for _, end in hits], np.int64) - 1].tolist()
        return [(pattern, place) for (pattern, _), place in zip(hits, places, strict=True)]


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
            found.setdefault(_end(pattern), []).append(name)
    names = tuple(map(tuple, found.values()))
    return Guises(tuple(found), names, tuple(unsearchable), frozenset(alphabet), frozenset(beside))


def _end(pattern: bytes) -> bytes:
    return pattern[-_LONGEST:] if pattern[-_LONGEST:].isascii() else pattern[-_LONGEST_WIDE:]


def _beside(text: bytes) -> Iterator[int]:
    """The bytes beside the punctuation of a guise."""
    for match in _PUNCTUATION.finditer(text):
        yield text[match.start() - 1] if match.start() else -1
        yield text[match.end()] if match.end() < len(text) else -1
