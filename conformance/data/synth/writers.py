"""Writers of row blocks to files with temporary names until the whole delivery is complete."""

import os
from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from types import TracebackType
from typing import Any, BinaryIO, Protocol, Self

import numpy as np
import orjson
import polars as pl

from conformance.data.synth.encode import Encoder
from conformance.data.synth.fault_kinds import Changed
from conformance.data.synth.request import OutputFormat
from conformance.data.synth.rows import DrawnRows

_GROUP = 131_072
"""Rows per row group, independent of the block size."""


class Writer(AbstractContextManager["Writer"], Protocol):
    """Writer of the rows of one file."""

    def write(self, drawn: DrawnRows, changed: Mapping[int, Changed]) -> Sequence[int]:
        """Write rows, with changed ones by position; return the line (or table row) of each, from 1."""


class Drafts:
    """Draft files: renamed together when all are complete, removed otherwise."""

    def __init__(self) -> None:
        self._names: dict[Path, Path] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for draft in self._names.values():
            draft.unlink(missing_ok=True)

    def name(self, path: Path) -> Path:
        """Temporary path for a file."""
        path.parent.mkdir(parents=True, exist_ok=True)
        return self._names.setdefault(path, path.with_name(f".{path.name}.part"))

    def open(self, path: Path) -> BinaryIO:
        """Open a draft file for writing."""
        return self.name(path).open("wb")

    def keep(self) -> None:
        """Rename all drafts to their final paths."""
        for path, draft in self._names.items():
            draft.replace(path)
        self._names.clear()


def writer(form: OutputFormat, path: Path, encoder: Encoder) -> Writer:
    """Writer for an output format."""
    match form:
        case OutputFormat.NDJSON:
            return LineWriter(path, encoder)
        case OutputFormat.CSV:
            return CsvWriter(path, encoder)
        case OutputFormat.PARQUET:
            return Groups(path, encoder)


class _File:
    def __init__(self, path: Path, encoder: Encoder) -> None:
        self.encoder, self.file, self.next = encoder, path.open("wb"), 1

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        del error, trace
        if kind is None:
            self.finish()
        self.file.close()

    def finish(self) -> None:
        self.file.flush()
        os.fsync(self.file.fileno())

    def numbers(self, count: int) -> range:
        first, self.next = self.next, self.next + count
        return range(first, self.next)


class LineWriter(_File):
    """Writer of NDJSON files."""

    def write(self, rows: DrawnRows, changed: Mapping[int, Changed]) -> Sequence[int]:
        """Write rows as lines; return their line numbers, from 1."""
        lines = self.encoder.lines(rows)
        if changed:
            lines = lines.scatter(list(changed), [_line(one) for one in changed.values()])
        _, offsets, octets = lines.to_arrow().buffers()
        self.file.write(memoryview(octets)[: np.frombuffer(offsets, np.int64)[len(lines)]])
        return self.numbers(len(lines))


def _line(changed: Changed) -> str:
    return (changed if isinstance(changed, str) else orjson.dumps(changed).decode()) + "\n"


def _replace_rows(frame: pl.DataFrame, changed: Mapping[int, Changed]) -> pl.DataFrame:
    """The table with changed rows replaced, by position."""
    if not changed:
        return frame
    rows = [one for one in changed.values() if isinstance(one, dict)]
    changed_rows = pl.DataFrame(rows, schema=frame.schema)
    places = np.arange(frame.height)
    places[list(changed)] = frame.height + np.arange(len(rows))
    return pl.concat([frame, changed_rows])[places]


class CsvWriter(_File):
    """Writer of CSV files with a header (RFC 4180). Line ends in cells shift later line numbers."""

    def write(self, rows: DrawnRows, changed: Mapping[int, Changed]) -> Sequence[int]:
        """Write rows; return the line on which each begins, from 1."""
        frame = _replace_rows(self.encoder.frame(rows), changed)
        frame.write_csv(self.file, include_header=self.next == 1)
        self.next = max(self.next, 2)
        lines = []
        for place in range(frame.height):
            lines.append(self.next)
            self.next += 1 + (_line_ends(changed[place]) if place in changed else 0)
        return lines


def _line_ends(row: Any) -> int:
    return sum(value.count("\n") for value in row.values() if isinstance(value, str))


class Groups(_File):
    """Writer of Parquet files with row groups of one size."""

    def __init__(self, path: Path, encoder: Encoder) -> None:
        super().__init__(path, encoder)
        self._kept: list[pl.DataFrame] = []
        self._writer: Any = None

    def write(self, rows: DrawnRows, changed: Mapping[int, Changed]) -> Sequence[int]:
        """Buffer rows and write full row groups; return their row numbers, from 1."""
        frame = _replace_rows(self.encoder.frame(rows), changed)
        self._kept.append(frame)
        while sum(map(len, self._kept)) >= _GROUP:
            pending = pl.concat(self._kept)
            self._group(pending[:_GROUP])
            self._kept = [pending[_GROUP:]]
        return self.numbers(frame.height)

    def _group(self, frame: pl.DataFrame) -> None:
        import pyarrow.parquet as pq

        table = frame.to_arrow()
        self._writer = self._writer or pq.ParquetWriter(self.file, table.schema, compression="zstd")
        self._writer.write_table(table, row_group_size=_GROUP)

    def finish(self) -> None:
        """Write the last row group and the footer."""
        pending = pl.concat(self._kept)
        if pending.height or self._writer is None:
            self._group(pending)
        self._writer.close()
        super().finish()
