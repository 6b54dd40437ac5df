"""Parquet: batches of row groups, text handed on without making Python objects of it."""

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
"""A row group that claims to be larger unpacked is refused: it would be held in memory."""


@dataclass(frozen=True, slots=True)
class Group:
    """A part of a file that can be read alone."""

    rows: int
    packed: int
    """Its share of the file. What a damaged file says of single columns can end the process: never ask."""
    unpacked: int


def groups(file: File) -> tuple[Group, ...]:
    """The row groups of a file. Raises ReadErrors."""
    with _refusing(file), pq.ParquetFile(file.path) as parquet:
        row_groups = [parquet.metadata.row_group(n) for n in range(parquet.metadata.num_row_groups)]
        sizes = [(about.num_rows, about.total_byte_size) for about in row_groups]
    total = sum(unpacked for _, unpacked in sizes) or 1
    return tuple(Group(rows, file.size * unpacked // total, unpacked) for rows, unpacked in sizes)


def batches(
    file: File, group_numbers: Sequence[int], layout: Layout, settings: ReadSettings, progress: Progress
) -> Iterator[TableBatch]:
    """The rows of row groups, in order. Raises ReadErrors where the file breaks."""
    every = groups(file)
    with _refusing(file), pq.ParquetFile(file.path, pre_buffer=False) as parquet:
        names = _names(file, parquet.schema_arrow, layout, settings)
        for group in group_numbers:
            _bounded(file, group, every[group])
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


def _names(file: File, schema: pa.Schema, layout: Layout, settings: ReadSettings) -> dict[str, str]:
    """What each column that is read is called. Columns that the mapping ignores are not even unpacked."""
    names = {header: layout.name(header) for header in schema.names}
    member_names = [names[header] for header in schema.names]
    twice = sorted({name for name in member_names if member_names.count(name) > 1})
    if twice:
        raise stop(file, Message("files.columns_twice", {"names": twice}))
    return {header: name for header, name in names.items() if name not in settings.ignored}


def _bounded(file: File, number: int, group: Group) -> None:
    if group.unpacked > _GROUP_BYTES:
        found, most = group.unpacked >> 20, _GROUP_BYTES >> 20
        raise stop(file, Message("files.group_size", {"group": number + 1, "found": found, "most": most}))


@contextmanager
def _refusing(file: File) -> Iterator[None]:
    """Whatever the library says of a broken file is a problem of that file."""
    try:
        yield
    except (pa.ArrowException, OSError, ValueError) as error:
        if isinstance(error, ReadErrors):
            raise
        raise stop(file, Message("files.parquet", {"reason": short(error)})) from error
