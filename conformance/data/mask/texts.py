"""Free text of which it is certain that nothing is found in it."""

import re
import sys
import unicodedata
from collections.abc import Mapping
from functools import cache
from typing import Any

from conformance.data.mask.alphabets import character_class
from conformance.model.shapes import Desensitization
from conformance.oracles.desensitization.characters import characters

_JOINERS = ("white_space", "dashes", "ignorable", "brackets")
_PIECES = frozenset("0123456789Xx")


def suspicious(p: Mapping[str, Any], rules: Desensitization) -> str | None:
    """A pattern that every text has in which an identifier can be found: enough digits, linked."""
    shortest = min(
        (_shortest(pattern) for d in p["detect"] for pattern in rules.types[d["type"]].valid), default=0
    )
    if shortest < 1:
        return None
    joining = frozenset[str]().union(*(characters(rules.tables, name) for name in _JOINERS))
    piece, joiner = _folding_to(_PIECES), _folding_to(joining)
    gap = rf"[{character_class(joiner)}]{{0,{p['max_gap']}}}"
    digit = rf"[{character_class(piece)}]"
    return rf"(?:{digit}{gap}){{{shortest - 1}}}{digit}" if shortest > 1 else digit


def visible(rules: Desensitization) -> str:
    """A pattern of texts that are not blank."""
    white = {ord(c) for c in characters(rules.tables, "white_space")}
    return rf"[^{character_class(white)}]"


def _shortest(pattern: str) -> int:
    """The least number of characters that a pattern matches."""
    return int(re._parser.parse(pattern).getwidth()[0])  # noqa: SLF001  # nothing public tells


def _folding_to(targets: frozenset[str]) -> set[int]:
    """The code points that a reading folds to one of these characters."""
    folded = {c for c, form in _foldings().items() if form in targets}
    return folded | {ord(c) for c in targets if ord(c) not in _foldings()}


@cache
def _foldings() -> Mapping[int, str]:
    """Code points whose compatibility form is one ASCII character and another than themselves."""
    found = {}
    for point in range(0x80, sys.maxunicode + 1):
        if unicodedata.decomposition(chr(point)):
            form = unicodedata.normalize("NFKC", chr(point))
            if len(form) == 1 and form.isascii():
                found[point] = form
    return found
