"""CSV and TSV reader: batches of rows, each with its original bytes."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
import polars as pl
from numpy.typing import NDArray

from conformance.data.files.column_layout import Layout
from conformance.data.files.columns import TextColumn
from conformance.data.files.delimited.encoding import UTF8, detect_encoding, to_utf8
from conformance.data.files.delimited.header import TableHeader, header
from conformance.data.files.delimited.records import LF, Records, blocks
from conformance.data.files.delivery import File
from conformance.data.files.errors import ReadErrors
from conformance.data.files.settings import Progress, ReadSettings, silent
from conformance.data.files.stream import Stream, open_stream
from conformance.data.files.table_batch import TableBatch
from conformance.data.files.text_columns import cells


@dataclass(frozen=True, slots=True)
class Spans:
    """Positions of the rows of a batch in a text file."""

    records: Records

    def line(self, row: int) -> int:
        """Line on which a row begins, from 1."""
        return int(self.records.lines[row])

    def lines(self, rows: int) -> NDArray[np.int64]:
        """Lines on which rows begin, from 1."""
        return self.records.lines[:rows]

    def raw(self, row: int) -> bytes | None:
        """Original bytes of a row, line end included."""
        return self.records.data[int(self.records.starts[row]) : int(self.records.ends[row])]


def head(file: File, layout: Layout, settings: ReadSettings) -> tuple[bytes, str | None]:
    """Bytes before the first row, and the encoding. Raises ReadErrors."""
    with open_stream(file) as stream:
        found = header(file, stream, layout, settings)[0]
    return found.raw, found.encoding


def batches(
    file: File, layout: Layout, settings: ReadSettings, progress: Progress = silent
) -> Iterator[TableBatch]:
    """Yield the rows of a file, in order. Raises ReadErrors if it has no header or is damaged."""
    with open_stream(file, progress=progress) as stream:
        try:
            table_header, first_bytes = header(file, stream, layout, settings)
        except ReadErrors as errors:
            raise ReadErrors((stream.trouble,)) if stream.trouble is not None else errors from None
        encoding, first = table_header.encoding, 0
        for block in blocks(stream, table_header.dialect, first_bytes, line=table_header.line):
            encoding = encoding or detect_encoding(block.data)
            marked_records = _mark_bad(block, table_header, stream)
            text = to_utf8(marked_records, encoding or UTF8)
            for part, raw in zip(
                _split_records(text, settings.rows),
                _split_records(marked_records, settings.rows),
                strict=True,
            ):
                table_cells = cells(part, len(table_header.names), table_header.dialect)
                members = _members(table_cells.columns, table_header, layout, settings)
                yield TableBatch(file.number, first, len(raw), members, Spans(raw), table_cells.bad)
                first += len(part)
        if stream.trouble is not None:
            raise ReadErrors((stream.trouble,))


def _mark_bad(block: Records, above: TableHeader, stream: Stream) -> Records:
    """The records, with repeated headers and a row cut off by a damaged archive marked bad."""
    bad = dict(block.bad)
    record = above.record.strip(b"\r\n")
    if record in block.data:
        alike = np.flatnonzero(block.ends - block.starts - len(record) <= 2)
        for row in alike.tolist():
            if block.data[block.starts[row] : block.ends[row]].strip(b"\r\n") == record:
                bad.setdefault(row, "header")
    if stream.trouble is not None and block.data[block.ends[-1] - 1] != LF:
        bad[len(block) - 1] = "truncated"
    return replace(block, bad=bad)


def _split_records(found: Records, rows: int) -> Iterator[Records]:
    for at in range(0, len(found), rows):
        bad = {row - at: reason for row, reason in found.bad.items() if at <= row < at + rows}
        starts, ends, lines = (x[at : at + rows] for x in (found.starts, found.ends, found.lines))
        yield Records(found.data, starts, ends, lines, bad, found.regular)


def _members(
    columns: Sequence[pl.Series], above: TableHeader, layout: Layout, settings: ReadSettings
) -> tuple[TextColumn, ...]:
    return tuple(
        TextColumn(name, column, layout.type(name))
        for name, column in zip(above.names, columns, strict=True)
        if name not in settings.ignored
    )
