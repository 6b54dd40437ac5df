"""Records of delimited text: the same however the bytes arrive, and those that the standard library finds."""

import csv
import io

from hypothesis import given, settings
from hypothesis import strategies as st

from conformance.data.files.delimited.records import Dialect, Records, blocks
from conformance.data.files.text_columns import cells

SCRAPS = st.lists(
    st.sampled_from([b"a", b"bb", b",", b'"', b'""', b'","', b"\n", b"\r\n", b"\r", "中".encode()])
)
CELL = st.text(st.sampled_from('ab,"\n中 ;'), max_size=20)


def split_records(data: bytes, limit: int = 1 << 20, block: int = 1 << 20) -> list[tuple[bytes, int, str]]:
    records = []
    for part in blocks(io.BytesIO(data), Dialect(b",", limit), block=block):
        for row, (start, end) in enumerate(zip(part.starts, part.ends, strict=True)):
            records.append((part.data[start:end], int(part.lines[row]), part.bad.get(row, "")))
    return records


@settings(deadline=None, max_examples=150)
@given(SCRAPS.map(b"".join), st.integers(1, 12), st.integers(1, 30))
def test_records_do_not_depend_on_how_the_bytes_arrive(data: bytes, block: int, limit: int) -> None:
    in_one_piece = split_records(data, limit)
    parts = split_records(data, limit, block)
    assert [(line, bad) for _, line, bad in parts] == [(line, bad) for _, line, bad in in_one_piece]
    assert [raw for raw, _, bad in parts if bad != "too_long"] == [
        r for r, _, bad in in_one_piece if bad != "too_long"
    ]


@settings(deadline=None, max_examples=150)
@given(SCRAPS.map(b"".join), st.integers(1, 30))
def test_nothing_is_lost_but_empty_lines(data: bytes, limit: int) -> None:
    whole = split_records(data, limit)
    kept = b"".join(raw for raw, _, _ in whole)
    assert [line for _, line, _ in whole] == sorted({line for _, line, _ in whole})
    assert kept.translate(None, b"\r\n") == data.translate(None, b"\r\n")


@settings(deadline=None, max_examples=100)
@given(
    st.lists(st.lists(CELL, min_size=3, max_size=3), max_size=8),
    st.booleans(),
    st.sampled_from(["\n", "\r\n"]),
)
def test_cells_are_those_of_the_standard_library(table: list[list[str]], everything: bool, end: str) -> None:  # noqa: FBT001
    text = io.StringIO(newline="")
    writer = csv.writer(text, csv.unix_dialect if everything else csv.excel, lineterminator=end)
    writer.writerows(table)
    expected = [row for row in csv.reader(io.StringIO(text.getvalue(), newline=""), strict=True) if row]
    dialect = Dialect(b",", 1 << 20)
    for slow in (False, True):
        cell_rows: list[list[str]] = []
        for part in blocks(io.BytesIO(text.getvalue().encode()), dialect):
            cell_rows += read(part, dialect, slow=slow)
        assert cell_rows == expected


def read(part: Records, dialect: Dialect, *, slow: bool) -> list[list[str]]:
    assert part.regular
    records = Records(part.data, part.starts, part.ends, part.lines, part.bad, regular=not slow)
    table = cells(records, 3, dialect)
    assert table.bad == {}
    return [["" if cell is None else cell for cell in row] for row in zip(*table.columns, strict=True)]


@settings(deadline=None, max_examples=150)
@given(SCRAPS.map(b"".join), st.integers(1, 3))
def test_the_quick_way_and_the_slow_way_agree(data: bytes, width: int) -> None:
    dialect = Dialect(b",", 1 << 20)
    for part in blocks(io.BytesIO(data), dialect):
        if part.regular:
            slow = Records(part.data, part.starts, part.ends, part.lines, part.bad, regular=False)
            quick_cells, slow_cells = cells(part, width, dialect), cells(slow, width, dialect)
            assert quick_cells.bad == slow_cells.bad
            good = [row for row in range(len(part)) if row not in quick_cells.bad]
            for mine, theirs in zip(quick_cells.columns, slow_cells.columns, strict=True):
                assert [mine[row] for row in good] == [theirs[row] for row in good]


def test_a_wrong_quote_costs_one_row() -> None:
    data = b'a,"b\nc,d\n"e"f,g\n"h,\n",i\nj"k,l\n'
    assert [(raw, bad) for raw, _, bad in split_records(data)] == [
        (b'a,"b\n', "quotes"),
        (b"c,d\n", ""),
        (b'"e"f,g\n', "quotes"),
        (b'"h,\n",i\n', ""),
        (b'j"k,l\n', ""),
    ]


def test_an_open_quote_at_an_end_without_line_end_is_a_truncated_file() -> None:
    assert [bad for _, _, bad in split_records(b'a,b\nc,"d\ne')] == ["", "truncated", ""]
    assert [bad for _, _, bad in split_records(b'a,b\nc,"d\ne\n')] == ["", "quotes", ""]
