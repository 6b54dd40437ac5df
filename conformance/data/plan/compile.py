"""An item's plan: which columns it reads, when a row is certainly right, and what it cannot express."""

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
    """Something that only the validator of single rows can judge."""

    where: str
    """A member, a rule, or empty for the row as a whole."""
    construct: str


@dataclass(frozen=True, slots=True)
class RowPlan:
    """How rows of an item are judged by column.

    Whatever `accepts` is true for obeys the item; whatever else there is has to be judged as a single row. So
    a plan may be too strict, at the cost of time, and never too lenient.
    """

    item: str
    shape: Shape
    accepts: Term
    rules: Mapping[str, Term]
    """The cross-field rules that are terms, by their ids."""
    inexpressible: tuple[Inexpressible, ...]


def compile_plan(item: Item) -> RowPlan:
    """The plan of an item whose schema is that of its rows."""
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
    """The members that have a column. A row with another one is never faithful, and is judged by itself."""
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
