"""Everything that can be wrong with a standard, found in one go."""

from collections.abc import Callable, Iterable
from datetime import date
from pathlib import Path

from conformance.loader.api import DOCUMENT, PROVIDER, api
from conformance.loader.lint.checklist import check_checklist
from conformance.loader.lint.desensitization import check_desensitization
from conformance.loader.lint.overlays import check_overlays
from conformance.loader.lint.patterns import check_patterns
from conformance.loader.lint.release import check_release
from conformance.loader.lint.rules import check_rules
from conformance.loader.lint.shapes import check_shapes
from conformance.loader.lint.wording import check_wording
from conformance.loader.mapping import check_mappings
from conformance.loader.meta import check_meta
from conformance.loader.place import Place
from conformance.loader.problem import Problem, StandardErrors, problem
from conformance.loader.rules import EDITION
from conformance.loader.tree import Tree, read_tree

Check = Callable[[Tree], Iterable[Problem]]


def lint(root: Path) -> list[Problem]:
    """All problems of the standard below a root, in the order of files and lines."""
    return problems_of(read_tree(root))


def release_problems(root: Path, day: date) -> list[Problem]:
    """What keeps the standard below a root from being released on a day, beside its problems."""
    return list(check_release(read_tree(root), day))


def problems_of(tree: Tree) -> list[Problem]:
    """All problems of a tree. Files that disobey their own schema take no part in what comes after."""
    sound = tree.without(check_meta(tree))
    problems = [p for check in CHECKS for p in _guarded(check, sound)]
    unique = {(p.file, p.path, p.id, repr(p.message)): p for p in (*sound.problems, *problems)}
    return sorted(unique.values(), key=lambda p: (p.file, p.line or 0, p.path, p.message.key))


def _guarded(check: Check, tree: Tree) -> list[Problem]:
    """What a check finds. A shape that no meta-schema refused is a problem of the standard, not a crash."""
    problems: list[Problem] = []
    try:
        problems.extend(check(tree))
    except (LookupError, TypeError, AttributeError, ValueError) as error:
        reason = f"{type(error).__name__}: {error}"
        problems.append(problem("schemas", "", "", "unforeseen", check=check.__name__, reason=reason))
    return problems


def check_api(tree: Tree) -> Iterable[Problem]:
    """What is wrong with the platform-access API."""
    try:
        api(tree)
    except StandardErrors as errors:
        return errors.problems
    return ()


def check_versions(tree: Tree) -> Iterable[Problem]:
    """API documents of another version than the standard."""
    version = tree.value(EDITION, {}).get("version")
    for file in (DOCUMENT, PROVIDER):
        stated = tree.value(file, {}).get("info", {}).get("version")
        if version and stated and stated != version:
            place = Place(tree, file, ("info", "version"))
            yield place.problem("other_version", found=stated, expected=version, path=EDITION)


CHECKS: tuple[Check, ...] = (
    check_rules,
    check_checklist,
    check_shapes,
    check_overlays,
    check_patterns,
    check_desensitization,
    check_api,
    check_mappings,
    check_versions,
    check_wording,
)
