"""The one view of bytes in which all guises of values are searched at once, and how they look there.

The view has no separators, no NUL and no capitals of ASCII. It is made byte by byte, so that whatever holds a
text holds the view of that text: a guise can be missed only where characters are read as others.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from conformance.oracles.needles import Needle, needles, squeeze

_SEPARATORS = bytes(range(0x09, 0x0E)) + bytes(range(0x1C, 0x21)) + b"-_./:\0"
_LOWER = bytes(c + 32 if 65 <= c <= 90 else c for c in range(256))
_KEPT: NDArray[np.bool_] = np.array([c not in _SEPARATORS for c in range(256)])
SHORTEST = 4
"""Bytes of the view; a guise of fewer would be found everywhere."""
_LONGEST = 16
"""Of longer guises the end is searched: it is as rare, and takes less memory."""


def view(content: bytes) -> bytes:
    """Bytes as they are searched."""
    return content.translate(_LOWER, _SEPARATORS)


def kept(content: bytes) -> NDArray[np.int64]:
    """Where each byte of the view stands in the content."""
    return np.flatnonzero(_KEPT[np.frombuffer(content, np.uint8)])


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

    @property
    def alphabet(self) -> frozenset[int]:
        """The bytes that occur."""
        return frozenset(b"".join(self.patterns))


def guises(values: Mapping[str, str]) -> Guises:
    """The guises of all values."""
    found: dict[bytes, list[str]] = {}
    unsearchable = []
    for name, value in values.items():
        shown = {each for needle in needles(value) for each in _shown(needle)}
        if not shown or min(map(len, shown)) < SHORTEST:
            unsearchable.append(name)
            continue
        for pattern in shown:
            found.setdefault(pattern[-_LONGEST:], []).append(name)
    return Guises(tuple(found), tuple(map(tuple, found.values())), tuple(unsearchable))


def _shown(needle: Needle) -> Iterator[bytes]:
    """What a needle looks like in the view; bytes that it spells in hexadecimal count as they are, too."""
    yield seen(needle.text)
    if needle.encoding == "hex":
        yield view(bytes.fromhex(needle.text))
