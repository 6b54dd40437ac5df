"""Terms compiled once to columns: for each field how its kind is chosen, and the vector forms of all kinds."""

from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field as dc_field
from typing import Any

from conformance.bulk.batch import Shape, Type
from conformance.bulk.mask.choices import Choice, choice
from conformance.bulk.mask.envelope import SUBJECT_TYPE
from conformance.bulk.mask.terms import Terms
from conformance.bulk.mask.vectors import Vector, operator_of, vector
from conformance.model.shapes import Field, Kind
from conformance.oracles.validate import money_fields

_TYPES = {"string": Type.TEXT, "integer": Type.INTEGER, "boolean": Type.BOOLEAN}
_TEXT = "text"


@dataclass(frozen=True)
class Column:
    """One field of the rows."""

    field: Field
    choice: Choice
    vectors: Mapping[Kind, Vector | None]
    """Of every kind but `sup`; None: the reference treats each value."""
    withheld: frozenset[Kind]
    """The kinds that withhold it."""
    kept: frozenset[Kind]
    """The kinds in which it stays as it is, whatever it is."""
    named: frozenset[Kind]
    """The kinds in which it depends on the names of the record's persons, too."""

    remembered: dict[tuple[Any, ...], tuple[str | None, int]] = dc_field(default_factory=dict, compare=False)
    """What the reference made of values, as text and number of the form."""

    @property
    def always_raw(self) -> bool:
        """Whether every row discloses the field as it is."""
        return self.choice.only in self.kept


@dataclass(frozen=True)
class Plan:
    """What is done with the rows of an item."""

    terms: Terms
    columns: tuple[Column, ...]
    shape: Shape
    amounts: frozenset[str]
    """Columns that have to hold sound amounts before any condition can be decided."""
    expressible: bool
    """Whether columns say all that the terms ask; else every row is treated by itself."""


def compile_plan(terms: Terms) -> Plan:
    """The plan of an item for its terms."""
    around = terms.envelope(natural=False).fields
    chosen = [(f, choice(terms, f, around=False)) for f in terms.item.fields]
    chosen += [(f, choice(terms, f, around=True)) for f in around]
    conditional = any(f.class_when for f in terms.item.fields)
    return Plan(
        terms,
        tuple(_column(terms, f, made) for f, made in chosen if made is not None),
        {SUBJECT_TYPE: Type.TEXT} | {f.name: type_ for f, _ in chosen if (type_ := type_of(f))},
        money_fields(terms.item) if conditional else frozenset(),
        all(made is not None for _, made in chosen),
    )


def type_of(field: Field) -> Type | None:
    """What a column of the field holds; None for an object, which is no column."""
    return _TYPES.get(str(field.schema.get("type")))


def _column(terms: Terms, field: Field, made: Choice) -> Column:
    rules = terms.standard.desensitization
    type_rules = rules.types[field.desensitization_type]
    operators = {kind: operator_of(type_rules, kind)["op"] for kind in Kind}
    return Column(
        field,
        made,
        {kind: vector(rules, type_rules, kind) for kind, op in operators.items() if op != "drop"},
        frozenset(kind for kind, op in operators.items() if op == "drop"),
        frozenset(kind for kind, op in operators.items() if op == "keep"),
        frozenset(kind for kind, op in operators.items() if op == _TEXT and terms.name_fields),
    )
