"""Disclosing one column: each kind by its vector form, and what has no proof by the reference."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from conformance.bulk.mask.labels import CODES, text
from conformance.bulk.mask.plan import Column, Plan
from conformance.model.shapes import Form, Kind

if TYPE_CHECKING:
    import polars as pl

_MOST = 65_536
"""Values that the reference treated are remembered, up to so many at a time."""


@dataclass(frozen=True)
class Disclosing:
    """What a field discloses, row by row."""

    values: "pl.Series"
    """As texts; null where nothing is shown."""
    forms: "pl.Series"
    """Numbers of forms (`labels.CODES`); null where the row does not have the field."""
    quoted: bool
    """Raw values are texts, not numbers or truth values."""


def disclose(plan: Plan, column: Column, frame: "pl.DataFrame") -> Disclosing:
    """A column of a frame, disclosed."""
    import polars as pl

    kinds = column.choice.kinds(frame)
    if len(kinds) == 1:
        return _in_kind(plan, column, frame, kinds[0][0])
    parts = [_in_kind(plan, column, frame[rows], kind) for kind, rows in kinds if rows is not None]
    places = pl.concat([rows for _, rows in kinds if rows is not None]).arg_sort()
    values, forms = (pl.concat([getattr(part, name) for part in parts]) for name in ("values", "forms"))
    return Disclosing(values[places], forms[places], parts[0].quoted)


def _in_kind(plan: Plan, column: Column, frame: "pl.DataFrame", kind: Kind) -> Disclosing:
    import polars as pl

    given = frame[column.field.name]
    quoted = given.dtype == pl.String
    if kind in column.withheld:
        nothing = pl.Series([None], dtype=pl.String).new_from_index(0, len(given))
        return Disclosing(nothing, _forms(given, Form.WITHHELD), quoted)
    made = column.vector(kind)
    if made is None or not (quoted or made.form is Form.RAW):
        unsure = given.is_not_null()
        values, form = pl.Series([None], dtype=pl.String).new_from_index(0, len(given)), Form.MASKED
    else:
        values, unsure, form = _at_once(plan, frame, column, kind)
    done = Disclosing(values, _forms(given, form), quoted)
    return _with_reference(plan, column, frame, kind, unsure, done) if unsure.any() else done


def _at_once(
    plan: Plan, frame: "pl.DataFrame", column: Column, kind: Kind
) -> "tuple[pl.Series, pl.Series, Form]":
    """The column by its vector form, and which of its values have no proof."""
    import polars as pl

    made, this = column.vector(kind), pl.col(column.field.name)
    assert made is not None  # noqa: S101  # the caller looked
    if frame[column.field.name].dtype != pl.String:
        return frame[column.field.name].cast(pl.String), pl.repeat(False, frame.height, eager=True), made.form
    unsure = this.is_not_null() & ~made.treatment.fits(this)
    if kind in column.named:
        unsure |= this.is_not_null() & _has_names(plan, frame)
    value = pl.when(this.is_not_null()).then(made.treatment.value(this))
    asked = (value.alias("value"), unsure.alias("unsure"))
    # lazily, so that what both have in common is computed once
    values, unproved = frame.lazy().select(asked).collect()
    return values, unproved, made.form


def _has_names(plan: Plan, frame: "pl.DataFrame") -> "pl.Expr":
    import polars as pl

    there = [pl.col(name).is_not_null() for name in plan.terms.name_fields if name in frame.columns]
    return pl.any_horizontal(there) if there else pl.lit(False)


def _with_reference(  # noqa: PLR0913, PLR0917
    plan: Plan, column: Column, frame: "pl.DataFrame", kind: Kind, unsure: "pl.Series", done: Disclosing
) -> Disclosing:
    """The same, with what the reference makes of the values without proof."""
    rows = unsure.arg_true()
    asked = frame[rows]
    given = asked[column.field.name].to_list()
    if kind in column.named:
        names = asked.select(n for n in plan.terms.name_fields if n in asked.columns).rows()
    else:
        names = [()] * len(given)
    found = [_by_reference(plan, column, kind, *each) for each in zip(given, names, strict=True)]
    values = done.values.scatter(rows, [shown for shown, _ in found])
    return Disclosing(values, done.forms.scatter(rows, [code for _, code in found]), done.quoted)


def _by_reference(
    plan: Plan, column: Column, kind: Kind, value: object, names: tuple[str | None, ...]
) -> tuple[str | None, int]:
    key, known = (kind, value, names), column.remembered
    if key not in known:
        if len(known) >= _MOST:
            known.clear()
        there = tuple(name for name in names if name is not None)
        shown = plan.terms.value(column.field, kind, value, there)
        known[key] = text(shown), CODES[shown.form]
    return known[key]


def _forms(given: "pl.Series", form: Form) -> "pl.Series":
    import polars as pl

    code = pl.lit(CODES[form], pl.UInt8)
    return (
        given.to_frame()
        .select(pl.when(pl.col(given.name).is_not_null()).then(code).alias("form"))
        .to_series()
    )
