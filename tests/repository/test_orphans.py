"""Guards over the life of a requirement: no side names what the other side does not know."""

from collections.abc import Iterable

import pytest

from conformance import checks
from conformance.authoring import orphans
from conformance.loader import load_standard
from conformance.model.standard import Standard
from conformance.selftest.mutants import Mutant, mutants
from reference_impl.mutants import collect as platforms
from tests.repository.tracked import ROOT, tracked

HELPERS = frozenset({"__init__", "shared", "verifies"})
"""Modules of checks and mutants that hold no part."""


@pytest.fixture(scope="module")
def standard() -> Standard:
    return load_standard(ROOT)


@pytest.fixture(scope="module")
def listed() -> tuple[Mutant, ...]:
    listed_mutants = mutants()
    assert listed_mutants
    return listed_mutants


def stems(*patterns: str) -> set[str]:
    """The parts that files of a folder are named after; a package counts by its own name."""
    paths = [path for pattern in patterns for path in tracked(pattern)]
    return {path.parent.name if path.name == "__init__.py" else path.stem for path in paths}


def both(folder: str) -> tuple[str, str]:
    """The files of a folder, and the packages in it."""
    return f":(glob){folder}/*.py", f":(glob){folder}/*/__init__.py"


def test_one_stem_in_every_folder() -> None:
    parts = stems("standard/requirements/*.yaml")
    assert len(parts) > 5
    assert stems(":(glob)standard/*.md") == parts
    assert stems(*both("conformance/checks")) - {"checks"} - HELPERS == parts
    assert stems(*both("reference_impl/mutants")) - {"mutants"} - HELPERS == parts


def test_checks_stand_in_the_module_of_their_part(standard: Standard) -> None:
    all_of_parts = {
        check.name: (check.requirement, check.run.__module__.split(".")[2]) for check in checks.collect()
    }
    assert all_of_parts
    assert strays(standard, all_of_parts.values()) == []


def test_mutants_stand_in_the_module_of_their_part(standard: Standard) -> None:
    parts_of_mutants = [(m.requirement, m.function.__module__.split(".")[2]) for m in platforms().values()]
    assert parts_of_mutants
    assert strays(standard, parts_of_mutants) == []


def strays(standard: Standard, pairs: Iterable[tuple[str, str]]) -> list[str]:
    return [f"{name} in {part}" for name, part in pairs if standard.requirements[name].part != part]


def test_the_process_lists_the_mutants_that_the_modules_hold(listed: tuple[Mutant, ...]) -> None:
    assert {m.name: m.requirement for m in listed} == {m.name: m.requirement for m in platforms().values()}
    assert all(m.description for m in listed)


def test_mutants_name_known_requirements_and_say_why_others_may_fail(
    standard: Standard, listed: tuple[Mutant, ...]
) -> None:
    unknown = [m.name for m in listed if not {m.requirement, *m.also} <= standard.requirements.keys()]
    unexplained = [m.name for m in listed if not all(reason.strip() for reason in m.also.values())]
    assert (unknown, unexplained) == ([], [])
    assert [m.name for m in listed if m.requirement in m.also] == []


def test_orphans_are_found_on_every_side(standard: Standard) -> None:
    """Everything is missing, and everything that is there is unknown."""
    tested = [r for r in standard.requirements.values() if r.verification == "test"]
    declared = next(r.id for r in standard.requirements.values() if r.verification != "test")
    binding = [r for r in tested if r.level == "shall"]
    strange = {"AUT-999": ["stray"]}

    problems = [(p.id, p.message.key) for p in orphans(standard, strange | {declared: ["check"]}, strange)]

    assert tested
    assert binding
    assert {i for i, key in problems if key == "authoring.no_check"} == {r.id for r in tested}
    assert {i for i, key in problems if key == "authoring.no_mutant"} == {r.id for r in binding}
    assert {i for i, key in problems if key == "authoring.not_in_test"} == {declared}
    assert {(i, key) for i, key in problems if "unknown" in key} == {
        ("AUT-999", "authoring.unknown_to_checks"),
        ("AUT-999", "authoring.unknown_to_mutants"),
    }
