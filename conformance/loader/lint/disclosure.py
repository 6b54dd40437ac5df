"""Rules over the disclosure matrix: classes, audiences, kinds of disclosure."""

from collections.abc import Iterator, Mapping
from typing import Any

from conformance.loader.lint.annotations import classes
from conformance.loader.lint.code_sets import codes_of
from conformance.loader.lint.desensitization import KINDS
from conformance.loader.lint.registry import rule
from conformance.loader.place import Place
from conformance.loader.problem import Problem
from conformance.loader.shapes import DISCLOSURE
from conformance.loader.tree import Tree


def _rows(tree: Tree) -> Iterator[tuple[Place, str, Mapping[str, Any]]]:
    """Rows of the matrix: place, class, cells by audience."""
    for level, row in tree.value(DISCLOSURE, {}).get("cells", {}).items():
        yield Place(tree, DISCLOSURE, ("cells", level), level), level, row


def _cells(tree: Tree) -> Iterator[tuple[Place, str, Mapping[str, Any]]]:
    """Cells of the matrix: place, audience, kinds of disclosure by state of the authorization."""
    for place, _, row in _rows(tree):
        for audience, cell in row.items():
            yield place.at(audience), audience, cell


@rule("matrix-class-known")
def class_known(tree: Tree) -> Iterator[Problem]:
    """Rows of the matrix are classes that are disclosed to somebody."""
    for place, level, _ in _rows(tree):
        if level not in classes(tree) - {tree.value(DISCLOSURE)["never_disclosed"]}:
            yield place.problem("unknown_class", name=level)


@rule("matrix-unauthorizable")
def unauthorizable(tree: Tree) -> Iterator[Problem]:
    """An audience that nobody can authorize sees the same with and without an authorization."""
    authorizable = codes_of(tree, "audience", having="authorizable")
    for place, audience, cell in _cells(tree):
        if authorizable and audience not in authorizable and cell.get("none") != cell.get("authorized"):
            yield place.problem("unauthorizable", name=audience)


@rule("matrix-audience-known")
def audience_known(tree: Tree) -> Iterator[Problem]:
    """Columns of the matrix are audiences that exist."""
    audiences = codes_of(tree, "audience")
    for place, audience, _ in _cells(tree):
        if audiences and audience not in audiences:
            yield place.problem("unknown_audience", name=audience)


@rule("matrix-kind-known")
def kind_known(tree: Tree) -> Iterator[Problem]:
    """Cells of the matrix are kinds of disclosure that exist."""
    for place, _, cell in _cells(tree):
        for state, kind in cell.items():
            if kind not in KINDS:
                yield place.at(state).problem("unknown_kind", name=kind)


@rule("disclosure-subject-type-known")
def subject_type_known(tree: Tree) -> Iterator[Problem]:
    """Subjects treated as natural persons are of types that exist."""
    subjects = codes_of(tree, "subject_type")
    if subjects:
        names = tree.value(DISCLOSURE, {}).get("natural_person_like", ())
        yield from Place(tree, DISCLOSURE, ("natural_person_like",)).unknown("subject_type", names, subjects)


@rule("disclosure-role-class-known")
def role_class_known(tree: Tree) -> Iterator[Problem]:
    """The class of lawfully public information and that of information never disclosed exist."""
    listed = classes(tree)
    for name in ("lawfully_public", "never_disclosed") if listed else ():
        level = tree.value(DISCLOSURE)[name]
        if level not in listed:
            yield Place(tree, DISCLOSURE, (name,)).problem("unknown_class", name=level)


@rule("disclosure-personal-class-known")
def personal_class_known(tree: Tree) -> Iterator[Problem]:
    """Classes of personal information exist."""
    listed = classes(tree)
    if listed:
        place = Place(tree, DISCLOSURE, ("personal",))
        yield from place.unknown("class", tree.value(DISCLOSURE)["personal"], listed)


@rule("disclosure-raised-class-known")
def raised_class_known(tree: Tree) -> Iterator[Problem]:
    """Classes that are raised by the subject, and those they are raised to, exist."""
    listed = classes(tree)
    for lower, raised in tree.value(DISCLOSURE)["raised_by_subject"].items() if listed else ():
        for name in (lower, raised):
            if name not in listed:
                place = Place(tree, DISCLOSURE, ("raised_by_subject", lower))
                yield place.problem("unknown_class", name=name)
