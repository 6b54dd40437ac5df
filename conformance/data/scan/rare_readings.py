"""Lines that can be read otherwise than byte by byte: characters that are left out or changed, and escapes.

Everything else in a file is ASCII or a character that neither folding nor normal forms change, and which the
reference does not leave out, so that the view of its bytes shows all that any reading shows.
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
"""Bytes with which what is odd begins: all others are plain wherever they stand."""
_MARKS = "\ue000\ue001\ue002\ue003"
"""Private characters, of which one that a text lacks marks its line ends."""
_ODD, _PLAIN, _SEPARATOR, _PUNCTUATION = 0, 1, 2, 3
_LEADS = bytes([0xC2, 0xE1, 0xE2, 0xE3, 0xEF])
"""First bytes of characters of which some are plain or separators; U+4000 to U+9FFF are all plain."""


@dataclass(frozen=True, slots=True)
class Odd:
    """Places of bytes that may be read as others."""

    changed: NDArray[np.int64]
    """By escapes, case or normal form."""
    left_out: NDArray[np.int64]
    """Separators of several bytes, in order."""


class Oddities:
    """Finds the odd places of bytes; prepared once for what is searched."""

    def __init__(self, alphabet: frozenset[int], beside: frozenset[int]) -> None:
        """`alphabet`: bytes that occur in what is searched; `beside`: bytes beside its punctuation."""
        self._far = np.zeros(256, np.bool_) if -1 in beside else ~_table(beside)
        self._far[[*SEPARATORS, *b"%&\\+;", *range(0xC2, 0xE4), *range(0xEA, 0x100)]] = False
        self._far[65:91] &= self._far[97:123]
        self._after = {ord("%"): _table(_HEX), ord("&"): _table(b"#" + _LETTERS), ord("\\"): _table(b"ux")}
        self._rank = np.zeros(256, np.int32)
        self._rank[list(_LEADS)] = np.arange(1, len(_LEADS) + 1) << 16
        self._kinds = np.zeros((len(_LEADS) + 1) << 16, np.uint8)
        for point in _points():
            self._learn(chr(point), alphabet)

    def _learn(self, character: str, alphabet: frozenset[int]) -> None:
        kind, octets = _kind(character, alphabet), character.encode()
        if kind == _ODD:
            return
        second = int(self._rank[octets[0]]) | octets[1] << 8
        last = slice(256) if len(octets) == 2 else slice(octets[2], octets[2] + 1)
        self._kinds[second : second + 256][last] = kind

    def places(self, content: bytes, plain: Callable[[bytes], bool] = lambda _: False) -> Odd:
        """Everything odd; `plain`: proves quickly that none of the SUSPECTS is in some bytes."""
        octets = np.frombuffer(content, np.uint8)
        chunks = range(0, len(octets), _CHUNK)
        suspect = [n for n in chunks if not plain(content[n : n + _CHUNK])]
        if not suspect:
            return Odd(_NONE, _NONE)
        at = np.concatenate([_suspects(octets[n : n + _CHUNK]) + n for n in suspect])
        first = octets[at]
        wide = first >= 0xC2
        changed, left_out = self._wide(octets, at[wide], first[wide])
        escapes = self._escapes(octets, at[~wide], first[~wide])
        return Odd(np.concatenate((changed, escapes)), left_out)

    def _wide(
        self, octets: NDArray[np.uint8], at: NDArray[np.int64], first: NDArray[np.uint8]
    ) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Characters of several bytes that are changed, and those that are left out."""
        second, third = (np.take(octets, at + n, mode="clip") for n in (1, 2))
        kinds = self._kinds[self._rank[first] | second.astype(np.int32) << 8 | third]
        marks = at[kinds == _PUNCTUATION]
        far = self._far[np.take(octets, marks - 1, mode="clip")]
        far |= self._far[np.take(octets, marks + 3, mode="clip")]
        return np.concatenate((marks[~far], at[kinds == _ODD])), at[kinds == _SEPARATOR]

    def _escapes(
        self, octets: NDArray[np.uint8], at: NDArray[np.int64], first: NDArray[np.uint8]
    ) -> NDArray[np.int64]:
        second, before = (np.take(octets, at + n, mode="clip") for n in (1, -1))
        found = (first == ord("+")) & ((before | 0x20) == ord("u"))
        for mark, table in self._after.items():
            found |= (first == mark) & table[second]
        escapes: NDArray[np.int64] = at[found]
        return escapes


def _suspects(octets: NDArray[np.uint8]) -> NDArray[np.int64]:
    """Where the SUSPECTS are. Comparing is quicker than looking up."""
    found = (octets - np.uint8(0xC2)) <= 0xE3 - 0xC2
    found |= octets >= 0xEA
    found |= (octets - np.uint8(ord("%"))) <= ord("&") - ord("%")
    found |= octets == ord("\\")
    found |= octets == ord("+")
    return np.flatnonzero(found)


def _table(held: "Iterable[int]") -> NDArray[np.bool_]:
    found = np.zeros(256, np.bool_)
    found[list(held)] = True
    return found


def _points() -> Iterator[int]:
    """The characters that begin with one of the leads."""
    for first, after in ((0x80, 0xC0), (0x1000, 0x4000), (0xF000, 0x10000)):
        yield from range(first, after)


def _kind(character: str, alphabet: frozenset[int]) -> int:
    """Whether some reading turns it into something that is searched, or leaves it out."""
    read = unicodedata.normalize("NFKC", character)
    if not squeeze(read):
        return _SEPARATOR
    if squeeze(read) != read or unicodedata.combining(character):
        return _ODD
    same = read == character == character.lower()
    inert = unicodedata.category(character) in {"Po", "Ps", "Pe", "Pi", "Pf", "Nl", "So", "Sm"}
    if (
        0xFF01 <= ord(character) <= 0xFF5E
        and not read.isalnum()
        and read != "+"
        and not alphabet.isdisjoint(read.encode())
    ):
        return _PUNCTUATION
    unheard = alphabet.isdisjoint(read.lower().encode())
    return _PLAIN if (same and inert) or (unheard and read.isascii()) else _ODD


def readings(lines: list[bytes]) -> list[list[str]]:
    """All readings of some lines, for each the lines by themselves. Reading many at once is much quicker."""
    text = b"\n".join(line.removesuffix(b"\n") for line in lines).decode("utf-8", "replace")
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
