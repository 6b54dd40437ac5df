"""Disclosing columns: each kind by its vector form, and what has no proof by the reference."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from conformance.data.mask.labels import CODES, text
from conformance.data.mask.plan import Column, Plan
from conformance.data.mask.steps import Step
from conformance.model.shapes import Kind

if TYPE_CHECKING:
    import polars as pl

_GIVEN = "\0given"
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


def disclose(plan: Plan, frame: "pl.DataFrame") -> dict[str, Disclosing]:
    """The columns of a frame that hold anything, disclosed."""
    there = [c for c in plan.columns if c.field.name in frame.columns]
    there = [c for c in there if frame[c.field.name].null_count() < frame.height]
    kinds = [column.choice.kinds(frame) for column in there]
    alike = [(column, found[0][0]) for column, found in zip(there, kinds, strict=True) if len(found) == 1]
    known = dict(zip((c.field.name for c, _ in alike), _in_kinds(plan, frame, alike), strict=True))
    for column, found in zip(there, kinds, strict=True):
        if len(found) > 1:
            known[column.field.name] = _mixed(plan, column, frame, found)
    return known


def _mixed(
    plan: Plan, column: Column, frame: "pl.DataFrame", kinds: "list[tuple[Kind, pl.Series | None]]"
) -> Disclosing:
    """A column of which rows are of several kinds."""
    import polars as pl

    chosen = [(kind, rows) for kind, rows in kinds if rows is not None]
    parts = [_in_kinds(plan, frame[rows], [(column, kind)])[0] for kind, rows in chosen]
    places = pl.concat([rows for _, rows in chosen]).arg_sort()
    values, forms = (pl.concat([getattr(part, name) for part in parts]) for name in ("values", "forms"))
    return Disclosing(values[places], forms[places], parts[0].quoted)


def _in_kinds(plan: Plan, frame: "pl.DataFrame", wanted: Sequence[tuple[Column, Kind]]) -> list[Disclosing]:
    """Columns of which all rows are of one kind: all are asked at once, since asking has a price."""
    import polars as pl

    texts = [frame.schema[column.field.name] == pl.String for column, _ in wanted]
    steps = [c.step(kind, plan.names, text=text) for (c, kind), text in zip(wanted, texts, strict=True)]
    shown = frame.lazy().with_columns([each.value for each in steps])
    made = shown.select([expression for each in steps for expression in each.asked]).collect()
    todo = zip(wanted, steps, texts, strict=True)
    return [_done(plan, frame, *one, by, made, quoted=text) for one, by, text in todo]


def _done(  # noqa: PLR0913, PLR0917
    plan: Plan,
    frame: "pl.DataFrame",
    column: Column,
    kind: Kind,
    by: Step,
    made: "pl.DataFrame",
    *,
    quoted: bool,
) -> Disclosing:
    """A column after its step, with what the reference makes of the values without proof."""
    import polars as pl

    values, forms = made[by.value_name], made[by.form_name]
    rows = made[by.unsure_name].arg_true() if by.unsure_name in made.columns else None
    if rows is None or rows.is_empty():
        return Disclosing(values, forms, quoted)
    asked = frame.select(pl.col(column.field.name).alias(_GIVEN), *plan.names)[rows]
    again = column.second(kind) if quoted else None
    if again is not None:
        looked = again.look(asked[_GIVEN])
        values, forms = values.scatter(rows, looked["value"]), forms.scatter(rows, looked["form"])
        rows, asked = rows.filter(looked["unsure"]), asked.filter(looked["unsure"])
    found = _each_once(plan, column, kind, asked if kind in column.named else asked.select(_GIVEN))
    return Disclosing(values.scatter(rows, found["value"]), forms.scatter(rows, found["form"]), quoted)


def _each_once(plan: Plan, column: Column, kind: Kind, asked: "pl.DataFrame") -> "pl.DataFrame":
    """What the reference makes of rows; of equal ones once."""
    import polars as pl

    distinct = asked.unique()
    found = [_by_reference(plan, column, kind, *row) for row in distinct.iter_rows()]
    made = pl.DataFrame(found, {"value": pl.String, "form": pl.UInt8}, orient="row")
    known = distinct.hstack(made)
    return asked.join(known, asked.columns, "left", nulls_equal=True, maintain_order="left")


def _by_reference(
    plan: Plan, column: Column, kind: Kind, value: object, *names: str | None
) -> tuple[str | None, int]:
    key, known = (kind, value, names), column.remembered
    if key not in known:
        if len(known) >= _MOST:
            known.clear()
        there = tuple(name for name in names if name is not None)
        shown = plan.terms.value(column.field, kind, value, there)
        known[key] = text(shown), CODES[shown.form]
    return known[key]
