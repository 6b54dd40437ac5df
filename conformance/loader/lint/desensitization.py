"""What the desensitization files say of each other: operators, types, the matrix and the vectors."""

from collections.abc import Iterator, Mapping
from typing import Any

import jsonschema_rs

from conformance.loader.lint.shapes import TYPES, classes
from conformance.loader.meta import shown
from conformance.loader.place import Place, duplicates
from conformance.loader.problem import Problem
from conformance.loader.shapes import CODES, DESENSITIZATION, DISCLOSURE
from conformance.loader.tree import Tree
from conformance.model.shapes import Kind

OPERATORS = f"{DESENSITIZATION}/operators.yaml"
VECTORS = f"{DESENSITIZATION}/vectors"
_KINDS = frozenset(Kind)
_NESTED = {"split": ("left", "right")}
Operators = Mapping[str, Any]


def check_desensitization(tree: Tree) -> Iterator[Problem]:
    """Every problem among the desensitization files."""
    yield from _matrix(tree)
    operators: Operators | None = tree.value(OPERATORS, {}).get("operators")
    if operators is None:
        return
    for name, rules in tree.value(TYPES, {}).items():
        for kind, rule in rules["operators"].items():
            place = Place(tree, TYPES, (name, "operators", kind), name)
            if kind not in _KINDS:
                yield place.problem("unknown_kind", name=kind)
            yield from _rule(place, rule, operators)
    yield from _vectors(tree, operators)


def _rule(place: Place, rule: Mapping[str, Any], operators: Operators) -> Iterator[Problem]:
    operator = operators.get(str(rule.get("op")))
    if operator is None:
        yield place.at("op").problem("unknown_operator", name=rule.get("op"))
        return
    yield from _parameters(place, {k: v for k, v in rule.items() if k != "op"}, operator)
    for side in _NESTED.get(rule["op"], ()):
        if isinstance(rule.get(side), dict):
            yield from _rule(place.at(side), rule[side], operators)
    types = place.tree.value(TYPES, {})
    for n, detector in enumerate(rule.get("detect", ())):
        if types and detector["type"] not in types:
            yield place.at("detect", n, "type").problem("unknown_type", name=detector["type"])
    edges = rule.get("edges", [])
    if edges != sorted(edges):
        yield place.at("edges").problem("edges", found=edges)


def _parameters(place: Place, parameters: Mapping[str, Any], operator: Operators) -> Iterator[Problem]:
    schemas = operator["parameters"]
    for name, value in parameters.items():
        if name not in schemas:
            yield place.at(name).problem("unknown", name=name, known=", ".join(schemas) or "-")
        elif not jsonschema_rs.is_valid(schemas[name], value):
            schema = {k: v for k, v in schemas[name].items() if k != "default"}
            yield place.at(name).problem("parameter", expected=shown(schema), found=shown(value))
    for name in operator.get("required", ()):
        if name not in parameters:
            yield place.problem("missing", name=name)


def _matrix(tree: Tree) -> Iterator[Problem]:
    value = tree.value(DISCLOSURE, {})
    authorizable = _codes(tree, "audience", having="authorizable")
    audiences, subjects = _codes(tree, "audience"), _codes(tree, "subject_type")
    yield from _classes(tree, value)
    for level, row in value.get("cells", {}).items():
        place = Place(tree, DISCLOSURE, ("cells", level), level)
        if level not in classes(tree) - {value["never_disclosed"]}:
            yield place.problem("unknown_class", name=level)
        for audience, cell in row.items():
            if authorizable and audience not in authorizable and cell.get("none") != cell.get("authorized"):
                yield place.at(audience).problem("unauthorizable", name=audience)
            if audiences and audience not in audiences:
                yield place.at(audience).problem("unknown_audience", name=audience)
            for state, kind in cell.items():
                if kind not in _KINDS:
                    yield place.at(audience, state).problem("unknown_kind", name=kind)
    if subjects:
        place = Place(tree, DISCLOSURE, ("natural_person_like",))
        yield from place.unknown("subject_type", value.get("natural_person_like", ()), subjects)


def _classes(tree: Tree, disclosure: Mapping[str, Any]) -> Iterator[Problem]:
    """Classes that are spoken of and not listed."""
    listed, place = classes(tree), Place(tree, DISCLOSURE)
    if not listed:
        return
    for name in ("lawfully_public", "never_disclosed"):
        if disclosure[name] not in listed:
            yield place.at(name).problem("unknown_class", name=disclosure[name])
    yield from place.at("personal").unknown("class", disclosure["personal"], listed)
    for lower, raised in disclosure["raised_by_subject"].items():
        for name in (lower, raised):
            if name not in listed:
                yield place.at("raised_by_subject", lower).problem("unknown_class", name=name)


def _codes(tree: Tree, name: str, having: str = "code") -> frozenset[str]:
    """The codes of a set that have a property; empty where its file cannot be used."""
    rows = tree.value(f"{CODES}/{name}.yaml", {}).get("codes", ())
    return frozenset(row["code"] for row in rows if having in row)


def _vectors(tree: Tree, operators: Operators) -> Iterator[Problem]:
    places: list[tuple[Place, str]] = []
    types = tree.value(TYPES, {})
    for file, rows in tree.below(VECTORS):
        operator = file.rpartition("/")[2].removesuffix(".yaml")
        if operator not in operators and OPERATORS not in tree.broken:
            yield Place(tree, file).problem("unknown_operator", name=operator)
            continue
        for n, row in enumerate(rows):
            place = Place(tree, file, (n,), row["id"])
            places.append((place.at("id"), row["id"]))
            if "type" in row and types and row["type"] not in types:
                yield place.at("type").problem("unknown_type", name=row["type"])
            if "params" in row:
                yield from _rule(place.at("params"), {"op": operator, **row["params"]}, operators)
    yield from duplicates(places)
