"""What the rules say of each other: clauses, requirements, profiles and terms."""

import re
from collections.abc import Iterator
from typing import Any

from conformance.loader.cel import Variable, Variables
from conformance.loader.place import Place, duplicates
from conformance.loader.problem import Problem
from conformance.loader.rules import CLAUSES, EDITION, PROFILES, REQUIREMENTS, TERMS
from conformance.loader.tree import Tree

TARGET: Variables = {
    ("target", "environment"): Variable("string", required=True),
    ("target", "level"): Variable("string", required=True),
    ("target", "division"): Variable("string", required=True),
    ("target", "profile"): Variable("string", required=True),
    ("target", "capabilities"): Variable("array", required=True),
    ("target", "overlay"): Variable("boolean", required=True),
    ("target", "next_checklist"): Variable("boolean", required=True),
    ("target", "transition"): Variable("boolean", required=True),
}
"""What `applies_when` may read."""
_FORCE = {"shall": ("SHALL", "应"), "should": ("SHOULD", "宜"), "may": ("MAY", "可")}
_FORCES = re.compile(r"\b(SHALL|SHOULD|MAY|MUST|shall|should|must)\b")


def check_rules(tree: Tree) -> Iterator[Problem]:
    """Every problem among the rules."""
    requirements = list(_requirements(tree))
    yield from _ids(tree, requirements)
    for place, requirement in requirements:
        yield from _references(tree, place, requirement)
        yield from _sentence(place, requirement)
        dates = ((name, requirement.get(name)) for name in ("effective_from", "effective_until"))
        yield from place.period(*dates)
        if requirement.get("applies_when"):
            yield from place.at("applies_when").condition(requirement["applies_when"], TARGET)
        for name in requirement.get("parameters") or ():
            if not any(name in requirement["sentence"][lang] for lang in ("zh", "en")):
                yield place.at("parameters", name).problem("parameter_unused", name=name)
    if not any(file.startswith(REQUIREMENTS) for file in tree.broken):
        yield from _orphans(tree, {clause for _, r in requirements for clause in r["clauses"]})
    yield from _profiles(tree)


def _requirements(tree: Tree) -> Iterator[tuple[Place, Any]]:
    for file, records in tree.below(REQUIREMENTS):
        for n, requirement in enumerate(records or ()):
            yield Place(tree, file, (n,), requirement["id"]), requirement


def _ids(tree: Tree, requirements: list[tuple[Place, Any]]) -> Iterator[Problem]:
    """Ids that occur twice, and requirements that stand in the file of another part."""
    yield from duplicates((place.at("id"), r["id"]) for place, r in requirements)
    for start, rows in (
        (Place(tree, CLAUSES, ("clauses",)), tree.value(CLAUSES, {}).get("clauses", ())),
        (Place(tree, PROFILES), tree.value(PROFILES, [])),
        (Place(tree, TERMS), tree.value(TERMS, [])),
    ):
        yield from duplicates((start.at(n, "id"), row["id"]) for n, row in enumerate(rows))
    for place, requirement in requirements:
        part = place.file.rpartition("/")[2].removesuffix(".yaml")
        expected = tree.value(EDITION, {}).get("parts", {}).get(part, "-")
        if EDITION not in tree.broken and requirement["id"].partition("-")[0] != expected:
            yield place.at("id").problem("prefix", part=part, expected=expected)


def _references(tree: Tree, place: Place, requirement: Any) -> Iterator[Problem]:
    if CLAUSES not in tree.broken:
        clauses = {c["id"] for c in tree.value(CLAUSES, {}).get("clauses", ())}
        yield from place.at("clauses").unknown("clause", requirement["clauses"], clauses)
    if PROFILES not in tree.broken:
        profiles = {p["id"] for p in tree.value(PROFILES, [])}
        yield from place.at("profiles").unknown("profile", requirement["profiles"], profiles)


def _sentence(place: Place, requirement: Any) -> Iterator[Problem]:
    """The sentence has the force of its level in both languages, and no other force."""
    word, character = _FORCE[requirement["level"]]
    forces = {m[0] for m in _FORCES.finditer(requirement["sentence"]["en"])}
    if forces != {word}:
        words = ", ".join(sorted(forces)) or "-"
        yield place.at("sentence", "en").problem("force", expected=word, found=words)
    if character not in requirement["sentence"]["zh"]:
        yield place.at("sentence", "zh").problem("force", expected=character, found="-")


def _orphans(tree: Tree, cited: set[str]) -> Iterator[Problem]:
    """A clause is cited by a requirement or says why not, never both."""
    for n, clause in enumerate(tree.value(CLAUSES, {}).get("clauses", ())):
        place = Place(tree, CLAUSES, ("clauses", n), clause["id"])
        if clause["id"] in cited and clause.get("reason"):
            yield place.at("reason").problem("reason_needless")
        elif clause["id"] not in cited and not clause.get("reason"):
            yield place.problem("reason_missing")


def _profiles(tree: Tree) -> Iterator[Problem]:
    extends = {p["id"]: tuple(p.get("extends", ())) for p in tree.value(PROFILES, [])}
    for n, (name, bases) in enumerate(extends.items()):
        place = Place(tree, PROFILES, (n, "extends"), name)
        yield from place.unknown("profile", bases, extends)
        if name in _ancestors(bases, extends):
            yield place.problem("circular", name=name)


def _ancestors(bases: tuple[str, ...], extends: dict[str, tuple[str, ...]]) -> set[str]:
    ancestors: set[str] = set()
    todo = list(bases)
    while todo:
        base = todo.pop()
        todo += () if base in ancestors else extends.get(base, ())
        ancestors.add(base)
    return ancestors
