"""Rules over conditions of items: cross-field rules and conditional classes, in the CEL subset."""

from collections.abc import Iterator, Mapping
from typing import Any

from conformance.loader.cel import Variable, Variables
from conformance.loader.inline import UnresolvedReferenceError, inline
from conformance.loader.lint.annotations import classes
from conformance.loader.lint.items import items
from conformance.loader.lint.registry import rule
from conformance.loader.place import Place, duplicates
from conformance.loader.problem import Problem
from conformance.loader.shapes import DISCLOSURE, code_names, lookup
from conformance.loader.tree import Tree


@rule("rule-id-unique")
def id_unique(tree: Tree) -> Iterator[Problem]:
    """Ids of the rules of an item are unique."""
    for place, item, _ in tree.once(_resolved):
        rows = enumerate(item.get("x-rules", ()))
        yield from duplicates((place.at("x-rules", n, "id"), row["id"]) for n, row in rows)


@rule("rule-id-prefix")
def id_prefix(tree: Tree) -> Iterator[Problem]:
    """Ids of rules begin with the code of their item."""
    for place, row, item, _ in _rules(tree):
        code = item["x-item"]["code"]
        if not row["id"].startswith(f"{code}."):
            yield place.at("id").problem("prefix", part=code, expected=f"{code}.")


@rule("rule-field")
def rule_field(tree: Tree) -> Iterator[Problem]:
    """Rules name fields of their item."""
    for place, row, item, _ in _rules(tree):
        yield from place.at("fields").unknown("field", row["fields"], item["properties"])


@rule("rule-condition")
def rule_condition(tree: Tree) -> Iterator[Problem]:
    """Rules are in the CEL subset, and read fields of their item."""
    for place, row, _, variables in _rules(tree):
        yield from place.at("rule").condition(row["rule"], variables)


@rule("class-condition")
def class_condition(tree: Tree) -> Iterator[Problem]:
    """Conditions of classes are in the CEL subset, and read fields of their item."""
    for place, choice, variables in _choices(tree):
        yield from place.at("when").condition(choice["when"], variables)


@rule("class-of-condition-known")
def class_of_condition_known(tree: Tree) -> Iterator[Problem]:
    """Conditional classes exist."""
    for place, choice, _ in _choices(tree):
        if tree.value(DISCLOSURE) is not None and choice["class"] not in classes(tree):
            yield place.at("class").problem("unknown_class", name=choice["class"])


def _resolved(tree: Tree) -> tuple[tuple[Place, Any, Variables], ...]:
    """Items whose references lead somewhere, with the variables of their conditions."""
    resolved = []
    for place, item in items(tree):
        try:
            resolved.append((place, item, item_variables(tree, place.file, item)))
        except UnresolvedReferenceError:  # reported by the rule over references
            continue
    return tuple(resolved)


def _rules(tree: Tree) -> Iterator[tuple[Place, Any, Any, Variables]]:
    """Cross-field rules: place, rule, item and variables."""
    for place, item, variables in tree.once(_resolved):
        for n, row in enumerate(item.get("x-rules", ())):
            yield place.at("x-rules", n).of(row["id"]), row, item, variables


def _choices(tree: Tree) -> Iterator[tuple[Place, Any, Variables]]:
    """Conditional classes: place, choice and variables."""
    for place, item, variables in tree.once(_resolved):
        for name, field in item["properties"].items():
            for n, choice in enumerate(field.get("x-class-when", ())):
                yield place.at("properties", name, "x-class-when", n), choice, variables


def item_variables(tree: Tree, file: str, item: Mapping[str, Any]) -> Variables:
    """Variables of the conditions of an item: its fields, their members, and amounts in cents."""
    variables = dict(_members(("record",), inline(item, file, lookup(tree), code_names(tree))))
    amounts = ((path, v) for path, v in variables.items() if v.format == "decimal" and len(path) == 2)
    return variables | {("record_cents", path[1]): Variable("integer", "", v.required) for path, v in amounts}


def _members(path: tuple[str, ...], schema: Mapping[str, Any]) -> Iterator[tuple[tuple[str, ...], Variable]]:
    required = schema.get("required", ())
    for name, member in schema.get("properties", {}).items():
        if isinstance(member, dict):
            kind = str(member.get("type", "unknown"))
            yield (*path, name), Variable(kind, _shape(member), name in required)
            yield from _members((*path, name), member)


def _shape(schema: Mapping[str, Any]) -> str:
    """The format of a field, or its length where that never changes; empty for free text."""
    length = schema.get("minLength")
    fixed = f"length {length}" if length is not None and length == schema.get("maxLength") else ""
    return str(schema.get("format", fixed)).replace("line", fixed)
