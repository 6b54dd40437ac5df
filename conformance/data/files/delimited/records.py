"""Record boundaries of delimited text: RFC 4180, with recovery at the next line after a misplaced quote.

A record lies between line ends (LF or CR LF) outside quotes. A record with text after a closing
quote, or with a quote not closed within the limit, is cut to its first line, and reading resumes at
the next line: one misplaced quote costs one row. Boundaries do not depend on the block size.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from conformance.data.lines import ByteSource

if TYPE_CHECKING:
    from numpy.typing import NDArray

BLOCK = 8 << 20
LF, CR, QUOTE = 10, 13, 34


@dataclass(frozen=True, slots=True)
class Dialect:
    """Dialect of a delimited file."""

    delimiter: bytes
    limit: int
    """Maximum bytes of a record."""

    def record(self) -> re.Pattern[bytes]:
        """Pattern for one record with its line end, or up to the end of the data."""
        d = re.escape(self.delimiter)
        cell = rb'(?:"(?:[^"]|"")*+"|[^"\n%b][^\n%b]*+|)' % (d, d)
        return re.compile(rb"%b(?:%b%b)*+\r?(?:\n|\Z)" % (cell, d, cell))

    def unclosed(self) -> re.Pattern[bytes]:
        """Pattern for a record that ends within quotes."""
        d = re.escape(self.delimiter)
        cell = rb'(?:"(?:[^"]|"")*+"|[^"\n%b][^\n%b]*+|)' % (d, d)
        return re.compile(rb'(?:%b%b)*+"(?:[^"]|"")*+\Z' % (cell, d))


@dataclass(frozen=True, slots=True)
class Records:
    """Consecutive records within a block of bytes."""

    data: bytes
    starts: "NDArray[np.int64]"
    ends: "NDArray[np.int64]"
    """Offset past the line end, if any."""
    lines: "NDArray[np.int64]"
    bad: dict[int, str] = field(default_factory=dict)
    """Reason by bad record."""
    regular: bool = True
    """True if quotes are placed as in RFC 4180, so that their parity separates inside from outside."""

    def __len__(self) -> int:
        return len(self.starts)


def blocks(
    source: ByteSource, dialect: Dialect, first: bytes = b"", *, line: int = 1, block: int = BLOCK
) -> Iterator[Records]:
    """Yield the records of a source; `first`: bytes already read, beginning at `line`."""
    data, ended = first, False
    while not ended:
        fresh = source.read(block)
        ended = len(fresh) < block
        data += fresh
        complete, consumed = cut(data, dialect, ended=ended)
        line, numbered = _number_lines(complete, consumed, line)
        if len(numbered):
            yield numbered
        data = data[consumed:]
        if len(data) > dialect.limit:
            yield _long_record(data, dialect, line)
            data, ended = _skip_line(source, data), False
            line += 1


def _long_record(data: bytes, dialect: Dialect, line: int) -> Records:
    """The beginning of an overlong line as one bad record."""
    kept = data[: dialect.limit] + b"\n"
    ends = np.array([len(kept)])
    return Records(kept, np.array([0]), ends, np.array([line]), {0: "too_long"}, regular=False)


def _skip_line(source: ByteSource, data: bytes) -> bytes:
    """The data after the end of the current line, reading on where necessary."""
    while data:
        at = data.find(b"\n")
        if at >= 0:
            return data[at + 1 :]
        data = source.read(BLOCK)
    return b""


def _number_lines(complete: Records, consumed: int, line: int) -> tuple[int, Records]:
    """The next line number, and the non-empty records with their line numbers."""
    bytes_ = np.frombuffer(complete.data, np.uint8, consumed)
    ends = np.flatnonzero(bytes_ == LF)
    lines = np.searchsorted(ends, complete.starts) + line
    length = content_ends(bytes_, complete.starts, complete.ends) - complete.starts
    nonempty = np.flatnonzero(length > 0)
    bad = {int(np.searchsorted(nonempty, row)): why for row, why in complete.bad.items() if length[row] > 0}
    numbered = Records(
        complete.data,
        complete.starts[nonempty],
        complete.ends[nonempty],
        lines[nonempty],
        bad,
        complete.regular,
    )
    return line + len(ends), numbered


def content_ends(
    data: "NDArray[np.uint8]", starts: "NDArray[np.int64]", ends: "NDArray[np.int64]"
) -> "NDArray[np.int64]":
    """End offset of each record without its line end."""
    at = ends - (data[ends - 1] == LF) if len(ends) else ends
    cr = (at > starts) & (data[np.maximum(at - 1, 0)] == CR) if len(ends) else np.zeros(0, np.bool_)
    return at - cr


def cut(data: bytes, dialect: Dialect, *, ended: bool) -> tuple[Records, int]:
    """The complete records, and the number of bytes they cover."""
    bytes_ = np.frombuffer(data, np.uint8)
    ends = np.flatnonzero(bytes_ == LF) + 1
    if b'"' in data:
        quotes = np.flatnonzero(bytes_ == QUOTE)
        if not _has_regular_quotes(bytes_, quotes, dialect) or (ended and len(quotes) % 2):
            return _cut_one_by_one(data, dialect, ended=ended)
        ends = ends[outside_quotes(quotes, ends)]
    if ended and len(data) and (not len(ends) or ends[-1] < len(data)):
        ends = np.append(ends, len(data))
    starts = np.concatenate([np.zeros(min(len(ends), 1), np.int64), ends[:-1]])
    long = ends - starts > dialect.limit
    left = len(data) - (ends[-1] if len(ends) else 0)
    if b'"' in data and (long.any() or left > dialect.limit):
        return _cut_one_by_one(data, dialect, ended=ended)
    bad = dict.fromkeys(np.flatnonzero(long).tolist(), "too_long")
    return Records(data, starts, ends, ends, bad), int(ends[-1]) if len(ends) else 0


def outside_quotes(quotes: "NDArray[np.int64]", places: "NDArray[np.int64]") -> "NDArray[np.bool_]":
    """Mask of offsets outside quotes, given regular quotes."""
    return np.asarray((np.searchsorted(quotes, places) & 1) == 0)


def _has_regular_quotes(data: "NDArray[np.uint8]", quotes: "NDArray[np.int64]", dialect: Dialect) -> bool:
    """True if quotes open and close only at cell edges; a doubled quote closes and reopens."""
    opening, closing = quotes[::2], quotes[1::2]
    delimiter = dialect.delimiter[0]
    before = data[np.maximum(opening - 1, 0)]
    good = (opening == 0) | (before == delimiter) | (before == LF) | (before == QUOTE)
    padded = np.concatenate([data, np.array([LF, LF], np.uint8)])
    after, second = padded[closing + 1], padded[closing + 2]
    good_after = (after == delimiter) | (after == LF) | (after == QUOTE) | ((after == CR) & (second == LF))
    return bool(good.all() and good_after.all())


def _cut_one_by_one(data: bytes, dialect: Dialect, *, ended: bool) -> tuple[Records, int]:
    starts: list[int] = []
    ends: list[int] = []
    bad: dict[int, str] = {}
    record, at = dialect.record(), 0
    while at < len(data):
        match = record.match(data, at)
        end = match.end() if match else len(data) + 1
        complete = match is not None and (ended or data[end - 1] == LF) and end - at <= dialect.limit
        if not complete:
            if not ended and len(data) - at <= dialect.limit:
                break
            end = data.find(b"\n", at) + 1 or (len(data) if ended else 0)
            if not end:
                break
            bad[len(starts)] = _reason(data, at, end, dialect)
        starts.append(at)
        ends.append(end)
        at = end
    bounds = np.array(starts, np.int64), np.array(ends, np.int64)
    return Records(data, *bounds, bounds[1], bad, regular=False), at


def _reason(data: bytes, start: int, end: int, dialect: Dialect) -> str:
    """Reason why a line is not a record."""
    if end - start > dialect.limit:
        return "too_long"
    short = len(data) - start <= dialect.limit
    if short and not data.endswith(b"\n") and dialect.unclosed().match(data, start):
        return "truncated"
    return "quotes"
