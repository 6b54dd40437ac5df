"""Strings that match a regular expression (ECMA-262), for the few constructs of the standard's patterns.

Literals, escapes, character classes, groups, alternatives and bounded repetition; anything else is refused.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from random import Random

_UNBOUNDED = 16
"""Extra repetitions tried for `*` and `+`."""
_PRINTABLE = tuple(map(chr, range(0x21, 0x7F)))
_NAMED = {"t": "\t", "n": "\n", "r": "\r"}

Draw = Callable[[Random, float], str]
"""A piece of the pattern as a generator: `size` from 0 (shortest) to 1 (longest), negative for any."""


class UnsupportedPatternError(ValueError):
    """A pattern with a construct that is not supported."""


def matching(pattern: str, random: Random, size: float = -1.0) -> str:
    """A string that matches an anchored pattern; `size` from 0 (shortest) to 1 (longest), negative for any.

    Raises UnsupportedPatternError.
    """
    return _parsed(pattern)(random, size)


@lru_cache(maxsize=1024)
def _parsed(pattern: str) -> Draw:
    return _Parser(pattern.removeprefix("^").removesuffix("$")).whole()


@dataclass(slots=True)
class _Parser:
    """Recursive descent over the pattern; each method consumes what it names."""

    text: str
    at: int = 0

    def whole(self) -> Draw:
        draw = self.alternatives()
        if self.at != len(self.text):
            raise UnsupportedPatternError(self.text)
        return draw

    def alternatives(self) -> Draw:
        options = [self.sequence()]
        while self.take("|"):
            options.append(self.sequence())
        return lambda random, size: random.choice(options)(random, size)

    def sequence(self) -> Draw:
        parts: list[Draw] = []
        while self.at < len(self.text) and self.text[self.at] not in "|)":
            parts.append(self.repeated(self.atom()))
        return lambda random, size: "".join(part(random, size) for part in parts)

    def atom(self) -> Draw:
        if self.take("("):
            self.take("?:")
            inner = self.alternatives()
            self.expect(")")
            return inner
        characters = self.character_class() if self.take("[") else self.literal()
        return lambda random, _: random.choice(characters)

    def literal(self) -> tuple[str, ...]:
        if self.take("."):
            return _PRINTABLE
        if self.text[self.at] in "^$*+?{":
            raise UnsupportedPatternError(self.text)
        return (self.character(),)

    def repeated(self, atom: Draw) -> Draw:
        low, high = self.bounds()
        if (low, high) == (1, 1):
            return atom
        return lambda random, size: "".join(
            atom(random, size) for _ in range(_between(low, high, random, size))
        )

    def bounds(self) -> tuple[int, int]:
        for sign, low, high in (("?", 0, 1), ("*", 0, _UNBOUNDED), ("+", 1, 1 + _UNBOUNDED)):
            if self.take(sign):
                return low, high
        if not self.take("{"):
            return 1, 1
        end = self.text.index("}", self.at)
        first, comma, last = self.text[self.at : end].partition(",")
        self.at = end + 1
        return int(first), int(last) if last else int(first) + (_UNBOUNDED if comma else 0)

    def character_class(self) -> tuple[str, ...]:
        negated = self.take("^")
        members: set[str] = set()
        while not self.take("]"):
            first = last = self.character()
            if self.text[self.at : self.at + 1] == "-" and self.text[self.at + 1 : self.at + 2] != "]":
                self.at += 1
                last = self.character()
            members.update(map(chr, range(ord(first), ord(last) + 1)))
        return tuple(c for c in _PRINTABLE if c not in members) if negated else tuple(sorted(members))

    def character(self) -> str:
        if self.at >= len(self.text):
            raise UnsupportedPatternError(self.text)
        char = self.text[self.at]
        self.at += 1
        return self.escape() if char == "\\" else char

    def escape(self) -> str:
        char = self.text[self.at]
        self.at += 1
        width = {"x": 2, "u": 4}.get(char)
        if width:
            self.at += width
            return chr(int(self.text[self.at - width : self.at], 16))
        if char.isalnum() and char not in _NAMED:
            raise UnsupportedPatternError(self.text)
        return _NAMED.get(char, char)

    def take(self, token: str) -> bool:
        found = self.text.startswith(token, self.at)
        self.at += len(token) if found else 0
        return found

    def expect(self, token: str) -> None:
        if not self.take(token):
            raise UnsupportedPatternError(self.text)


def _between(low: int, high: int, random: Random, size: float) -> int:
    return random.randint(low, high) if size < 0 else low + round((high - low) * size)
