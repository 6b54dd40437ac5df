"""Writing disclosed batches to a file: Parquet, CSV or NDJSON."""

from collections.abc import Callable, Collection, Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from conformance.bulk.mask import tables
from conformance.bulk.mask.lines import lines
from conformance.bulk.mask.plan import Plan
from conformance.bulk.mask.rows import Masked

if TYPE_CHECKING:
    import polars as pl

_GROUP = 131_072
"""Rows of a row group, as many as other writers make."""


def write_ndjson(plan: Plan, _: Collection[str], batches: Iterable[Masked], path: Path) -> None:
    with path.open("w", encoding="utf-8", newline="\n") as out:
        for masked in batches:
            for line in lines(plan, masked):
                out.write(line)
                out.write("\n")


def write_csv(plan: Plan, present: Collection[str], batches: Iterable[Masked], path: Path) -> None:
    with path.open("wb") as out:
        tables.empty(plan, present).write_csv(out)
        for masked in batches:
            tables.frame(plan, present, masked).write_csv(out, include_header=False)


def write_parquet(plan: Plan, present: Collection[str], batches: Iterable[Masked], path: Path) -> None:
    import polars as pl
    from polars.io.plugins import register_io_source

    failed: list[BaseException] = []

    def frames(*_: Any) -> "Iterator[pl.DataFrame]":
        try:
            for masked in batches:
                yield tables.frame(plan, present, masked)
        except BaseException as error:
            failed.append(error)  # the writer would raise an error of its own that says less
            raise

    scan = register_io_source(frames, schema=tables.layout(plan, present), is_pure=False)
    try:
        scan.sink_parquet(
            path, compression="zstd", compression_level=1, row_group_size=_GROUP, statistics=False
        )
    except pl.exceptions.PolarsError as error:
        raise failed[0] if failed else OSError(0, str(error), str(path)) from error


Writer = Callable[[Plan, Collection[str], Iterable[Masked], Path], None]
WRITERS: dict[str, Writer] = {".parquet": write_parquet, ".csv": write_csv, ".ndjson": write_ndjson}
"""By the suffix of the file that is written."""
