"""Rules over the requirements: ids, references, sentences, periods and conditions."""

import re
from collections.abc import Iterator
from typing import Any

from conformance.loader.cel import Variable, Variables
from conformance.loader.lint.registry import rule
from conformance.loader.place import Place, duplicates
from conformance.loader.problem import Problem
from conformance.loader.rules import CLAUSES, EDITION, PROFILES, REQUIREMENTS
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
"""Variables that `applies_when` may read."""
_FORCE = {"shall": ("SHALL", "应"), "should": ("SHOULD", "宜"), "may": ("MAY", "可")}
_FORCES = re.compile(r"\b(SHALL|SHOULD|MAY|MUST|shall|should|must)\b")


def requirements(tree: Tree) -> Iterator[tuple[Place, Any]]:
    """All requirements with their places."""
    for file, records in tree.below(REQUIREMENTS):
        for n, requirement in enumerate(records or ()):
            yield Place(tree, file, (n,), requirement["id"]), requirement


@rule("requirement-id-unique")
def id_unique(tree: Tree) -> Iterator[Problem]:
    """Ids of requirements are unique."""
    yield from duplicates((place.at("id"), r["id"]) for place, r in requirements(tree))


@rule("requirement-id-prefix")
def id_prefix(tree: Tree) -> Iterator[Problem]:
    """Ids of requirements begin with the prefix of the part in whose file they stand."""
    if EDITION in tree.broken:
        return
    parts = tree.value(EDITION, {}).get("parts", {})
    for place, requirement in requirements(tree):
        part = place.file.rpartition("/")[2].removesuffix(".yaml")
        expected = parts.get(part, "-")
        if requirement["id"].partition("-")[0] != expected:
            yield place.at("id").problem("prefix", part=part, expected=expected)


@rule("requirement-clause-known")
def clause_known(tree: Tree) -> Iterator[Problem]:
    """Requirements cite clauses that exist."""
    if CLAUSES in tree.broken:
        return
    clauses = {c["id"] for c in tree.value(CLAUSES, {}).get("clauses", ())}
    for place, requirement in requirements(tree):
        yield from place.at("clauses").unknown("clause", requirement["clauses"], clauses)


@rule("requirement-profile-known")
def profile_known(tree: Tree) -> Iterator[Problem]:
    """Requirements belong to profiles that exist."""
    if PROFILES in tree.broken:
        return
    profiles = {p["id"] for p in tree.value(PROFILES, [])}
    for place, requirement in requirements(tree):
        yield from place.at("profiles").unknown("profile", requirement["profiles"], profiles)


@rule("requirement-force-en")
def force_en(tree: Tree) -> Iterator[Problem]:
    """The English sentence has the force of the level, and no other force."""
    for place, requirement in requirements(tree):
        word, _ = _FORCE[requirement["level"]]
        forces = {m[0] for m in _FORCES.finditer(requirement["sentence"]["en"])}
        if forces != {word}:
            words = ", ".join(sorted(forces)) or "-"
            yield place.at("sentence", "en").problem("force", expected=word, found=words)


@rule("requirement-force-zh")
def force_zh(tree: Tree) -> Iterator[Problem]:
    """The Chinese sentence has the force of the level."""
    for place, requirement in requirements(tree):
        _, character = _FORCE[requirement["level"]]
        if character not in requirement["sentence"]["zh"]:
            yield place.at("sentence", "zh").problem("force", expected=character, found="-")


@rule("requirement-period")
def period(tree: Tree) -> Iterator[Problem]:
    """Requirements take effect and end on days that exist, in this order."""
    for place, requirement in requirements(tree):
        dates = ((name, requirement.get(name)) for name in ("effective_from", "effective_until"))
        yield from place.period(*dates)


@rule("requirement-condition")
def condition(tree: Tree) -> Iterator[Problem]:
    """`applies_when` is in the CEL subset and reads properties of the target."""
    for place, requirement in requirements(tree):
        if requirement.get("applies_when"):
            yield from place.at("applies_when").condition(requirement["applies_when"], TARGET)


@rule("requirement-parameter-used")
def parameter_used(tree: Tree) -> Iterator[Problem]:
    """Parameters occur in the sentence."""
    for place, requirement in requirements(tree):
        for name in requirement.get("parameters") or ():
            if not any(name in requirement["sentence"][lang] for lang in ("zh", "en")):
                yield place.at("parameters", name).problem("parameter_unused", name=name)
