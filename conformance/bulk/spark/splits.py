"""Files in parts that executors work on at the same time: lines by octets, tables by row groups."""

from collections.abc import Iterator
from pathlib import Path

from conformance.bulk.spark.job import Split

SIZE = 64 * 1024 * 1024
_LEAST_CHUNK, _CHUNK = 4096, 4 * 1024 * 1024


def of_lines(path: Path, source: int, size: int = SIZE) -> Iterator[Split]:
    """Parts of about `size` octets, each from the beginning of a line. The file is read once."""
    start = seen = line = 0
    begun = 0
    with path.open("rb") as file:
        while chunk := file.read(max(_LEAST_CHUNK, min(_CHUNK, size // 4))):
            cut = chunk.rfind(b"\n") + 1
            if cut and seen + cut - start >= size:
                line += chunk.count(b"\n", 0, cut)
                yield Split(str(path), source, start, seen + cut, begun, begun + 1)
                start, begun = seen + cut, line
                line += chunk.count(b"\n", cut)
            else:
                line += chunk.count(b"\n")
            seen += len(chunk)
    if seen > start:
        yield Split(str(path), source, start, seen, begun, begun + 1)


def of_groups(path: Path, source: int, rows: int = 1_000_000) -> Iterator[Split]:
    """Parts of about so many rows of a Parquet file."""
    import pyarrow.parquet as pq

    meta = pq.read_metadata(path)
    start = first = held = 0
    for group in range(meta.num_row_groups):
        held += meta.row_group(group).num_rows
        if held >= rows or group == meta.num_row_groups - 1:
            yield Split(str(path), source, start, group + 1, first, first + 1)
            start, first, held = group + 1, first + held, 0
