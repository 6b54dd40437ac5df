"""Disclosed batches as tables: for each field its values as text and, unless always raw, its forms. CSV."""

from collections.abc import Collection, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from conformance.data.mask.columns import MaskedBatch
from conformance.data.mask.plan import ColumnPlan, MaskPlan
from conformance.data.mask.values_as_text import CODES, FORMS, value_text

if TYPE_CHECKING:
    import polars as pl

FORM = ".form"
"""Suffix of the column of forms."""


def layout(plan: MaskPlan, present: Collection[str]) -> "dict[str, Any]":
    """The columns of the table, with their types: the fields that the file has."""
    import polars as pl

    schema: dict[str, Any] = {}
    for column in _columns(plan, present):
        schema[column.field.name] = pl.String
        if not column.always_raw:
            schema[column.field.name + FORM] = pl.Enum([str(form) for form in FORMS])
    return schema


def frame(plan: MaskPlan, present: Collection[str], masked: MaskedBatch) -> "pl.DataFrame":
    """The rows of a batch that could be disclosed."""
    import polars as pl

    schema, columns = layout(plan, present), {}
    for column in _columns(plan, present):
        name = column.field.name
        values, forms = _patched(name, masked)
        columns[name] = values
        if name + FORM in schema:
            columns[name + FORM] = forms.cat.to(schema[name + FORM])
    table = pl.DataFrame(columns, schema=schema)
    if not masked.unreadable:
        return table
    return table[sorted(set(range(masked.height)) - masked.unreadable.keys())]


def _patched(name: str, masked: MaskedBatch) -> "tuple[pl.Series, pl.Series]":
    """Values and forms of a column, rows that were disclosed on their own included."""
    import polars as pl

    disclosed = masked.columns.get(name)
    if disclosed is None:
        nothing = pl.Series([None], dtype=pl.String).new_from_index(0, masked.height)
        values, forms = nothing, nothing.cast(pl.UInt8)
    else:
        values, forms = disclosed.values, disclosed.forms
    if not masked.single:
        return values, forms
    rows = list(masked.single)
    single = [row.get(name) for row in masked.single.values()]
    texts = [None if value is None else value_text(value) for value in single]
    codes = [None if value is None else CODES[value.form] for value in single]
    return values.scatter(rows, texts), forms.scatter(rows, codes)


def _columns(plan: MaskPlan, present: Collection[str]) -> list[ColumnPlan]:
    return [column for column in plan.columns if column.field.name in present]


def empty(plan: MaskPlan, present: Collection[str]) -> "pl.DataFrame":
    """The table without rows."""
    import polars as pl

    return pl.DataFrame(schema=layout(plan, present))


def write_csv(plan: MaskPlan, present: Collection[str], batches: Iterable[MaskedBatch], path: Path) -> None:
    """Write batches as CSV with a header."""
    with path.open("wb") as out:
        empty(plan, present).write_csv(out)
        for masked in batches:
            frame(plan, present, masked).write_csv(out, include_header=False)
