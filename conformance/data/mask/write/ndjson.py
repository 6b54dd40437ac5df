"""Disclosed batches as NDJSON: one object of fields for each row, each as on the wire of a query."""

from collections.abc import Collection, Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import orjson

from conformance.data.batch import Type
from conformance.data.mask.columns import MaskedBatch
from conformance.data.mask.kernels.kernel import DisclosedColumn
from conformance.data.mask.plan import ColumnPlan, MaskPlan
from conformance.data.mask.values_as_text import CODES, FORMS, parse_interval, wire_value
from conformance.model.shapes import Form
from conformance.oracles.desensitization import Disclosed

if TYPE_CHECKING:
    import polars as pl

_PAIR = "v"


def write_ndjson(plan: MaskPlan, _: Collection[str], batches: Iterable[MaskedBatch], path: Path) -> None:
    """Write batches as NDJSON."""
    with path.open("w", encoding="utf-8", newline="\n") as out:
        for masked in batches:
            out.writelines(f"{line}\n" for line in lines(plan, masked))


def lines(plan: MaskPlan, masked: MaskedBatch) -> list[str]:
    """The lines of the rows that could be disclosed, without line ends."""
    columnar = _columnar_lines(plan, masked)
    single = {row: _line(disclosed) for row, disclosed in masked.single.items()}
    rows = (row for row in range(masked.height) if row not in masked.unreadable)
    return [single[row] if row in single else columnar[row] for row in rows]


def _line(row: Mapping[str, Disclosed]) -> str:
    value = {name: wire_value(disclosed) for name, disclosed in row.items()}
    try:
        return orjson.dumps(value).decode()
    except TypeError:  # lone surrogates, numbers beyond 64 bits
        import json

        return json.dumps(value, separators=(",", ":"))


def _columnar_lines(plan: MaskPlan, masked: MaskedBatch) -> list[str]:
    """A line for each row from the columns; undefined for other rows."""
    import polars as pl

    present = [c for c in plan.columns if c.field.name in masked.columns]
    if not present:  # rows without any field
        return ["{}"] * masked.height
    members = [
        _member(c, masked.columns[c.field.name], quoted=plan.shape[c.field.name] is Type.TEXT).alias(str(n))
        for n, c in enumerate(present)
    ]
    joined = pl.concat_str([pl.col(str(n)) for n in range(len(members))])
    line = pl.concat_str(pl.lit("{"), joined.str.strip_prefix(","), pl.lit("}"))
    return pl.DataFrame(members).select(line.alias("line")).to_series().to_list()


def _member(column: ColumnPlan, disclosed: DisclosedColumn, *, quoted: bool) -> "pl.Series":
    """`,"name":{...}` where a row has the field, else empty; `quoted`: raw values are JSON strings."""
    import polars as pl

    frame = pl.DataFrame({_PAIR: disclosed.values, "form": disclosed.forms})
    buckets = frame.filter(pl.col("form") == CODES[Form.BUCKET])[_PAIR].unique().to_list()
    intervals = {each: orjson.dumps(parse_interval(each)).decode()[1:] for each in buckets}
    name = orjson.dumps(column.field.name).decode()
    text = pl.struct(_PAIR).struct.json_encode().str.slice(len(_PAIR) + 4).str.strip_suffix("}")
    bare = pl.col(_PAIR).fill_null("null")
    parts: Any = pl.when(pl.col("form").is_null()).then(pl.lit(""))
    for form in FORMS:
        value = bare if form is Form.RAW and not quoted else text
        if form is Form.BUCKET:
            value = pl.col(_PAIR).replace(intervals)
        parts = parts.when(pl.col("form") == CODES[form]).then(_object(name, form, value))
    return frame.select(parts.otherwise(pl.lit("")).alias("member")).to_series()


def _object(name: str, form: Form, value: "pl.Expr") -> "pl.Expr":
    import polars as pl

    head = f',{name}:{{"form":"{form}"'
    if form is Form.WITHHELD:
        return pl.lit(head + "}")
    if form is Form.BUCKET:
        return pl.concat_str(pl.lit(head + ","), value)
    return pl.concat_str(pl.lit(head + ',"value":'), value, pl.lit("}"))
