"""Parquet reader: batches of row groups, without Python objects for text values."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

import pyarrow as pa
import pyarrow.parquet as pq

from conformance.data.files.arrow import column
from conformance.data.files.column_layout import Layout
from conformance.data.files.columns import Column
from conformance.data.files.delivery import File
from conformance.data.files.errors import ReadErrors, short, stop
from conformance.data.files.settings import Progress, ReadSettings
from conformance.data.files.table_batch import Numbered, TableBatch
from conformance.model.text import Message

_GROUP_BYTES = 2 << 30
"""Largest uncompressed row group in bytes; larger ones are refused because they are held in memory."""


@dataclass(frozen=True, slots=True)
class Group:
    """A row group, which can be read on its own."""

    rows: int
    packed: int
    """Bytes on disk, estimated from the file size: reading column metadata of a damaged file can crash."""
    unpacked: int


def groups(file: File) -> tuple[Group, ...]:
    """The row groups of a file, in order. Raises ReadErrors."""
    with _translate_errors(file), pq.ParquetFile(file.path) as parquet:
        row_groups = [parquet.metadata.row_group(n) for n in range(parquet.metadata.num_row_groups)]
        sizes = [(about.num_rows, about.total_byte_size) for about in row_groups]
    total = sum(unpacked for _, unpacked in sizes) or 1
    return tuple(Group(rows, file.size * unpacked // total, unpacked) for rows, unpacked in sizes)


def batches(
    file: File, group_numbers: Sequence[int], layout: Layout, settings: ReadSettings, progress: Progress
) -> Iterator[TableBatch]:
    """Yield the rows of row groups, in order. Raises ReadErrors where the file is damaged."""
    every = groups(file)
    with _translate_errors(file), pq.ParquetFile(file.path, pre_buffer=False) as parquet:
        names = _column_names(file, parquet.schema_arrow, layout, settings)
        for group in group_numbers:
            _require_bounded_size(file, group, every[group])
            first = sum(g.rows for g in every[:group])
            record_batches = parquet.iter_batches(
                settings.rows, row_groups=[group], columns=list(names), use_threads=False
            )
            for batch in record_batches:
                yield _table(file, batch, first, layout, names)
                first += batch.num_rows
            progress(every[group].packed)


def _table(
    file: File, batch: pa.RecordBatch, first: int, layout: Layout, names: dict[str, str]
) -> TableBatch:
    unreadable: dict[int, str] = {}
    members: list[Column] = []
    arrays = zip(batch.schema.names, batch.columns, strict=True)
    for header, array in ((h, a) for h, a in arrays if h in names):
        name = names[header]
        member, bad = column(name, array, layout.type(name))
        members.append(member)
        unreadable |= dict.fromkeys(bad, "encoding")
    return TableBatch(file.number, first, batch.num_rows, tuple(members), Numbered(first), unreadable)


def _column_names(file: File, schema: pa.Schema, layout: Layout, settings: ReadSettings) -> dict[str, str]:
    """Member name by column, for the columns to read; ignored columns are not decompressed."""
    names = {header: layout.name(header) for header in schema.names}
    member_names = [names[header] for header in schema.names]
    twice = sorted({name for name in member_names if member_names.count(name) > 1})
    if twice:
        raise stop(file, Message("files.columns_twice", {"names": twice}))
    return {header: name for header, name in names.items() if name not in settings.ignored}


def _require_bounded_size(file: File, number: int, group: Group) -> None:
    if group.unpacked > _GROUP_BYTES:
        found, most = group.unpacked >> 20, _GROUP_BYTES >> 20
        raise stop(file, Message("files.group_size", {"group": number + 1, "found": found, "most": most}))


@contextmanager
def _translate_errors(file: File) -> Iterator[None]:
    """Turn library errors for a damaged file into ReadErrors."""
    try:
        yield
    except (pa.ArrowException, OSError, ValueError) as error:
        if isinstance(error, ReadErrors):
            raise
        raise stop(file, Message("files.parquet", {"reason": short(error)})) from error
