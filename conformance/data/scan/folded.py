"""Folding: the view of bytes in which all encodings of values are searched at once, and their patterns there.

A folded view has no separators, no NUL and no ASCII capitals. It is made byte by byte, so that content with a
text has the folded text in its view: an encoding can be missed only where characters have other readings.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from conformance.oracles.encodings import needles, squeeze

SEPARATORS = bytes(range(0x09, 0x0E)) + bytes(range(0x1C, 0x21)) + b"-_./:\0"
LOWER = bytes(c + 32 if 65 <= c <= 90 else c for c in range(256))
_IS_FOLDED: NDArray[np.bool_] = np.array([c not in SEPARATORS for c in range(256)])
_PUNCTUATION = re.compile(rb"[!-*,;-@\[-`{-~]")
"""ASCII punctuation without separators, and without the `+` that is frequent in base64."""
SHORTEST = 4
"""Bytes of a pattern; shorter ones would occur everywhere."""
_LONGEST = 12
"""Bytes at the end of a longer pattern that are searched: they are as rare, and take less memory."""
_LONGEST_WIDE = 24
"""The same for characters of several bytes: four numerals would be any year."""


def fold(content: bytes) -> bytes:
    """The folded view of bytes."""
    return content.translate(LOWER, SEPARATORS)


class FoldedView:
    """The folded view of a block, with the offsets of its bytes."""

    def __init__(self, content: bytes) -> None:
        self._content = content
        self.bytes = fold(content)

    def in_block(self, hits: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
        """Hits with the offset of their last byte in the block instead of their end in the view."""
        kept_offsets = np.flatnonzero(_IS_FOLDED[np.frombuffer(self._content, np.uint8)])
        places = kept_offsets[np.array([end for _, end in hits], np.int64) - 1].tolist()
        return [(pattern, place) for (pattern, _), place in zip(hits, places, strict=True)]


def folded_reading(text: str) -> bytes:
    """The folded view of a reading, squeezed and case-folded as the oracle does."""
    return fold(squeeze(text).lower().encode("utf-8", "surrogatepass"))


@dataclass(frozen=True, slots=True)
class Patterns:
    """The byte patterns that are searched, each with the names of its values."""

    patterns: tuple[bytes, ...]
    names: tuple[tuple[str, ...], ...]
    unsearchable: tuple[str, ...]
    """Names of values that are too short, or consist almost entirely of separators."""
    text_bytes: frozenset[int]
    """Bytes of the patterns that are text."""
    adjacent: frozenset[int]
    """Bytes next to punctuation in the patterns; -1: a pattern begins or ends with punctuation."""


def patterns_of(values: Mapping[str, str]) -> Patterns:
    """The patterns of values by name: every encoding, and the bytes of those in hexadecimal."""
    names_by_pattern: dict[bytes, list[str]] = {}
    unsearchable, text_bytes, adjacent = [], set[int](), set[int]()
    for name, value in values.items():
        texts = {folded_reading(needle.text) for needle in needles(value)}
        folded = texts | {fold(bytes.fromhex(n.text)) for n in needles(value) if n.encoding == "hex"}
        text_bytes |= set(b"".join(texts))
        adjacent |= {byte for text in texts for byte in _adjacent_bytes(text)}
        if not folded or min(map(len, folded)) < SHORTEST:
            unsearchable.append(name)
            continue
        for pattern in folded:
            names_by_pattern.setdefault(_searched_end(pattern), []).append(name)
    names = tuple(map(tuple, names_by_pattern.values()))
    return Patterns(
        tuple(names_by_pattern), names, tuple(unsearchable), frozenset(text_bytes), frozenset(adjacent)
    )


def _searched_end(pattern: bytes) -> bytes:
    return pattern[-_LONGEST:] if pattern[-_LONGEST:].isascii() else pattern[-_LONGEST_WIDE:]


def _adjacent_bytes(text: bytes) -> Iterator[int]:
    """Bytes next to punctuation; -1 at the ends."""
    for match in _PUNCTUATION.finditer(text):
        yield text[match.start() - 1] if match.start() else -1
        yield text[match.end()] if match.end() < len(text) else -1
