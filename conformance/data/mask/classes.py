"""Patterns of one character and others after it: of what characters a text is made, and how long it is."""

import re
from dataclasses import dataclass
from functools import lru_cache

from conformance.data.mask.alphabets import INERT, character_class

_INERT_TEXT = "".join(map(chr, INERT))
_CLASS = r"\[(?:[^\\\[\]]|\\.)+\]"
_RUN = re.compile(rf"({_CLASS})({_CLASS})?\{{([0-9]+),([0-9]+)\}}")


@dataclass(frozen=True, slots=True)
class Run:
    """A pattern of one character and others after it, as far as proofs allow them."""

    first: frozenset[int]
    others: frozenset[int]
    least: int
    most: int
    """Of others."""

    def within(self, every: frozenset[int], ends: frozenset[int]) -> str:
        """The same of texts made of characters in which they can also begin and end."""
        kept = (self.first & ends, self.others & every, self.others & ends)
        first, inside, last = map(character_class, kept)
        if not (first and last):
            return f"[{first}]" if first and not self.least else ""
        others = f"[{inside}]{{{max(self.least - 1, 0)},{self.most - 1}}}[{last}]"
        return f"[{first}]{others}" if self.least else f"[{first}](?:{others})?"


def run_of(pattern: str) -> Run | None:
    """What a pattern says, if it is of this kind."""
    found = _RUN.fullmatch(pattern)
    if found is None:
        return None
    alone, least, most = found[2] is None, int(found[3]), int(found[4])
    if (alone and not least) or most <= alone:
        return None
    first, others = _points_of(found[1]), _points_of(found[1 if alone else 2])
    return Run(first, others, least - alone, most - alone)


@lru_cache(maxsize=64)
def _points_of(one: str) -> frozenset[int]:
    return frozenset(map(ord, re.findall(one, _INERT_TEXT)))
