"""One term for one thing: variants of terms that a text uses although the term base forbids them."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from conformance.model.standard import Term
from conformance.model.text import Lang


@dataclass(frozen=True, slots=True)
class Variant:
    """A forbidden variant in a text, and the term that stands for it."""

    text: str
    term: str


def forbidden_variants(text: str, lang: Lang, terms: Iterable[Term]) -> Iterator[Variant]:
    """The forbidden variants in a text of one language, each once.

    A variant that merely overlaps the term does not count: `平台应答复` holds the term `答复`, not `应答`.
    English variants are whole words.
    """
    for term in terms:
        for variant in term.forbidden.get(lang, ()):
            if variant in text and _stands_alone(variant, text, lang, term.title.in_(lang)):
                yield Variant(variant, term.title.in_(lang))


def _stands_alone(variant: str, text: str, lang: Lang, title: str) -> bool:
    """True if a variant occurs somewhere without a mere overlap with the term."""
    pattern = rf"\b{re.escape(variant)}\b" if lang is Lang.EN else re.escape(variant)
    titles = [match.span() for match in re.finditer(re.escape(title), text)]
    return any(
        not any(_overlaps(match.span(), span) for span in titles) for match in re.finditer(pattern, text)
    )


def _overlaps(span: tuple[int, int], other: tuple[int, int]) -> bool:
    """True if two spans share a part and neither holds the other."""
    (start, end), (first, last) = span, other
    return start < first < end < last or first < start < last < end
