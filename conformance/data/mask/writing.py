"""Writing disclosed batches to a file: Parquet, CSV or NDJSON."""

from collections.abc import Callable, Collection, Iterable, Iterator
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any

from conformance.data.mask import tables
from conformance.data.mask.lines import lines
from conformance.data.mask.plan import Plan
from conformance.data.mask.rows import Masked

if TYPE_CHECKING:
    import polars as pl

_GROUP = 131_072
"""Rows of a row group, as many as other writers make."""
_LOOKED_AT = 16_384
"""Rows by which it is told whether values of a column come again."""


def write_ndjson(plan: Plan, _: Collection[str], batches: Iterable[Masked], path: Path) -> None:
    with path.open("w", encoding="utf-8", newline="\n") as out:
        for masked in batches:
            out.writelines(f"{line}\n" for line in lines(plan, masked))


def write_csv(plan: Plan, present: Collection[str], batches: Iterable[Masked], path: Path) -> None:
    with path.open("wb") as out:
        tables.empty(plan, present).write_csv(out)
        for masked in batches:
            tables.frame(plan, present, masked).write_csv(out, include_header=False)


def write_parquet(plan: Plan, present: Collection[str], batches: Iterable[Masked], path: Path) -> None:
    import pyarrow.parquet as pq

    made = _groups(tables.frame(plan, present, masked) for masked in batches)
    first = next(made, tables.empty(plan, present))
    table = _arrow(first)
    options: Any = {"compression": "zstd", "compression_level": 1, "write_statistics": False}
    options |= {"store_schema": False}  # how texts were held here is nobody's business
    with pq.ParquetWriter(path, table.schema, use_dictionary=_repeating(first), **options) as out:
        for each in chain([table], map(_arrow, made)):
            out.write_table(each, row_group_size=max(each.num_rows, 1))


def _groups(frames: "Iterable[pl.DataFrame]") -> "Iterator[pl.DataFrame]":
    """Frames put together until they are worth a row group."""
    import polars as pl

    held: list[pl.DataFrame] = []
    for frame in frames:
        held.append(frame)
        if sum(each.height for each in held) >= _GROUP:
            yield pl.concat(held)
            held = []
    if held:
        yield pl.concat(held)


def _arrow(frame: "pl.DataFrame") -> Any:
    """Texts as they are held already; the writer does not take forms so."""
    import polars as pl
    import pyarrow as pa
    from polars.interchange import CompatLevel

    as_held, plain = CompatLevel.newest(), CompatLevel.oldest()
    levels = ((series, as_held if series.dtype == pl.String else plain) for series in frame)
    return pa.table({series.name: series.to_arrow(compat_level=level) for series, level in levels})


def _repeating(frame: "pl.DataFrame") -> list[str]:
    """The columns of which values come again, as far as the first rows tell."""
    seen = frame.head(_LOOKED_AT)
    return [series.name for series in seen if series.n_unique() * 20 <= len(series) * 19]


Writer = Callable[[Plan, Collection[str], Iterable[Masked], Path], None]
WRITERS: dict[str, Writer] = {".parquet": write_parquet, ".csv": write_csv, ".ndjson": write_ndjson}
"""By the suffix of the file that is written."""
