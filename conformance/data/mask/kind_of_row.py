"""The kind in which a field is disclosed: one for all rows, or one per combination of what it depends on."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from dataclasses import field as dc_field
from typing import TYPE_CHECKING, Any

from conformance.data.mask.request import SUBJECT_TYPE, DisclosureRequest
from conformance.model.shapes import Field, Kind
from conformance.oracles.desensitization.characters import normal_form

if TYPE_CHECKING:
    import polars as pl

_MEMBER = re.compile(r"\b(?:record|record_cents)\s*\.\s*([A-Za-z_][A-Za-z0-9_]*)")
_ENTIRE_RECORD = re.compile(r"\b(?:record|record_cents)\b(?!\s*\.)")
"""A variable of a condition without a member."""
_STABLE = r"\A[0-9A-Z]+\z"
"""Identifiers that certainly are in normal form."""
_ANY_VALUE = "0"
"""A value for the field itself, on which its kind does not depend; sound even as an amount."""
_MAX_REMEMBERED = 65_536
"""Combinations of values."""
_NUMBER = "\0"


@dataclass(frozen=True)
class KindResolver:
    """The kind of a field in each row, by the oracle."""

    request: DisclosureRequest
    field: Field
    enveloping: bool
    """The field is a member of the envelope."""
    columns: tuple[str, ...]
    """The columns on which the kind depends."""
    remembered: dict[tuple[Any, ...], Kind] = dc_field(default_factory=dict, compare=False)

    @property
    def constant(self) -> Kind | None:
        """The kind in every row; None: it depends on columns."""
        return None if self.columns else self._resolve({})

    def kinds(self, frame: "pl.DataFrame") -> "list[tuple[Kind, pl.Series | None]]":
        """Each kind that occurs, with the numbers of its rows (None: all rows)."""
        if not self.columns or frame.is_empty():
            return [(self._resolve({}), None)]
        inputs = frame.select(self._input(name, frame) for name in self.columns)
        distinct = inputs.unique()
        kinds = [self._resolve(values) for values in distinct.iter_rows(named=True)]
        occurring = list(dict.fromkeys(kinds))
        if len(occurring) == 1:
            return [(occurring[0], None)]
        return _rows_by_kind(occurring, inputs, distinct, kinds)

    def _input(self, name: str, frame: "pl.DataFrame") -> "pl.Expr":
        """A column as far as it matters: an identifier only where it may be that of one of the persons."""
        import polars as pl

        if name not in frame.columns:
            return pl.lit(None, pl.String).alias(name)
        person = self.field.person
        if person is None or name != person.identified_by or name in _condition_members(self.field):
            return pl.col(name)
        is_stranger = pl.col(name).str.contains(_STABLE) & ~pl.col(name).is_in(sorted(self._identifiers))
        return pl.when(~is_stranger).then(pl.col(name)).alias(name)

    @property
    def _identifiers(self) -> set[str]:
        """Identifiers of the persons in normal form."""
        tables = self.request.standard.desensitization.tables
        return {normal_form(person, "id", tables) for person in self.request.persons}

    def _resolve(self, values: Mapping[str, Any]) -> Kind:
        key = tuple(values.values())
        if key not in self.remembered:
            if len(self.remembered) >= _MAX_REMEMBERED:
                self.remembered.clear()
            self.remembered[key] = self.kind({n: v for n, v in values.items() if v is not None})
        return self.remembered[key]

    def kind(self, values: Mapping[str, Any]) -> Kind:
        """The kind in rows with these values, by column."""
        request, type_ = self.request, self.request.type_of(values.get(SUBJECT_TYPE))
        envelope = request.envelope(natural=request.is_natural(type_))
        item = envelope if self.enveloping else request.item
        content = {} if self.enveloping else {n: v for n, v in values.items() if n != SUBJECT_TYPE}
        return request.kinds(item, {self.field.name: _ANY_VALUE, **content}, type_)[self.field.name]


def _condition_members(field: Field) -> frozenset[str]:
    """Fields that the conditions of a field refer to."""
    return frozenset(name for c in field.class_when for name in _MEMBER.findall(c.condition))


def kind_resolver(request: DisclosureRequest, field: Field, *, enveloping: bool) -> KindResolver | None:
    """The resolver of a field; None: its conditions refer to more than columns."""
    if any(_ENTIRE_RECORD.search(c.condition) for c in field.class_when):
        return None
    columns = [f.name for f in request.item.fields if f.name in _condition_members(field)]
    if field.person is not None and field.person.identified_by and request.persons:
        columns.append(field.person.identified_by)
    resolver = KindResolver(request, field, enveloping, tuple(dict.fromkeys(columns)))
    if columns or _depends_on_subject_type(resolver):
        return KindResolver(request, field, enveloping, (*resolver.columns, SUBJECT_TYPE))
    return resolver


def _depends_on_subject_type(resolver: KindResolver) -> bool:
    types = resolver.request.standard.codes["subject_type"].codes
    return len({resolver.kind({SUBJECT_TYPE: type_}) for type_ in types}) > 1


def _rows_by_kind(
    occurring: Sequence[Kind], inputs: "pl.DataFrame", distinct: "pl.DataFrame", kinds: Sequence[Kind]
) -> "list[tuple[Kind, pl.Series | None]]":
    """The row numbers of each kind, from the kind of each distinct row."""
    import polars as pl

    numbers = pl.Series(_NUMBER, [occurring.index(kind) for kind in kinds], pl.UInt32)
    joined = inputs.join(
        distinct.with_columns(numbers), inputs.columns, "left", nulls_equal=True, maintain_order="left"
    )
    return [(kind, (joined[_NUMBER] == number).arg_true()) for number, kind in enumerate(occurring)]
