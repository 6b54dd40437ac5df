"""Regexes for free text in which an identifier may occur."""

import re
import sys
import unicodedata
from collections.abc import Mapping
from functools import cache
from typing import Any

from conformance.data.mask.charsets import character_class
from conformance.model.shapes import Desensitization
from conformance.oracles.desensitization.characters import characters

_JOINERS = ("white_space", "dashes", "ignorable", "brackets")
_DIGITS = frozenset("0123456789Xx")


def suspicious(p: Mapping[str, Any], rules: Desensitization) -> str | None:
    """Regex that occurs in all text with an identifier: enough digits in a row; None: there is none."""
    shortest = min(
        (_shortest(pattern) for d in p["detect"] for pattern in rules.types[d["type"]].valid), default=0
    )
    if shortest < 1:
        return None
    joining = frozenset[str]().union(*(characters(rules.tables, name) for name in _JOINERS))
    piece, joiner = _folding_to(_DIGITS), _folding_to(joining)
    gap = rf"[{character_class(joiner)}]{{0,{p['max_gap']}}}"
    digit = rf"[{character_class(piece)}]"
    return rf"(?:{digit}{gap}){{{shortest - 1}}}{digit}" if shortest > 1 else digit


def visible(rules: Desensitization) -> str:
    """Regex that occurs in all text that is not blank."""
    white = {ord(c) for c in characters(rules.tables, "white_space")}
    return rf"[^{character_class(white)}]"


def _shortest(pattern: str) -> int:
    """The least number of characters that a regex matches."""
    return int(re._parser.parse(pattern).getwidth()[0])  # noqa: SLF001  # there is no public parser


def _folding_to(targets: frozenset[str]) -> set[int]:
    """The code points whose compatibility form (NFKC) is one of these characters."""
    folded = {c for c, form in _foldings().items() if form in targets}
    return folded | {ord(c) for c in targets if ord(c) not in _foldings()}


@cache
def _foldings() -> Mapping[int, str]:
    """Compatibility forms (NFKC) that are one ASCII character, by code point outside ASCII."""
    foldings = {}
    for point in range(0x80, sys.maxunicode + 1):
        if unicodedata.decomposition(chr(point)):
            form = unicodedata.normalize("NFKC", chr(point))
            if len(form) == 1 and form.isascii():
                foldings[point] = form
    return foldings
