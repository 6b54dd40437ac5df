"""Disclosed batches as tables: for each field its values as text and, unless always raw, its forms."""

from collections.abc import Collection
from typing import TYPE_CHECKING, Any

from conformance.data.mask.labels import CODES, FORMS, text
from conformance.data.mask.plan import Column, Plan
from conformance.data.mask.rows import Masked

if TYPE_CHECKING:
    import polars as pl

FORM = ".form"


def layout(plan: Plan, present: Collection[str]) -> "dict[str, Any]":
    """The columns of the table and their types; of the fields, those that the file has."""
    import polars as pl

    found: dict[str, Any] = {}
    for column in _columns(plan, present):
        found[column.field.name] = pl.String
        if not column.always_raw:
            found[column.field.name + FORM] = pl.Enum([str(form) for form in FORMS])
    return found


def frame(plan: Plan, present: Collection[str], masked: Masked) -> "pl.DataFrame":
    """The rows of a batch that could be disclosed."""
    import polars as pl

    schema, made = layout(plan, present), {}
    for column in _columns(plan, present):
        name = column.field.name
        values, forms = _patched(name, masked)
        made[name] = values
        if name + FORM in schema:
            made[name + FORM] = forms.cat.to(schema[name + FORM])
    found = pl.DataFrame(made, schema=schema)
    if not masked.unreadable:
        return found
    kept = sorted(set(range(masked.height)) - masked.unreadable.keys())
    return found[kept]


def _patched(name: str, masked: Masked) -> "tuple[pl.Series, pl.Series]":
    """A column with what became of the rows that were treated by themselves."""
    import polars as pl

    shown = masked.columns.get(name)
    if shown is None:
        nothing = pl.Series([None], dtype=pl.String).new_from_index(0, masked.height)
        values, forms = nothing, nothing.cast(pl.UInt8)
    else:
        values, forms = shown.values, shown.forms
    if not masked.single:
        return values, forms
    rows = list(masked.single)
    found = [each.get(name) for each in masked.single.values()]
    texts = [None if value is None else text(value) for value in found]
    codes = [None if value is None else CODES[value.form] for value in found]
    return values.scatter(rows, texts), forms.scatter(rows, codes)


def _columns(plan: Plan, present: Collection[str]) -> list[Column]:
    return [column for column in plan.columns if column.field.name in present]


def empty(plan: Plan, present: Collection[str]) -> "pl.DataFrame":
    """The table without rows."""
    import polars as pl

    return pl.DataFrame(schema=layout(plan, present))
