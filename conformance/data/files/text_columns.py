"""The cells of records as columns of text."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from conformance.data.files.delimited.encoding import blank
from conformance.data.files.delimited.records import LF, QUOTE, Dialect, Records, content_ends, outside
from conformance.data.files.slices import TextSlices

if TYPE_CHECKING:
    from numpy.typing import NDArray


@dataclass(slots=True)
class Mended:
    """Cells that are no piece of the file, since they hold doubled quotes: texts by column and row."""

    texts: dict[int, dict[int, str]] = field(default_factory=dict)
    rows: set[int] = field(default_factory=set)
    """Records of which all cells are here."""

    def put(self, column: int, row: int, text: str) -> None:
        self.texts.setdefault(column, {})[row] = text

    def into(self, column: int, series: pl.Series) -> pl.Series:
        corrections = self.texts.get(column)
        if not corrections:
            return series
        values = pl.Series([text or None for text in corrections.values()], dtype=pl.String)
        return series.scatter(list(corrections), values)


@dataclass(frozen=True, slots=True)
class Cells:
    """Columns of text in the order of the header, empty cells as nulls, and the records that have none."""

    columns: tuple[pl.Series, ...]
    bad: dict[int, str]


@dataclass(frozen=True, slots=True)
class _Grid:
    """Where the cells of each record are; no cell has anything in it where the record is not good."""

    data: "NDArray[np.uint8]"
    edges: "NDArray[np.int64]"
    """By record: the delimiters, with the places before and behind the record."""
    counts: "NDArray[np.int64]"
    """By record, how many cells it has."""
    quotes: "NDArray[np.int64]"

    def column(self, number: int) -> "tuple[NDArray[np.int64], NDArray[np.int64]]":
        begin = self.edges[:, number] + 1
        return begin, np.maximum(self.edges[:, number + 1], begin)


def cells(records: Records, width: int, dialect: Dialect) -> Cells:
    """The cells of records in UTF-8. A record without so many cells is bad."""
    bad, mended = dict(records.bad), Mended()
    if not records.regular and b'"' in records.data:
        records = _quotes_removed(records, width, dialect, bad, mended)
    grid = _grid(records, width, dialect, mended)
    for row in np.flatnonzero(grid.counts != width).tolist():
        if row not in mended.rows:
            bad.setdefault(row, _miscounted(records, row, few=int(grid.counts[row]) < width))
    pieces, columns, doubled = TextSlices(records.data), [], _doubled(grid.quotes)
    for number in range(width):
        begin, end = grid.column(number)
        if len(grid.quotes):
            begin, end = _unquoted(grid.data, doubled, (begin, end), (number, mended))
        columns.append(mended.into(number, pieces.texts(begin, end)))
    return Cells(tuple(columns), bad)


def _grid(records: Records, width: int, dialect: Dialect, mended: Mended) -> _Grid:
    data = np.frombuffer(records.data, np.uint8, int(records.ends[-1]))
    ends = content_ends(data, records.starts, records.ends)
    at = np.flatnonzero(data == dialect.delimiter[0])
    quotes = np.flatnonzero(data == QUOTE)
    if len(quotes):
        at = at[outside(quotes, at)]
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


def _miscounted(found: Records, row: int, *, few: bool) -> str:
    """A record with too few cells that has no line end is what is left of one."""
    return "truncated" if few and found.data[found.ends[row] - 1] != LF else "cells"


def _doubled(quotes: "NDArray[np.int64]") -> "NDArray[np.int64]":
    """Quotes that are text: one that closes, and the next one opens at once."""
    closing, opening = quotes[1:-1:2], quotes[2::2]
    return np.asarray(closing[opening - closing == 1])


def _unquoted(
    data: "NDArray[np.uint8]",
    doubled: "NDArray[np.int64]",
    cells: "tuple[NDArray[np.int64], NDArray[np.int64]]",
    into: tuple[int, Mended],
) -> "tuple[NDArray[np.int64], NDArray[np.int64]]":
    """What is within the quotes of cells that have them."""
    begin, end = cells
    quoted = (end > begin) & (data[np.minimum(begin, len(data) - 1)] == QUOTE)
    begin, end = begin + quoted, end - quoted
    if len(doubled):
        with_doubled = quoted & (np.searchsorted(doubled, begin) < np.searchsorted(doubled, end))
        for row in np.flatnonzero(with_doubled).tolist():
            text = data[begin[row] : end[row]].tobytes().decode("utf-8")
            into[1].put(into[0], row, text.replace('""', '"'))
    return begin, end


def _quotes_removed(
    records: Records, width: int, dialect: Dialect, bad: dict[int, str], mended: Mended
) -> Records:
    """Records with quotes are read one by one, and blanks stand in their place; the others are left."""
    buffer = bytearray(records.data[: records.ends[-1]])
    pattern = cell_pattern(dialect)
    for row, (start, end) in enumerate(zip(records.starts.tolist(), records.ends.tolist(), strict=True)):
        if buffer.find(b'"', start, end) < 0:
            continue
        if row not in bad:
            _put(list(split(buffer[start:end].decode("utf-8"), pattern)), row, width, (bad, mended))
            if row in bad and bad[row] == "few":
                bad[row] = _miscounted(records, row, few=True)
        mended.rows.add(row)
        blank(buffer, start, end)
    return replace(records, data=bytes(buffer))


def _put(texts: list[str], row: int, width: int, into: tuple[dict[int, str], Mended]) -> None:
    bad, mended = into
    if len(texts) != width:
        bad[row] = "few" if len(texts) < width else "cells"
        return
    for column, text in enumerate(texts):
        mended.put(column, row, text)


def cell_pattern(dialect: Dialect) -> re.Pattern[str]:
    """One cell, and the delimiter behind it where there is one."""
    d = re.escape(dialect.delimiter.decode())
    return re.compile(rf'(?:"((?:[^"]|"")*+)"|([^"\n{d}][^\n{d}]*+|))({d})?')


def split(record: str, pattern: re.Pattern[str]) -> Iterator[str]:
    """The cells of one good record."""
    text, at, continues = record.removesuffix("\n").removesuffix("\r"), 0, True
    while continues and (match := pattern.match(text, at)):
        quoted = match[1]
        yield (match[2] or "") if quoted is None else quoted.replace('""', '"')
        at, continues = match.end(), match[3] is not None
