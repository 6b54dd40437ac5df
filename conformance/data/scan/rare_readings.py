"""Rare readings: characters that a reading leaves out or changes, and escapes.

All other content is ASCII or characters that neither folding nor normal forms change and the oracle does not
leave out: its folded view is the same in every reading.
"""

import unicodedata
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from conformance.data.scan.folded import SEPARATORS
from conformance.oracles.encodings import squeeze
from conformance.oracles.leaks import unescaped

_HEX, _LETTERS = b"0123456789abcdefABCDEF", bytes(range(65, 91)) + bytes(range(97, 123))
_CHUNK = 1 << 16
_NONE: NDArray[np.int64] = np.empty(0, np.int64)
SUSPECTS = rb"[\xc2-\xe3\xea-\xff%&\\+]"
"""Regex of the first bytes of rare readings; all other bytes have one reading."""
_MARKS = "\ue000\ue001\ue002\ue003"
"""Private characters; one that does not occur in a text marks its line ends."""
_CHANGED, _PLAIN, _SEPARATOR, _PUNCTUATION = 0, 1, 2, 3
_LEADS = bytes([0xC2, 0xE1, 0xE2, 0xE3, 0xEF])
"""First bytes of characters some of which have one reading or are separators; U+4000 to U+9FFF have one."""


@dataclass(frozen=True, slots=True)
class RareReadings:
    """Offsets of bytes with another reading."""

    changed: NDArray[np.int64]
    """Changed by escapes, case or normal form."""
    left_out: NDArray[np.int64]
    """Separators of several bytes, ascending."""


