"""Terms compiled once to columns: for each field how its kind is chosen, and what is done in each."""

from dataclasses import dataclass
from dataclasses import field as dc_field
from typing import Any

from conformance.data.batch import Shape, Type
from conformance.data.mask.choices import Choice, choice
from conformance.data.mask.envelope import SUBJECT_TYPE
from conformance.data.mask.second import Second
from conformance.data.mask.steps import Step, referred, shown, treated, withheld
from conformance.data.mask.terms import Terms
from conformance.data.mask.vectors import Vector, operator_of, vector
from conformance.model.shapes import Desensitization, Field, Form, Kind
from conformance.oracles.validate import money_fields

_TYPES = {"string": Type.TEXT, "integer": Type.INTEGER, "boolean": Type.BOOLEAN}
_TEXT, _TOKEN = "text", "token"


@dataclass(frozen=True)
class Column:
    """One field of the rows."""

    field: Field
    choice: Choice
    rules: Desensitization
    withheld: frozenset[Kind]
    """The kinds that withhold it."""
    kept: frozenset[Kind]
    """The kinds in which it stays as it is, whatever it is."""
    named: frozenset[Kind]
    """The kinds in which it depends on the names of the record's persons, too."""

    pseudonymous: frozenset[Kind]
    """The kinds in which it becomes a pseudonym."""
    remembered: dict[tuple[Any, ...], tuple[str | None, int]] = dc_field(default_factory=dict, compare=False)
    """What the reference made of values, as text and number of the form."""
    compiled: dict[Kind, Vector | None] = dc_field(default_factory=dict, compare=False)
    steps: dict[tuple[Kind, bool], Step] = dc_field(default_factory=dict, compare=False)

    def vector(self, kind: Kind) -> Vector | None:
        """The vector form in a kind that does not withhold; None: the reference treats each value."""
        if kind not in self.compiled:
            self.compiled[kind] = vector(self.rules, self.rules.types[self.field.desensitization_type], kind)
        return self.compiled[kind]

    def step(self, kind: Kind, names: tuple[str, ...], *, text: bool) -> Step:
        """What is asked of the column in a kind.

        `names`: fields with names of persons; `text`: it holds texts.
        """
        if (kind, text) not in self.steps:
            self.steps[kind, text] = self._step(kind, names, text=text)
        return self.steps[kind, text]

    def second(self, kind: Kind) -> Second | None:
        """How values without proof are looked at again, if they are."""
        made = self.vector(kind)
        return None if made is None else made.second

    def _step(self, kind: Kind, names: tuple[str, ...], *, text: bool) -> Step:
        name = self.field.name
        if kind in self.withheld:
            return withheld(name)
        if kind in self.kept:
            return shown(name)
        made = self.vector(kind)
        if made is None or not (text or made.form is Form.RAW):
            return referred(name)
        return treated(name, made, names if kind in self.named else ()) if text else shown(name)

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
    objects: frozenset[str]
    """Fields that are no columns."""
    expressible: bool
    """Whether columns say all that the terms ask; else every row is treated by itself."""

    @property
    def names(self) -> tuple[str, ...]:
        """The columns that hold names of persons."""
        return tuple(name for name in self.terms.name_fields if name in self.shape)

    @property
    def needs_key(self) -> bool:
        """Whether fields of the item can become pseudonyms."""
        return any(
            c.field in self.terms.item.fields and c.pseudonymous & _kinds(self.terms, c.field)
            for c in self.columns
        )


def _kinds(terms: Terms, field: Field) -> set[Kind]:
    """The kinds that a field can get."""
    rules = terms.standard.desensitization
    classes = {field.sensitivity, *(c.sensitivity for c in field.class_when)}
    classes |= {rules.raised_by_subject.get(each, each) for each in classes}
    found = [rules.cells[each, terms.audience] for each in classes if (each, terms.audience) in rules.cells]
    return {cell.none for cell in found} | {cell.authorized for cell in found}


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
        frozenset(f.name for f, _ in chosen if type_of(f) is None),
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
        rules,
        frozenset(kind for kind, op in operators.items() if op == "drop"),
        frozenset(kind for kind, op in operators.items() if op == "keep"),
        frozenset(kind for kind, op in operators.items() if op == _TEXT and terms.name_fields),
        frozenset(kind for kind, op in operators.items() if op == _TOKEN),
    )
