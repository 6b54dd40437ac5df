"""Cells of delimited records as text columns."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from conformance.data.files.delimited.encoding import blank
from conformance.data.files.delimited.records import LF, QUOTE, Dialect, Records, content_ends, outside_quotes
from conformance.data.files.slices import TextSlices

if TYPE_CHECKING:
    from numpy.typing import NDArray


@dataclass(slots=True)
class ReplacedCells:
    """Cells that are not slices of the file because of doubled quotes (RFC 4180, 2.7)."""

    texts: dict[int, dict[int, str]] = field(default_factory=dict)
    rows: set[int] = field(default_factory=set)
    """Records whose cells are all in `texts`."""

    def put(self, column: int, row: int, text: str) -> None:
        """Store the text of a cell."""
        self.texts.setdefault(column, {})[row] = text

    def into(self, column: int, series: pl.Series) -> pl.Series:
        """The column with the stored texts in place of its slices."""
        corrections = self.texts.get(column)
        if not corrections:
            return series
        values = pl.Series([text or None for text in corrections.values()], dtype=pl.String)
        return series.scatter(list(corrections), values)


@dataclass(frozen=True, slots=True)
class Cells:
    """Text columns in header order, with empty cells as nulls."""

    columns: tuple[pl.Series, ...]
    bad: dict[int, str]


@dataclass(frozen=True, slots=True)
class _Grid:
    """Cell boundaries of each record; all cells are empty in records with a wrong number of cells."""

    data: "NDArray[np.uint8]"
    edges: "NDArray[np.int64]"
    """Offsets of delimiters, framed by the record bounds; shape `(records, width + 1)`."""
    counts: "NDArray[np.int64]"
    """Number of cells per record."""
    quotes: "NDArray[np.int64]"

    def column(self, number: int) -> "tuple[NDArray[np.int64], NDArray[np.int64]]":
        begin = self.edges[:, number] + 1
        return begin, np.maximum(self.edges[:, number + 1], begin)


def cells(records: Records, width: int, dialect: Dialect) -> Cells:
    """The cells of UTF-8 records as columns. Records without exactly `width` cells are bad."""
    bad, mended = dict(records.bad), ReplacedCells()
    if not records.regular and b'"' in records.data:
        records = _extract_quoted_records(records, width, dialect, bad, mended)
    grid = _grid(records, width, dialect, mended)
    for row in np.flatnonzero(grid.counts != width).tolist():
        if row not in mended.rows:
            bad.setdefault(row, _miscount_reason(records, row, few=int(grid.counts[row]) < width))
    pieces, columns, doubled = TextSlices(records.data), [], _doubled_quotes(grid.quotes)
    for number in range(width):
        begin, end = grid.column(number)
        if len(grid.quotes):
            begin, end = _strip_quotes(grid.data, doubled, (begin, end), (number, mended))
        columns.append(mended.into(number, pieces.texts(begin, end)))
    return Cells(tuple(columns), bad)


def _grid(records: Records, width: int, dialect: Dialect, mended: ReplacedCells) -> _Grid:
    data = np.frombuffer(records.data, np.uint8, int(records.ends[-1]))
    ends = content_ends(data, records.starts, records.ends)
    at = np.flatnonzero(data == dialect.delimiter[0])
    quotes = np.flatnonzero(data == QUOTE)
    if len(quotes):
        at = at[outside_quotes(quotes, at)]
    first = np.searchsorted(at, records.starts)
    count = np.searchsorted(at, ends) - first + 1
    count[list(mended.rows)] = 0
    good = count == width
    edges = np.zeros((len(records), width + 1), np.int64)
    edges[good, 0] = records.starts[good] - 1
    edges[good, -1] = ends[good]
    if width > 1:
        edges[good, 1:-1] = at[first[good][:, None] + np.arange(width - 1)]
    edges[~good] = -1
    return _Grid(data, edges, count, quotes)


def _miscount_reason(found: Records, row: int, *, few: bool) -> str:
    """Reason for a wrong number of cells; `truncated` for a short last record without line end."""
    return "truncated" if few and found.data[found.ends[row] - 1] != LF else "cells"


def _doubled_quotes(quotes: "NDArray[np.int64]") -> "NDArray[np.int64]":
    """Offsets of doubled quotes: a closing quote directly followed by an opening one."""
    closing, opening = quotes[1:-1:2], quotes[2::2]
    return np.asarray(closing[opening - closing == 1])


def _strip_quotes(
    data: "NDArray[np.uint8]",
    doubled: "NDArray[np.int64]",
    cells: "tuple[NDArray[np.int64], NDArray[np.int64]]",
    into: tuple[int, ReplacedCells],
) -> "tuple[NDArray[np.int64], NDArray[np.int64]]":
    """Cell bounds without enclosing quotes; cells with doubled quotes are stored in `into`."""
    begin, end = cells
    quoted = (end > begin) & (data[np.minimum(begin, len(data) - 1)] == QUOTE)
    begin, end = begin + quoted, end - quoted
    if len(doubled):
        with_doubled = quoted & (np.searchsorted(doubled, begin) < np.searchsorted(doubled, end))
        for row in np.flatnonzero(with_doubled).tolist():
            text = data[begin[row] : end[row]].tobytes().decode("utf-8")
            into[1].put(into[0], row, text.replace('""', '"'))
    return begin, end


def _extract_quoted_records(
    records: Records, width: int, dialect: Dialect, bad: dict[int, str], mended: ReplacedCells
) -> Records:
    """Parse records with quotes one by one into `mended`, and blank them in the returned data."""
    buffer = bytearray(records.data[: records.ends[-1]])
    pattern = cell_pattern(dialect)
    for row, (start, end) in enumerate(zip(records.starts.tolist(), records.ends.tolist(), strict=True)):
        if buffer.find(b'"', start, end) < 0:
            continue
        if row not in bad:
            _store_cells(list(split(buffer[start:end].decode("utf-8"), pattern)), row, width, (bad, mended))
            if row in bad and bad[row] == "few":
                bad[row] = _miscount_reason(records, row, few=True)
        mended.rows.add(row)
        blank(buffer, start, end)
    return replace(records, data=bytes(buffer))


def _store_cells(texts: list[str], row: int, width: int, into: tuple[dict[int, str], ReplacedCells]) -> None:
    bad, mended = into
    if len(texts) != width:
        bad[row] = "few" if len(texts) < width else "cells"
        return
    for column, text in enumerate(texts):
        mended.put(column, row, text)


def cell_pattern(dialect: Dialect) -> re.Pattern[str]:
    """Pattern for one cell and the delimiter after it, if any (RFC 4180 with any delimiter)."""
    d = re.escape(dialect.delimiter.decode())
    return re.compile(rf'(?:"((?:[^"]|"")*+)"|([^"\n{d}][^\n{d}]*+|))({d})?')


def split(record: str, pattern: re.Pattern[str]) -> Iterator[str]:
    """Yield the cells of one well-formed record."""
    text, at, continues = record.removesuffix("\n").removesuffix("\r"), 0, True
    while continues and (match := pattern.match(text, at)):
        quoted = match[1]
        yield (match[2] or "") if quoted is None else quoted.replace('""', '"')
        at, continues = match.end(), match[3] is not None
