"""The lint: every problem of a standard, found in one go."""

from datetime import date
from pathlib import Path

from conformance.loader.lint.registry import rules
from conformance.loader.lint.release import check_release
from conformance.loader.problem import Problem
from conformance.loader.tree import Tree, read_tree


def lint(root: Path) -> list[Problem]:
    """All problems of the standard below a root, in the order of files and lines."""
    return problems_of(read_tree(root))


def release_problems(root: Path, day: date) -> list[Problem]:
    """Reasons not to release the standard below a root on a day, beside its problems."""
    return list(check_release(read_tree(root), day))


def problems_of(tree: Tree) -> list[Problem]:
    """All problems of a tree. Files that disobey their own schema take no part in what comes after."""
    of_files = [p for rule in rules() if rule.per_file for p in rule.problems(tree)]
    sound = tree.without(of_files)
    of_tree = [p for rule in rules() if not rule.per_file for p in rule.problems(sound)]
    unique = {(p.file, p.path, p.id, repr(p.message)): p for p in (*of_files, *of_tree)}
    return sorted(unique.values(), key=lambda p: (p.file, p.line or 0, p.path, p.message.key))
