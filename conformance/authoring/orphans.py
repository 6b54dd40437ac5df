"""Orphans: what the rules, the judges and the mutants say of each other is complete on all sides."""

from collections.abc import Iterable, Iterator
from typing import Any

from conformance.authoring.rules import ByRequirement
from conformance.loader import Problem
from conformance.model.standard import Level, Requirement, Standard, Verification
from conformance.model.text import Message

FOLDER = "standard/requirements"


def orphans(standard: Standard, checks: ByRequirement, mutants: ByRequirement) -> Iterator[Problem]:
    """Tested requirements that nothing judges or breaks; judges and mutants of what is not tested.

    A check or a mutant is the suite's own; a problem with one is shown at the requirement it names.
    """
    for requirement in standard.requirements.values():
        tested = requirement.verification is Verification.TEST
        if tested and requirement.id not in checks:
            yield _problem(requirement, "no_check")
        if tested and requirement.level is Level.SHALL and requirement.id not in mutants:
            yield _problem(requirement, "no_mutant")
        if not tested and requirement.id in checks:
            yield _problem(requirement, "not_in_test", names=checks[requirement.id])
    for key, judges in (("unknown_to_checks", checks), ("unknown_to_mutants", mutants)):
        yield from _strangers(key, judges, standard.requirements)


def _strangers(key: str, judges: ByRequirement, known: Iterable[str]) -> Iterator[Problem]:
    for id_ in sorted(set(judges) - set(known)):
        yield Problem(FOLDER, "", id_, Message(f"authoring.{key}", {"names": judges[id_]}))


def _problem(requirement: Requirement, key: str, **args: Any) -> Problem:
    file = f"{FOLDER}/{requirement.part}.yaml"
    return Problem(file, "", requirement.id, Message(f"authoring.{key}", args))
