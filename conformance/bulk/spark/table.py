"""The one table that executors make: keys with their places, and pickled counts, told apart by their kind."""

from collections.abc import Sequence

import polars as pl
import pyarrow as pa

TALLY, PROBLEMS, KEY, NAMING = "tally", "problems", "key", "naming"
COLUMNS = "kind string, name string, text string, source int, line long, data binary"
_SCHEMA = pa.schema(
    [
        ("kind", pa.string()),
        ("name", pa.string()),
        ("text", pa.string()),
        ("source", pa.int32()),
        ("line", pa.int64()),
        ("data", pa.binary()),
    ]
)


def one_row(kind: str, name: str, data: bytes) -> pa.RecordBatch:
    """A pickled value."""
    return pa.RecordBatch.from_pylist([{"kind": kind, "name": name, "data": data}], schema=_SCHEMA)


def key_rows(kind: str, name: str, keys: pl.DataFrame, columns: Sequence[str]) -> pa.RecordBatch:
    """Keys as one text each, equal only for equal keys, with their places."""
    texts = keys.select(pl.struct(columns).struct.json_encode()).to_series()
    made = [
        pa.repeat(pa.scalar(kind), keys.height),
        pa.repeat(pa.scalar(name), keys.height),
        texts.to_arrow(compat_level=pl.CompatLevel.oldest()).cast(pa.string()),
        keys["source"].cast(pl.Int32).to_arrow(),
        keys["line"].to_arrow(),
        pa.nulls(keys.height, pa.binary()),
    ]
    return pa.RecordBatch.from_arrays(made, schema=_SCHEMA)
