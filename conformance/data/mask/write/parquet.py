"""Disclosed batches as Parquet."""

from collections.abc import Collection, Iterable, Iterator
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any

from conformance.data.mask.columns import MaskedBatch
from conformance.data.mask.plan import MaskPlan
from conformance.data.mask.write import table as tables

if TYPE_CHECKING:
    import polars as pl

_GROUP = 131_072
"""Rows of a row group, the default of other writers."""
_SAMPLE = 16_384
"""Rows that decide whether values of a column repeat."""


def write_parquet(
    plan: MaskPlan, present: Collection[str], batches: Iterable[MaskedBatch], path: Path
) -> None:
    """Write batches as Parquet, in row groups of at least 131,072 rows but for the last."""
    import pyarrow.parquet as pq

    groups = _groups(tables.frame(plan, present, masked) for masked in batches)
    first = next(groups, tables.empty(plan, present))
    table = _arrow(first)
    options: Any = {"compression": "zstd", "compression_level": 1, "write_statistics": False}
    options |= {"store_schema": False}  # the Arrow types used here are internal
    with pq.ParquetWriter(path, table.schema, use_dictionary=_repeating(first), **options) as out:
        for group in chain([table], map(_arrow, groups)):
            out.write_table(group, row_group_size=max(group.num_rows, 1))


def _groups(frames: "Iterable[pl.DataFrame]") -> "Iterator[pl.DataFrame]":
    """Consecutive frames concatenated to row groups."""
    import polars as pl

    pending: list[pl.DataFrame] = []
    for frame in frames:
        pending.append(frame)
        if sum(group.height for group in pending) >= _GROUP:
            yield pl.concat(pending)
            pending = []
    if pending:
        yield pl.concat(pending)


def _arrow(frame: "pl.DataFrame") -> Any:
    """A frame as an Arrow table: text without a copy, enums as dictionaries, which the writer takes."""
    import polars as pl
    import pyarrow as pa
    from polars.interchange import CompatLevel

    newest, oldest = CompatLevel.newest(), CompatLevel.oldest()
    levels = ((series, newest if series.dtype == pl.String else oldest) for series in frame)
    return pa.table({series.name: series.to_arrow(compat_level=level) for series, level in levels})


def _repeating(frame: "pl.DataFrame") -> list[str]:
    """The columns whose values repeat in the first rows."""
    sample = frame.head(_SAMPLE)
    return [series.name for series in sample if series.n_unique() * 20 <= len(series) * 19]
