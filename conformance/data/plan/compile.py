"""Row plan of an item: columns to read, an acceptance condition, and constructs it cannot express."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from conformance.data.batch import Shape, Type
from conformance.data.plan import ast
from conformance.data.plan.ast import InexpressibleError, Term
from conformance.data.plan.rules import of_rule
from conformance.data.plan.schema import column_type, of_member, of_row
from conformance.model.shapes import CrossFieldRule, Item, JsonSchema


@dataclass(frozen=True, slots=True)
class Inexpressible:
    """A construct that only the single-row validator can judge."""

    where: str
    """A member, a rule id, or empty for the whole row."""
    construct: str


@dataclass(frozen=True, slots=True)
class RowPlan:
    """Columnar acceptance condition for the rows of an item.

    Rows for which `accepts` is true conform to the item; all others must be judged one by one. A plan may
    be too strict, which costs time, but never too lenient.
    """

    item: str
    shape: Shape
    accepts: Term
    rules: Mapping[str, Term]
    """Cross-field rules that terms can express, by id."""
    inexpressible: tuple[Inexpressible, ...]


def compile_plan(item: Item) -> RowPlan:
    """Plan for an item with row schema (see `row_item`)."""
    inexpressible: list[Inexpressible] = []
    shape = MappingProxyType(dict(_shape(item.schema, inexpressible)))
    rules = {rule.id: term for rule, term in _rules(item.rules, shape, inexpressible)}
    try:
        row = of_row(item.schema, shape)
    except InexpressibleError as error:
        inexpressible.append(Inexpressible("", error.construct))
        row = ast.Constant(value=False)
    is_complete = len(rules) == len(item.rules)
    accepts = ast.All((row, *rules.values())) if is_complete else ast.Constant(value=False)
    return RowPlan(item.code, shape, accepts, MappingProxyType(rules), tuple(inexpressible))


def _shape(schema: JsonSchema, inexpressible: list[Inexpressible]) -> Iterator[tuple[str, Type]]:
    """Yield members with a column type; rows with any other member are judged one by one."""
    for name, member in schema["properties"].items():
        kind = column_type(member)
        if kind is None:
            actual_type = member.get("type") if isinstance(member, Mapping) else member
            inexpressible.append(Inexpressible(name, f"type {actual_type}"))
            continue
        try:
            of_member(name, member, kind)
        except InexpressibleError as error:
            inexpressible.append(Inexpressible(name, error.construct))
        else:
            yield name, kind


def _rules(
    rules: tuple[CrossFieldRule, ...], shape: Shape, inexpressible: list[Inexpressible]
) -> Iterator[tuple[CrossFieldRule, Term]]:
    for rule in rules:
        try:
            yield rule, of_rule(rule.expression, shape)
        except InexpressibleError as error:
            inexpressible.append(Inexpressible(rule.id, error.construct))
