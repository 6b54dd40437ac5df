"""Rules over wording: one term for one thing in all texts of the standard, by `standard/terms.yaml`."""

from collections.abc import Iterator
from typing import Any

from conformance.loader.lint.registry import rule
from conformance.loader.place import Place, duplicates
from conformance.loader.problem import Problem
from conformance.loader.rules import TERMS, terms
from conformance.loader.tree import Tree
from conformance.model.standard import Term
from conformance.model.text import Lang
from conformance.model.wording import forbidden_variants

NAMES_OF_PLACES = "schemas/codes/division.yaml"
"""Names of administrative divisions are not texts of the standard."""


@rule("term-id-unique")
def term_id_unique(tree: Tree) -> Iterator[Problem]:
    """Ids of terms are unique."""
    rows = enumerate(tree.value(TERMS, []))
    yield from duplicates((Place(tree, TERMS, (n, "id")), row["id"]) for n, row in rows)


@rule("term-variant")
def term_variant(tree: Tree) -> Iterator[Problem]:
    """Texts use terms, not their forbidden variants."""
    term_base = tuple(term for term in terms(tree).values() if term.forbidden)
    if term_base:
        for file, document in tree.documents.items():
            if file != NAMES_OF_PLACES:
                yield from _texts(Place(tree, file), document.value, term_base)


def _texts(place: Place, node: Any, term_base: tuple[Term, ...]) -> Iterator[Problem]:
    """The texts within a node: members `zh` and `en`, and members whose names end in `-zh`."""
    if isinstance(node, list):
        for n, part in enumerate(node):
            yield from _texts(place.at(n), part, term_base)
    elif isinstance(node, dict):
        for key, part in node.items():
            if isinstance(part, str) and (lang := _language(key)):
                for variant in forbidden_variants(part, lang, term_base):
                    yield place.at(key).problem(
                        "forbidden_variant", found=variant.text, expected=variant.term
                    )
            else:
                yield from _texts(place.at(key), part, term_base)


def _language(key: str) -> Lang | None:
    name = key.rpartition("-")[2]
    return Lang(name) if name in set(Lang) else None
