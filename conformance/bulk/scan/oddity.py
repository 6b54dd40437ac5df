"""Lines that can be read otherwise than byte by byte: escapes, odd characters, packed data.

Everything else in a file is ASCII or a character that neither folding nor normal forms change, and which the
reference does not leave out, so that the view of its bytes shows all that any reading shows.
"""

import re
import unicodedata
from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from conformance.oracles.leaks import unescaped

PACKED = re.compile(rb"(?:H4sI|eJ|eN|eA)[A-Za-z0-9+/_-]{12}|(?:\A|\n)(?:\x1f\x8b|x[\x01\x5e\x9c\xda])")
"""Where packed data begin: in base64, or at the beginning of a line."""
_HEX, _LETTERS = b"0123456789abcdefABCDEF", bytes(range(65, 91)) + bytes(range(97, 123))
_PLAIN_LEADS = range(0xE4, 0xEA)
"""Of the characters U+4000 to U+9FFF."""
_CHUNK = 1 << 16
_MARKS = "\ue000\ue001\ue002\ue003"
"""Private characters, of which one that a text lacks marks its line ends."""


class Oddities:
    """Finds the odd places of bytes; prepared once for what is searched."""

    def __init__(self, alphabet: frozenset[int]) -> None:
        """`alphabet`: bytes that occur in what is searched."""
        self._suspect = _table([*range(0x80, 0xE4), *range(0xEA, 0x100), *b"%&\\+"])
        self._suspect[0x80:0xC0] = False  # these only follow others
        self._after = {ord("%"): _table(_HEX), ord("&"): _table(b"#" + _LETTERS), ord("\\"): _table(b"ux")}
        self._plain = {bytes(_bytes(c)) for c in _candidates() if _is_plain(chr(c), alphabet)}

    def places(self, content: bytes) -> NDArray[np.int64]:
        """Where bytes stand that may be read as others, in order."""
        octets = np.frombuffer(content, np.uint8)
        parts = (octets[at : at + _CHUNK] for at in range(0, len(octets), _CHUNK))
        found = [np.flatnonzero(np.take(self._suspect, part)) + n * _CHUNK for n, part in enumerate(parts)]
        suspects = np.concatenate(found) if found else np.empty(0, np.int64)
        return suspects[self._odd(octets, suspects)] if len(suspects) else suspects

    def _odd(self, octets: NDArray[np.uint8], at: NDArray[np.int64]) -> NDArray[np.bool_]:
        first = octets[at]
        second, third = (octets[np.minimum(at + n, len(octets) - 1)] for n in (1, 2))
        odd: NDArray[np.bool_] = first >= 0xC2
        code = (first.astype(np.int64) << 16) | (second.astype(np.int64) << 8) | third
        odd &= ~np.isin(code, [int.from_bytes(plain) for plain in self._plain])
        for mark, table in self._after.items():
            odd |= (first == mark) & table[second]
        before = octets[np.maximum(at - 1, 0)]
        odd |= (first == ord("+")) & np.isin(before, [ord("u"), ord("U")])
        return odd


def _table(held: "list[int] | bytes") -> NDArray[np.bool_]:
    found = np.zeros(256, np.bool_)
    found[list(held)] = True
    return found


def _candidates() -> Iterator[int]:
    """Characters of three bytes that are common in Chinese text and may be plain."""
    yield from range(0x2018, 0x2020)
    yield from range(0x3001, 0x3030)
    yield from range(0xFF01, 0xFF5F)


def _bytes(point: int) -> bytes:
    return chr(point).encode()


def _is_plain(character: str, alphabet: frozenset[int]) -> bool:
    """Whether no reading turns it into something that is searched, or leaves it out."""
    from conformance.oracles.needles import squeeze

    read = unicodedata.normalize("NFKC", character)
    if squeeze(character) != character or squeeze(read) != read or unicodedata.combining(character):
        return False
    return read == character == character.lower() or alphabet.isdisjoint(read.lower().encode())


def readings(lines: list[bytes]) -> list[list[str]]:
    """All readings of some lines, for each the lines by themselves. Reading many at once is much quicker."""
    text = b"\n".join(lines).decode("utf-8", "replace")
    for mark in _MARKS:
        found = [each.split(mark) for each in _readings(text.replace("\n", mark))]
        if all(len(each) == len(lines) for each in found):  # else the mark itself is in the text
            return found
    apart = [_readings(line.decode("utf-8", "replace")) for line in lines]
    return [[each[min(n, len(each) - 1)] for each in apart] for n in range(max(map(len, apart), default=0))]


def _readings(text: str) -> list[str]:
    both = dict.fromkeys((text, unescaped(text)))
    return list(
        dict.fromkeys(reading for each in both for reading in (each, unicodedata.normalize("NFKC", each)))
    )