class RareReadingFinder:
    """Finder of rare readings in bytes, prepared once for the patterns that are searched."""

    def __init__(self, text_bytes: frozenset[int], adjacent: frozenset[int]) -> None:
        """`text_bytes`: bytes of the patterns that are text; `adjacent`: bytes next to their punctuation."""
        self._is_far = np.zeros(256, np.bool_) if -1 in adjacent else ~_byte_table(adjacent)
        self._is_far[[*SEPARATORS, *b"%&\\+;", *range(0xC2, 0xE4), *range(0xEA, 0x100)]] = False
        self._is_far[65:91] &= self._is_far[97:123]
        self._escape_table = {
            ord("%"): _byte_table(_HEX),
            ord("&"): _byte_table(b"#" + _LETTERS),
            ord("\\"): _byte_table(b"ux"),
        }
        self._rank = np.zeros(256, np.int32)
        self._rank[list(_LEADS)] = np.arange(1, len(_LEADS) + 1) << 16
        self._kinds = np.zeros((len(_LEADS) + 1) << 16, np.uint8)
        for point in _code_points():
            self._add(chr(point), text_bytes)

    def _add(self, character: str, text_bytes: frozenset[int]) -> None:
        kind, octets = _reading_kind(character, text_bytes), character.encode()
        if kind == _CHANGED:
            return
        second = int(self._rank[octets[0]]) | octets[1] << 8
        last = slice(256) if len(octets) == 2 else slice(octets[2], octets[2] + 1)
        self._kinds[second : second + 256][last] = kind

    def places(self, content: bytes, plain: Callable[[bytes], bool] = lambda _: False) -> RareReadings:
        """The rare readings of content; `plain`: a quick proof that bytes have none of the SUSPECTS."""
        octets = np.frombuffer(content, np.uint8)
        chunks = range(0, len(octets), _CHUNK)
        chunk_starts = [n for n in chunks if not plain(content[n : n + _CHUNK])]
        if not chunk_starts:
            return RareReadings(_NONE, _NONE)
        at = np.concatenate([_suspect_offsets(octets[n : n + _CHUNK]) + n for n in chunk_starts])
        first = octets[at]
        wide = first >= 0xC2
        changed, left_out = self._wide(octets, at[wide], first[wide])
        escapes = self._escapes(octets, at[~wide], first[~wide])
        return RareReadings(np.concatenate((changed, escapes)), left_out)

    def _wide(
        self, octets: NDArray[np.uint8], at: NDArray[np.int64], first: NDArray[np.uint8]
    ) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Offsets of characters of several bytes that are changed, and of those that are left out."""
        second, third = (np.take(octets, at + n, mode="clip") for n in (1, 2))
        kinds = self._kinds[self._rank[first] | second.astype(np.int32) << 8 | third]
        marks = at[kinds == _PUNCTUATION]
        is_far = self._is_far[np.take(octets, marks - 1, mode="clip")]
        is_far |= self._is_far[np.take(octets, marks + 3, mode="clip")]
        return np.concatenate((marks[~is_far], at[kinds == _CHANGED])), at[kinds == _SEPARATOR]

    def _escapes(
        self, octets: NDArray[np.uint8], at: NDArray[np.int64], first: NDArray[np.uint8]
    ) -> NDArray[np.int64]:
        second, preceding = (np.take(octets, at + n, mode="clip") for n in (1, -1))
        is_suspect = (first == ord("+")) & ((preceding | 0x20) == ord("u"))
        for mark, table in self._escape_table.items():
            is_suspect |= (first == mark) & table[second]
        escapes: NDArray[np.int64] = at[is_suspect]
        return escapes


def _suspect_offsets(octets: NDArray[np.uint8]) -> NDArray[np.int64]:
    """Offsets of the SUSPECTS. Comparisons are faster than a table."""
    is_suspect = (octets - np.uint8(0xC2)) <= 0xE3 - 0xC2
    is_suspect |= octets >= 0xEA
    is_suspect |= (octets - np.uint8(ord("%"))) <= ord("&") - ord("%")
    is_suspect |= octets == ord("\\")
    is_suspect |= octets == ord("+")
    return np.flatnonzero(is_suspect)


def _byte_table(members: "Iterable[int]") -> NDArray[np.bool_]:
    is_suspect = np.zeros(256, np.bool_)
    is_suspect[list(members)] = True
    return is_suspect


def _code_points() -> Iterator[int]:
    """The code points whose characters begin with one of `_LEADS`."""
    for first, end in ((0x80, 0xC0), (0x1000, 0x4000), (0xF000, 0x10000)):
        yield from range(first, end)


def _reading_kind(character: str, text_bytes: frozenset[int]) -> int:
    """Kind of a character's readings: `_CHANGED`, `_PLAIN`, `_SEPARATOR` (left out) or `_PUNCTUATION`."""
    reading = unicodedata.normalize("NFKC", character)
    if not squeeze(reading):
        return _SEPARATOR
    if squeeze(reading) != reading or unicodedata.combining(character):
        return _CHANGED
    is_stable = reading == character == character.lower()
    is_inert = unicodedata.category(character) in {"Po", "Ps", "Pe", "Pi", "Pf", "Nl", "So", "Sm"}
    if (
        0xFF01 <= ord(character) <= 0xFF5E
        and not reading.isalnum()
        and reading != "+"
        and not text_bytes.isdisjoint(reading.encode())
    ):
        return _PUNCTUATION
    is_unsearched = text_bytes.isdisjoint(reading.lower().encode())
    return _PLAIN if (is_stable and is_inert) or (is_unsearched and reading.isascii()) else _CHANGED


def readings(lines: list[bytes]) -> list[list[str]]:
    """The readings of lines, each as a list by line. Many lines at once are much faster."""
    text = b"\n".join(line.removesuffix(b"\n") for line in lines).decode("utf-8", "replace")
    for mark in _MARKS:
        is_suspect = [text_.split(mark) for text_ in _readings(text.replace("\n", mark))]
        if all(len(text_) == len(lines) for text_ in is_suspect):  # else the mark itself is in the text
            return is_suspect
    by_line = [_readings(line.decode("utf-8", "replace")) for line in lines]
    return [
        [text_[min(n, len(text_) - 1)] for text_ in by_line] for n in range(max(map(len, by_line), default=0))
    ]


def _readings(text: str) -> list[str]:
    texts = dict.fromkeys((text, unescaped(text)))
    return list(
        dict.fromkeys(reading for text_ in texts for reading in (text_, unicodedata.normalize("NFKC", text_)))
    )
