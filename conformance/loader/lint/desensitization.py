"""Rules over desensitization: types, their operators with parameters, and the test vectors."""

from collections.abc import Iterator, Mapping
from typing import Any

import jsonschema_rs

from conformance.loader.lint.annotations import TYPES
from conformance.loader.lint.registry import rule
from conformance.loader.meta import shown
from conformance.loader.place import Place, duplicates
from conformance.loader.problem import Problem
from conformance.loader.shapes import DESENSITIZATION
from conformance.loader.tree import Tree
from conformance.model.shapes import Kind

OPERATORS = f"{DESENSITIZATION}/operators.yaml"
VECTORS = f"{DESENSITIZATION}/vectors"
KINDS = frozenset(Kind)
_NESTED = {"split": ("left", "right")}
_Application = Mapping[str, Any]
"""An operator with its parameters: `op` and what it needs."""


def _operators(tree: Tree) -> Mapping[str, Any] | None:
    """Operators by name; None where their file cannot be used."""
    operators: Mapping[str, Any] | None = tree.value(OPERATORS, {}).get("operators")
    return operators


def _of_types(tree: Tree) -> Iterator[tuple[Place, str, _Application]]:
    """Applications of the types: place, kind of disclosure, application."""
    for name, rules in tree.value(TYPES, {}).items() if _operators(tree) is not None else ():
        for kind, application in rules["operators"].items():
            yield Place(tree, TYPES, (name, "operators", kind), name), kind, application


def _vector_files(tree: Tree) -> Iterator[tuple[str, str, Any]]:
    """Files of vectors: path, name of the operator, rows."""
    for file, rows in tree.below(VECTORS) if _operators(tree) is not None else ():
        yield file, file.rpartition("/")[2].removesuffix(".yaml"), rows


def _vectors(tree: Tree) -> Iterator[tuple[Place, str, Any]]:
    """Vectors of operators that exist: place, name of the operator, row."""
    operators = _operators(tree) or {}
    for file, operator, rows in _vector_files(tree):
        for n, row in enumerate(rows) if operator in operators else ():
            yield Place(tree, file, (n,), row["id"]), operator, row


def _nested(place: Place, application: _Application) -> Iterator[tuple[Place, _Application]]:
    """An application and those within it."""
    yield place, application
    for side in _NESTED.get(str(application.get("op")), ()):
        if isinstance(application.get(side), dict):
            yield from _nested(place.at(side), application[side])


def _applications(tree: Tree) -> Iterator[tuple[Place, _Application]]:
    """All applications of operators: in types and in vectors, with those within them."""
    for place, _, application in _of_types(tree):
        yield from _nested(place, application)
    for place, operator, row in _vectors(tree):
        if "params" in row:
            yield from _nested(place.at("params"), {"op": operator, **row["params"]})


def _with_operators(tree: Tree) -> Iterator[tuple[Place, _Application, Mapping[str, Any]]]:
    """Applications of operators that exist, with the operator."""
    operators = _operators(tree) or {}
    for place, application in _applications(tree):
        operator = operators.get(str(application.get("op")))
        if operator is not None:
            yield place, application, operator


@rule("type-kind-known")
def kind_known(tree: Tree) -> Iterator[Problem]:
    """Types have operators for kinds of disclosure that exist."""
    for place, kind, _ in _of_types(tree):
        if kind not in KINDS:
            yield place.problem("unknown_kind", name=kind)


@rule("operator-known")
def operator_known(tree: Tree) -> Iterator[Problem]:
    """Types and vectors apply operators that exist."""
    operators = _operators(tree) or {}
    for place, application in _applications(tree):
        if str(application.get("op")) not in operators:
            yield place.at("op").problem("unknown_operator", name=application.get("op"))


@rule("operator-parameter-known")
def parameter_known(tree: Tree) -> Iterator[Problem]:
    """Operators get parameters that they have."""
    for place, application, operator in _with_operators(tree):
        schemas = operator["parameters"]
        for name in application:
            if name != "op" and name not in schemas:
                yield place.at(name).problem("unknown", name=name, known=", ".join(schemas) or "-")


@rule("operator-parameter-valid")
def parameter_valid(tree: Tree) -> Iterator[Problem]:
    """Parameters of operators obey their schemas."""
    for place, application, operator in _with_operators(tree):
        schemas = operator["parameters"]
        for name, value in application.items():
            if name != "op" and name in schemas and not jsonschema_rs.is_valid(schemas[name], value):
                schema = {k: v for k, v in schemas[name].items() if k != "default"}
                yield place.at(name).problem("parameter", expected=shown(schema), found=shown(value))


@rule("operator-parameter-required")
def parameter_required(tree: Tree) -> Iterator[Problem]:
    """Operators get all parameters that they require."""
    for place, application, operator in _with_operators(tree):
        for name in operator.get("required", ()):
            if name == "op" or name not in application:
                yield place.problem("missing", name=name)


@rule("detector-type-known")
def detector_type_known(tree: Tree) -> Iterator[Problem]:
    """Detectors of free text look for types that exist."""
    types = tree.value(TYPES, {})
    for place, application, _ in _with_operators(tree):
        for n, detector in enumerate(application.get("detect", ())):
            if types and detector["type"] not in types:
                yield place.at("detect", n, "type").problem("unknown_type", name=detector["type"])


@rule("bucket-edges-sorted")
def edges_sorted(tree: Tree) -> Iterator[Problem]:
    """Edges of buckets are in ascending order."""
    for place, application, _ in _with_operators(tree):
        edges = application.get("edges", [])
        if edges != sorted(edges):
            yield place.at("edges").problem("edges", found=edges)


@rule("vector-operator-known")
def vector_operator_known(tree: Tree) -> Iterator[Problem]:
    """A file of vectors has the name of an operator."""
    operators = _operators(tree) or {}
    for file, operator, _ in _vector_files(tree):
        if operator not in operators and OPERATORS not in tree.broken:
            yield Place(tree, file).problem("unknown_operator", name=operator)


@rule("vector-type-known")
def vector_type_known(tree: Tree) -> Iterator[Problem]:
    """Vectors name types that exist."""
    types = tree.value(TYPES, {})
    for place, _, row in _vectors(tree):
        if "type" in row and types and row["type"] not in types:
            yield place.at("type").problem("unknown_type", name=row["type"])


@rule("vector-id-unique")
def vector_id_unique(tree: Tree) -> Iterator[Problem]:
    """Ids of vectors are unique over all operators."""
    yield from duplicates((place.at("id"), row["id"]) for place, _, row in _vectors(tree))
