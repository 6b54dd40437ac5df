"""Which kind each row of a field gets: one for all, or one for each combination of what it depends on."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from conformance.data.mask.envelope import SUBJECT_TYPE
from conformance.data.mask.terms import Terms
from conformance.model.shapes import Field, Kind
from conformance.oracles.desensitization.characters import normal_form

if TYPE_CHECKING:
    import polars as pl

_MEMBER = re.compile(r"\b(?:record|record_cents)\s*\.\s*([A-Za-z_][A-Za-z0-9_]*)")
_WHOLE = re.compile(r"\b(?:record|record_cents)\b(?!\s*\.)")
"""A variable that a condition speaks of as a whole."""
_STABLE = r"\A[0-9A-Z]+\z"
"""Identifiers that are their own normal form."""
_ANYTHING = "0"
"""A value for the field itself, of which its kind does not depend; sound even where it is an amount."""
_MOST = 65_536
_NUMBER = "\0"


@dataclass(frozen=True)
class Choice:
    """How the kind of a field is found; everything is asked of the reference."""

    terms: Terms
    of: Field
    around: bool
    """It is a member of the envelope."""
    columns: tuple[str, ...]
    """The columns on which the kind depends."""
    remembered: dict[tuple[Any, ...], Kind] = field(default_factory=dict, compare=False)

    @property
    def only(self) -> Kind | None:
        """The kind of every row, if it depends on nothing."""
        return None if self.columns else self._known({})

    def kinds(self, frame: "pl.DataFrame") -> "list[tuple[Kind, pl.Series | None]]":
        """Each kind that occurs, and the numbers of its rows (None: all)."""
        if not self.columns or frame.is_empty():
            return [(self._known({}), None)]
        given = frame.select(self._given(name, frame) for name in self.columns)
        distinct = given.unique()
        kinds = [self._known(values) for values in distinct.iter_rows(named=True)]
        there = list(dict.fromkeys(kinds))
        if len(there) == 1:
            return [(there[0], None)]
        return _rows(there, given, distinct, kinds)

    def _given(self, name: str, frame: "pl.DataFrame") -> "pl.Expr":
        """A column as far as it matters: of an identifier, whether it could be that of one of the persons."""
        import polars as pl

        if name not in frame.columns:
            return pl.lit(None, pl.String).alias(name)
        person = self.of.person
        if person is None or name != person.identified_by or name in _members(self.of):
            return pl.col(name)
        stranger = pl.col(name).str.contains(_STABLE) & ~pl.col(name).is_in(sorted(self._forms))
        return pl.when(~stranger).then(pl.col(name)).alias(name)

    @property
    def _forms(self) -> set[str]:
        tables = self.terms.standard.desensitization.tables
        return {normal_form(person, "id", tables) for person in self.terms.persons}

    def _known(self, values: Mapping[str, Any]) -> Kind:
        key = tuple(values.values())
        if key not in self.remembered:
            if len(self.remembered) >= _MOST:
                self.remembered.clear()
            self.remembered[key] = self.kind({n: v for n, v in values.items() if v is not None})
        return self.remembered[key]

    def kind(self, values: Mapping[str, Any]) -> Kind:
        """The kind in rows with these values."""
        type_ = self.terms.type_of(values.get(SUBJECT_TYPE))
        item = self.terms.envelope(natural=self.terms.is_natural(type_)) if self.around else self.terms.item
        content = {} if self.around else {n: v for n, v in values.items() if n != SUBJECT_TYPE}
        return self.terms.kinds(item, {self.of.name: _ANYTHING, **content}, type_)[self.of.name]


def _members(field: Field) -> frozenset[str]:
    """The fields that the conditions of a field speak of."""
    return frozenset(name for c in field.class_when for name in _MEMBER.findall(c.condition))


def choice(terms: Terms, field: Field, *, around: bool) -> Choice | None:
    """How the kind of a field is chosen; None where that cannot be said of columns."""
    if any(_WHOLE.search(c.condition) for c in field.class_when):
        return None
    columns = [f.name for f in terms.item.fields if f.name in _members(field)]
    if field.person is not None and field.person.identified_by and terms.persons:
        columns.append(field.person.identified_by)
    made = Choice(terms, field, around, tuple(dict.fromkeys(columns)))
    if columns or _differs(made):
        return Choice(terms, field, around, (*made.columns, SUBJECT_TYPE))
    return made


def _differs(made: Choice) -> bool:
    """Whether the kind depends on the type of the subject."""
    types = made.terms.standard.codes["subject_type"].codes
    return len({made.kind({SUBJECT_TYPE: type_}) for type_ in types}) > 1


def _rows(
    there: Sequence[Kind], given: "pl.DataFrame", distinct: "pl.DataFrame", kinds: Sequence[Kind]
) -> "list[tuple[Kind, pl.Series | None]]":
    """The rows of each kind, from the kind of each distinct row."""
    import polars as pl

    numbers = pl.Series(_NUMBER, [there.index(kind) for kind in kinds], pl.UInt32)
    every = given.join(
        distinct.with_columns(numbers), given.columns, "left", nulls_equal=True, maintain_order="left"
    )
    return [(kind, (every[_NUMBER] == number).arg_true()) for number, kind in enumerate(there)]
