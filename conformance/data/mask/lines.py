"""Disclosed batches as NDJSON: a row is an object of its fields, each as on the wire of a query."""

from typing import TYPE_CHECKING, Any

import orjson

from conformance.data.mask.columns import Disclosing
from conformance.data.mask.labels import CODES, FORMS, interval, wire
from conformance.data.mask.plan import Column, Plan
from conformance.data.mask.rows import Masked
from conformance.model.shapes import Form

if TYPE_CHECKING:
    import polars as pl

_PAIR = "v"


def lines(plan: Plan, masked: Masked) -> list[str]:
    """The lines of the rows that could be disclosed, without line ends."""
    at_once = _at_once(plan, masked)
    single = {row: _line(shown) for row, shown in masked.single.items()}
    rows = (row for row in range(masked.height) if row not in masked.unreadable)
    return [single[row] if row in single else at_once[row] for row in rows]


def _line(shown: Any) -> str:
    value = {name: wire(each) for name, each in shown.items()}
    try:
        return orjson.dumps(value).decode()
    except TypeError:  # lone surrogates, numbers beyond 64 bits
        import json

        return json.dumps(value, separators=(",", ":"))


def _at_once(plan: Plan, masked: Masked) -> list[str]:
    import polars as pl

    there = [c for c in plan.columns if c.field.name in masked.columns]
    if not there:  # rows without any field
        return ["{}"] * masked.height
    members = [_member(c, masked.columns[c.field.name]).alias(str(n)) for n, c in enumerate(there)]
    joined = pl.concat_str([pl.col(str(n)) for n in range(len(members))])
    line = pl.concat_str(pl.lit("{"), joined.str.strip_prefix(","), pl.lit("}"))
    return pl.DataFrame(members).select(line.alias("line")).to_series().to_list()


def _member(column: Column, shown: Disclosing) -> "pl.Series":
    """`,"name":{...}` where a row has the field, else nothing."""
    import polars as pl

    found = pl.DataFrame({_PAIR: shown.values, "form": shown.forms})
    buckets = found.filter(pl.col("form") == CODES[Form.BUCKET])[_PAIR].unique().to_list()
    intervals = {each: orjson.dumps(interval(each)).decode()[1:] for each in buckets}
    name = orjson.dumps(column.field.name).decode()
    text = pl.struct(_PAIR).struct.json_encode().str.slice(len(_PAIR) + 4).str.strip_suffix("}")
    bare = pl.col(_PAIR).fill_null("null")
    parts: Any = pl.when(pl.col("form").is_null()).then(pl.lit(""))
    for form in FORMS:
        value = bare if form is Form.RAW and not shown.quoted else text
        if form is Form.BUCKET:
            value = pl.col(_PAIR).replace(intervals)
        parts = parts.when(pl.col("form") == CODES[form]).then(_object(name, form, value))
    return found.select(parts.otherwise(pl.lit("")).alias("member")).to_series()


def _object(name: str, form: Form, value: "pl.Expr") -> "pl.Expr":
    import polars as pl

    head = f',{name}:{{"form":"{form}"'
    if form is Form.WITHHELD:
        return pl.lit(head + "}")
    if form is Form.BUCKET:
        return pl.concat_str(pl.lit(head + ","), value)
    return pl.concat_str(pl.lit(head + ',"value":'), value, pl.lit("}"))
