"""The operator `text`: free text without identifiers and without names of persons in the same record."""

import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from typing import Any, NamedTuple

from reference_impl.desensitization.model import Parameters, Scene, TypeRule, string
from reference_impl.desensitization.normalize import ASCII_UPPER, has_surrogate, normalize, units
from reference_impl.desensitization.tables import Tables

Span = tuple[int, int]
NAMES = "person_name"


class Piece(NamedTuple):
    """A run of digits, or an X, of the folded text."""

    text: str
    start: int
    end: int


def text(value: Any, p: Parameters, scene: Scene) -> str:
    original = string(value)
    folded = fold(original)
    chains = list(_chains(_pieces(folded), folded, p["max_gap"], scene.tables))
    spans = [*_names(folded, scene)]
    for detector in p["detect"]:
        rule = scene.rules[detector["type"]]
        spans += (span for chain in chains for span in _windows(chain, detector["pieces"], rule))
    return _replaced(original, _merged(spans), scene.fallback)


def fold(text: str) -> str:
    """The text in ASCII compatibility forms (NFKC, UAX #15) of one character each; positions are kept."""
    return "".join(map(_folded, text))


@lru_cache(maxsize=4096)
def _folded(c: str) -> str:
    plain = unicodedata.normalize("NFKC", c)
    return plain if len(plain) == 1 and plain.isascii() else c


def _pieces(folded: str) -> Iterator[Piece]:
    start = 0
    while start < len(folded):
        end = start + 1
        if folded[start] in "Xx":
            yield Piece("X", start, end)
        elif _is_digit(folded[start]):
            while end < len(folded) and _is_digit(folded[end]):
                end += 1
            yield Piece(folded[start:end], start, end)
        start = end


def _is_digit(c: str) -> bool:
    return "0" <= c <= "9"


def _chains(pieces: Iterable[Piece], folded: str, max_gap: int, tables: Tables) -> Iterator[list[Piece]]:
    """Maximal sequences of pieces separated by at most `max_gap` joiners."""
    chain: list[Piece] = []
    for piece in pieces:
        gap = folded[chain[-1].end : piece.start] if chain else ""
        if chain and (len(gap) > max_gap or not all(c in tables.joiners for c in gap)):
            yield chain
            chain = []
        chain.append(piece)
    if chain:
        yield chain


def _windows(chain: Sequence[Piece], most: int, rule: TypeRule) -> Iterator[Span]:
    for first, piece in enumerate(chain):
        joined = ""
        for last in chain[first : first + most]:
            joined += last.text
            if rule.accepts(joined):
                yield piece.start, last.end


def _names(folded: str, scene: Scene) -> Iterator[Span]:
    places = [at for at, c in enumerate(folded) if c not in scene.tables.joiners]
    skeleton = _skeleton(folded, scene.tables)
    for name in scene.context.names:
        if skeleton_of_name := _known_name(name, scene):
            at = skeleton.find(skeleton_of_name)
            while at >= 0:
                yield places[at], places[at + len(skeleton_of_name) - 1] + 1
                at = skeleton.find(skeleton_of_name, at + 1)


def _known_name(name: str, scene: Scene) -> str:
    normal = normalize(name, "name", scene.tables)
    usable = not has_surrogate(name) and scene.rules[NAMES].accepts(normal) and len(units(normal)) > 1
    return _skeleton(fold(normal), scene.tables) if usable else ""


def _skeleton(folded: str, tables: Tables) -> str:
    kept = ("·" if c in tables.middle_dots else c for c in folded if c not in tables.joiners)
    return "".join(kept).translate(ASCII_UPPER)


def _merged(spans: Iterable[Span]) -> list[Span]:
    merged: list[Span] = []
    for start, end in sorted(spans):
        if merged and start <= merged[-1][1]:
            merged[-1] = merged[-1][0], max(end, merged[-1][1])
        else:
            merged.append((start, end))
    return merged


def _replaced(original: str, spans: Iterable[Span], fallback: str) -> str:
    fragments, at = [], 0
    for start, end in spans:
        fragments += [original[at:start], fallback]
        at = end
    return "".join([*fragments, original[at:]])
