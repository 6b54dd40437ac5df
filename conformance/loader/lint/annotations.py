"""Rules over annotations anywhere in the shapes: names of classes, formats, code sets, types; references."""

from collections.abc import Collection, Iterator
from typing import Any

from conformance.loader.checklists import item_files
from conformance.loader.inline import UnresolvedReferenceError, inline
from conformance.loader.lint.registry import rule
from conformance.loader.place import Place, duplicates
from conformance.loader.problem import Problem
from conformance.loader.shapes import (
    CODES,
    DESENSITIZATION,
    DISCLOSURE,
    ELEMENTS,
    FORMATS,
    RECORD,
    ROW,
    code_files,
    lookup,
)
from conformance.loader.tree import Tree

BUILT_IN_FORMATS = frozenset({"date"})
"""Formats of JSON Schema itself (RFC 3339 full-date) that the shapes may name."""
TYPES = f"{DESENSITIZATION}/types.yaml"
_KEYS = frozenset({"x-class", "format", "x-code-set", "x-desensitization", "$ref"})
_OPAQUE = frozenset({"x-item", "enum", "const"})
"""Members whose content is not a schema."""


def classes(tree: Tree) -> frozenset[str]:
    """All sensitivity classes; empty where their file cannot be used."""
    return frozenset(tree.value(DISCLOSURE, {}).get("classes", ()))


@rule("class-known")
def class_known(tree: Tree) -> Iterator[Problem]:
    """`x-class` names a class that exists."""
    if tree.value(DISCLOSURE) is not None:
        yield from _unknown(tree, "x-class", "class", classes(tree))


@rule("format-known")
def format_known(tree: Tree) -> Iterator[Problem]:
    """`format` names a format that exists."""
    if tree.value(FORMATS) is not None:
        names = BUILT_IN_FORMATS | {row["name"] for row in tree.value(FORMATS)}
        yield from _unknown(tree, "format", "format", names)


@rule("code-set-known")
def code_set_known(tree: Tree) -> Iterator[Problem]:
    """`x-code-set` names a code set that exists."""
    broken = {f.rpartition("/")[2].removesuffix(".yaml") for f in tree.broken if f.startswith(f"{CODES}/")}
    yield from _unknown(tree, "x-code-set", "code_set", frozenset({*code_files(tree), *broken}))


@rule("type-known")
def type_known(tree: Tree) -> Iterator[Problem]:
    """`x-desensitization` names a type that exists."""
    if tree.value(TYPES) is not None:
        yield from _unknown(tree, "x-desensitization", "type", frozenset(tree.value(TYPES)))


@rule("reference-resolvable")
def reference_resolvable(tree: Tree) -> Iterator[Problem]:
    """`$ref` leads to a schema."""
    for place, key, reference in tree.once(_annotations):
        if key == "$ref":
            try:
                inline({"$ref": reference}, place.file, lookup(tree), {})
            except UnresolvedReferenceError as error:
                name = str(error).partition("#")[0].rpartition("/")[2]
                if not name or all(file.rpartition("/")[2] != name for file in tree.broken):
                    yield place.problem("unresolvable", reference=str(error))


@rule("format-unique")
def format_unique(tree: Tree) -> Iterator[Problem]:
    """Names of formats are unique."""
    rows = enumerate(tree.value(FORMATS, ()))
    yield from duplicates((Place(tree, FORMATS, (n, "name"), row["name"]), row["name"]) for n, row in rows)


def _unknown(tree: Tree, keyword: str, kind: str, names: Collection[str]) -> Iterator[Problem]:
    """Annotations of a keyword with a name that does not exist."""
    for place, key, name in tree.once(_annotations):
        if key == keyword and name not in names:
            yield place.problem(f"unknown_{kind}", name=name)


def _annotations(tree: Tree) -> tuple[tuple[Place, str, str], ...]:
    """All annotations of the shapes: place, keyword and text."""
    files = (ELEMENTS, RECORD, ROW, *item_files(tree))
    return tuple(found for file in files for found in _within(Place(tree, file), tree.value(file)))


def _within(place: Place, node: Any) -> Iterator[tuple[Place, str, str]]:
    """Annotations of a node; the record of their places is the member of the file that holds them."""
    if isinstance(node, list):
        for n, part in enumerate(node):
            yield from _within(place.at(n), part)
    if not isinstance(node, dict):
        return
    if not place.record and len(place.pointer) > 1:
        place = place.of(str(place.pointer[1]))
    for key in _KEYS & node.keys():
        if isinstance(node[key], str):
            yield place.at(key), key, node[key]
    for key, part in node.items():
        if key not in _OPAQUE and isinstance(part, dict | list):
            yield from _within(place.at(key), part)
