"""Rules over the clauses: each is cited by a requirement or says why not, never both."""

from collections.abc import Iterator
from typing import Any

from conformance.loader.lint.registry import rule
from conformance.loader.lint.requirements import requirements
from conformance.loader.place import Place, duplicates
from conformance.loader.problem import Problem
from conformance.loader.rules import CLAUSES, REQUIREMENTS
from conformance.loader.tree import Tree


@rule("clause-id-unique")
def id_unique(tree: Tree) -> Iterator[Problem]:
    """Ids of clauses are unique."""
    yield from duplicates((place.of("").at("id"), c["id"]) for place, c in _clauses(tree))


@rule("clause-reason-needless")
def reason_needless(tree: Tree) -> Iterator[Problem]:
    """A clause that is cited gives no reason for not being cited."""
    cited = _cited(tree)
    for place, clause in _clauses(tree):
        if cited is not None and clause["id"] in cited and clause.get("reason"):
            yield place.at("reason").problem("reason_needless")


@rule("clause-reason-missing")
def reason_missing(tree: Tree) -> Iterator[Problem]:
    """A clause that no requirement cites gives the reason."""
    cited = _cited(tree)
    for place, clause in _clauses(tree):
        if cited is not None and clause["id"] not in cited and not clause.get("reason"):
            yield place.problem("reason_missing")


def _clauses(tree: Tree) -> Iterator[tuple[Place, Any]]:
    for n, clause in enumerate(tree.value(CLAUSES, {}).get("clauses", ())):
        yield Place(tree, CLAUSES, ("clauses", n), clause["id"]), clause


def _cited(tree: Tree) -> frozenset[str] | None:
    """Ids of the clauses that requirements cite; None if a file of requirements is broken."""
    if any(file.startswith(REQUIREMENTS) for file in tree.broken):
        return None
    return frozenset(clause for _, r in requirements(tree) for clause in r["clauses"])
