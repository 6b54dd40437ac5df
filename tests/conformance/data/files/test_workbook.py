"""XLSX: cells of every type, sheets that lie about their size, and archives that are traps."""

import datetime as dt
import io
import zipfile
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from conformance.data.files import ReadErrors
from conformance.data.files.formulas import without_results
from conformance.messages import load_messages
from conformance.model.text import Lang
from tests.conformance.data.files.table_samples import batches, rows


def put(folder: Path, *table: tuple[Any, ...], title: str = "Sheet") -> Path:
    path = folder / "a.xlsx"
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = title
    for row in table:
        sheet.append(row)
    book.save(path)
    return path


def refused(path: Path, **settings: Any) -> str:
    with pytest.raises(ReadErrors) as caught:
        rows(path, **settings)
    (problem,) = caught.value.problems
    assert problem.file == str(path)
    assert "files." not in load_messages().render(problem.message, Lang.EN)
    return problem.message.key.removeprefix("files.")


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("甲 ", "甲 "),
        (12, "12"),
        (12.50, "12.5"),
        (0.1 + 0.2, "0.3"),
        (1e20, "100000000000000000000"),
        (1e-7, "0.0000001"),
        (dt.date(2021, 2, 3), "2021-02-03"),
        (dt.datetime(2021, 2, 3, 4, 5, 6), "2021-02-03T04:05:06"),  # noqa: DTZ001
        (dt.time(4, 5, 6), "04:05:06"),
        (True, True),
        ("2021-2-3", "2021-2-3"),
    ],
)
def test_cells_of_a_text_column_are_text(tmp_path: Path, cell: Any, expected: Any) -> None:
    assert rows(put(tmp_path, ("name", "code"), (cell, "x"))) == [{"name": expected, "code": "x"}]


def test_numbers_and_truth_values_are_those_where_they_are_wanted(tmp_path: Path) -> None:
    table = (("数量", "标志"), (3, True), (3.0, False), ("3", "true"), (3.5, 1), ("０", None))
    assert rows(put(tmp_path, *table)) == [
        {"count": 3, "flag": True},
        {"count": 3, "flag": False},
        {"count": 3, "flag": True},
        {"count": "3.5", "flag": "1"},
        {"count": "０"},
    ]


def test_empty_rows_are_none_and_rows_keep_their_numbers(tmp_path: Path) -> None:
    path = put(tmp_path, (None,), ("name", "code"), ("a", None), (None, ""), ("b", "1"), (None, None))
    (batch,) = batches(path)
    assert [(batch.line(n), batch.raw(n)) for n in range(len(batch))] == [
        (3, b'{"name":"a"}\n'),
        (5, b'{"name":"b","code":"1"}\n'),
    ]


def test_rows_that_are_too_wide_or_hold_errors_are_unreadable(tmp_path: Path) -> None:
    path = put(tmp_path, ("name", None), ("a", "b"), ("#N/A",), ("c", None, "d"), ("e",))
    assert rows(path) == ["cells", "error_cell", "cells", {"name": "e"}]


def test_formulas_without_results_make_their_rows_unreadable(tmp_path: Path) -> None:
    """Programs that compute nothing write them so; their cells would else be absent without a word."""
    path = put(tmp_path, ("name", "count"), ("b", "=1+2"), ("c", 3), (None, "=A1"), ('=A2 & "<"', 5))
    assert rows(path) == ["formula", {"name": "c", "count": 3}, "formula", "formula"]


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        (b'<c r="B2"><f>1+2</f><v>3</v></c>', {"name": "a", "count": 3}),
        (b'<c r="B2"><f t="shared" si="0"/><v>3</v></c>', {"name": "a", "count": 3}),
        (b'<c r="B2" t="str"><f>IF(1,"")</f><v></v></c>', {"name": "a"}),
        (b'<c r="B2" s="1"><f t="shared" si="0"/></c>', "formula"),
        (b'<c s="1" r="B2">\n <f>1+2</f>\n <v></v>\n</c>', "formula"),
        (b'<c r="B2"><v>3</v></c>', {"name": "a", "count": 3}),
        (b'<c r="B2"/>', {"name": "a"}),
    ],
)
def test_formulas_with_results_are_these(tmp_path: Path, cell: bytes, expected: Any) -> None:
    path = put(tmp_path, ("name", "count"), ("a", 7))
    rewritten(path, "xl/worksheets/sheet1.xml", b'<c r="B2" t="n"><v>7</v></c>', cell)
    assert rows(path) == [expected]


def test_formulas_are_found_across_blocks() -> None:
    sheet = b"".join(
        b'<row r="%d"><x:c r="A%d"><x:f>SUM(%b)</x:f>%b</x:c></row>'
        % (n, n, b"1" * (n % 700), b"<x:v>1</x:v>" if n % 3 else b"<x:v/>")
        for n in range(1, 20_000)
    )
    assert without_results(io.BytesIO(sheet)) == {n for n in range(1, 20_000) if n % 3 == 0}


def test_a_sheet_is_chosen_by_name(tmp_path: Path) -> None:
    path = put(tmp_path, ("name",), ("a",), title="数据")
    assert rows(path, sheet="数据") == [{"name": "a"}]
    assert refused(path, sheet="Data") == "no_sheet"


def rewritten(path: Path, part: str, old: bytes, new: bytes) -> None:
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    assert old in parts[part]
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content.replace(old, new) if name == part else content)


def test_a_sheet_that_understates_its_size_is_read_whole(tmp_path: Path) -> None:
    path = put(tmp_path, ("name", "code"), ("a", "1"), ("b", "2"))
    rewritten(path, "xl/worksheets/sheet1.xml", b'ref="A1:B3"', b'ref="A1:A2"')
    assert rows(path) == [{"name": "a", "code": "1"}, {"name": "b", "code": "2"}]


def test_a_row_far_away_does_not_make_us_count(tmp_path: Path) -> None:
    path = put(tmp_path, ("name", "code"), ("a", "1"))
    rewritten(path, "xl/worksheets/sheet1.xml", b'<row r="2"', b'<row r="2000000000"')
    assert refused(path) == "workbook_rows"


def test_a_bomb_is_not_unpacked(tmp_path: Path) -> None:
    path = put(tmp_path, ("name",), ("a",))
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as archive, archive.open("bomb", "w") as part:
        for _ in range(8):
            part.write(bytes(1 << 20))
    content = path.read_bytes()
    size = (8 << 20).to_bytes(4, "little")
    assert size in content
    path.write_bytes(content.replace(size, b"\xf0\xff\xff\xff"))
    assert refused(path) == "workbook_size"


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", b"name,code\n", b"\xd0\xcf\x11\xe0" * 200])
def test_what_is_no_workbook_is_named(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "a.xlsx"
    path.write_bytes(content)
    assert refused(path) == "workbook"


def test_a_damaged_sheet_is_named(tmp_path: Path) -> None:
    path = put(tmp_path, ("name",), ("a",))
    rewritten(path, "xl/worksheets/sheet1.xml", b"</sheetData>", b"</sheet")
    assert refused(path) == "workbook"


def test_a_workbook_without_a_header_is_refused(tmp_path: Path) -> None:
    assert refused(put(tmp_path)) == "empty"
    assert refused(put(tmp_path, ("91310000MA1K00001X", 1))) == "no_header"
    assert refused(put(tmp_path, ("name", "名称"))) == "columns_twice"
