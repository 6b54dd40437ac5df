"""CSV as people have it: encodings, quotes, broken rows, headers, and files that end too early."""

import gzip
import resource
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conformance.data.batch import Type
from conformance.data.files import ReadErrors
from conformance.data.files.columns import TextColumn, read
from conformance.data.files.delimited.encoding import detect_encoding
from conformance.data.files.delimited.read import head
from conformance.data.files.settings import ReadSettings
from conformance.messages import load_messages
from conformance.model.text import Lang
from tests.conformance.data.files.table_samples import LAYOUT, batches, file_of, rows

Rows = list[object]


def put(folder: Path, content: bytes, name: str = "a.csv") -> Path:
    path = folder / name
    path.write_bytes(content)
    return path


def of(folder: Path, content: bytes, **declared: Any) -> Rows:
    return list(rows(put(folder, content), **declared))


def refused(folder: Path, content: bytes, name: str = "a.csv") -> str:
    with pytest.raises(ReadErrors) as caught:
        rows(put(folder, content, name))
    (problem,) = caught.value.problems
    assert problem.file == str(folder / name)
    text = load_messages().render(problem.message, Lang.EN)
    assert "files." not in text
    return problem.message.key.removeprefix("files.")


def test_cells_are_what_their_columns_are(tmp_path: Path) -> None:
    content = "name,count,flag,code\n甲,12,true,007\n,,,\nNULL,１２,TRUE,\\N\n x ,012,1,9999-9-9\n"
    assert of(tmp_path, content.encode()) == [
        {"name": "甲", "count": 12, "flag": True, "code": "007"},
        {},
        {"name": "NULL", "count": "１２", "flag": "TRUE", "code": "\\N"},
        {"name": " x ", "count": "012", "flag": "1", "code": "9999-9-9"},
    ]


def test_a_row_keeps_its_bytes_and_its_line(tmp_path: Path) -> None:
    content = 'name,code\r\n"甲\n乙",1\r\n\r\n丙,"a""b"\n丁,2'.encode("gb18030")
    (batch,) = batches(put(tmp_path, content))
    assert [batch.raw(n) for n in range(len(batch))] == [
        '"甲\n乙",1\r\n'.encode("gb18030"),
        '丙,"a""b"\n'.encode("gb18030"),
        "丁,2".encode("gb18030"),
    ]
    assert [batch.line(n) for n in range(len(batch))] == [2, 5, 6]
    assert [batch.value(n) for n in range(3)] == [
        {"name": "甲\n乙", "code": "1"},
        {"name": "丙", "code": 'a"b'},
        {"name": "丁", "code": "2"},
    ]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_titles_in_every_encoding(tmp_path: Path, encoding: str) -> None:
    content = "名称,数量,备注\n㐀𠮷,3,\n乙,4,多\n".encode(encoding)
    assert of(tmp_path, content) == [{"name": "㐀𠮷", "count": 3}, {"name": "乙", "count": 4, "备注": "多"}]
    assert head(file_of(tmp_path / "a.csv"), LAYOUT, ReadSettings())[0] == content[: content.index(b"\n") + 1]


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_one_row_without_a_line_end_tells_the_encoding(tmp_path: Path, encoding: str) -> None:
    assert of(tmp_path, "name,code\n甲乙丙,1".encode(encoding)) == [{"name": "甲乙丙", "code": "1"}]
    assert detect_encoding("name,code\n甲乙丙".encode(encoding)[:-1]) == encoding  # a block may end anywhere


def test_rows_in_the_other_encoding_are_unreadable(tmp_path: Path) -> None:
    lines = ["name,code", "甲乙丙,1", "丁,2", "戊己庚,3"]
    mixed = b"\n".join([*(x.encode() for x in lines), "坏行,4".encode("gb18030"), b"z,5"])
    assert of(tmp_path, mixed)[3:] == ["encoding", {"name": "z", "code": "5"}]
    mixed = b"\n".join([*(x.encode("gb18030") for x in lines), "坏行坏,4".encode(), b'"z\n",5'])
    assert of(tmp_path, mixed)[3:] == ["encoding", {"name": "z\n", "code": "5"}]
    assert of(tmp_path, mixed, encoding="utf-8")[:2] == ["encoding", "encoding"]


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_the_delimiter_is_found_in_the_header(tmp_path: Path, delimiter: str) -> None:
    content = f'name{delimiter}"co;d,e"{delimiter}count\na{delimiter}b{delimiter}1\n'
    assert of(tmp_path, content.encode()) == [{"name": "a", "co;d,e": "b", "count": 1}]


def test_rows_with_other_numbers_of_cells_are_unreadable(tmp_path: Path) -> None:
    assert of(tmp_path, b'name,code\na\nb,1,2\n"c",3,4\n"d"\ne,5\n"f') == [
        "cells",
        "cells",
        "cells",
        "cells",
        {"name": "e", "code": "5"},
        "truncated",
    ]
    assert of(tmp_path, b"name,code\na,1\nb") == [{"name": "a", "code": "1"}, "truncated"]


def test_characters_that_mean_nothing_are_kept(tmp_path: Path) -> None:
    assert of(tmp_path, b"name,code\na\0b,1\na\rb,2\n\x1f,\xef\xbb\xbf3\n") == [
        {"name": "a\0b", "code": "1"},
        {"name": "a\rb", "code": "2"},
        {"name": "\x1f", "code": "\ufeff3"},
    ]


def test_the_header_again_is_no_row(tmp_path: Path) -> None:
    assert of(tmp_path, b"name,code\r\na,1\r\nname,code\r\nb,2\n") == [
        {"name": "a", "code": "1"},
        "header",
        {"name": "b", "code": "2"},
    ]


def test_a_file_without_rows_has_none(tmp_path: Path) -> None:
    assert of(tmp_path, b"name,code\n") == []
    assert of(tmp_path, b"\r\n\nname,code") == []


@pytest.mark.parametrize(
    ("content", "key"),
    [
        (b"", "empty"),
        (b"\xef\xbb\xbf\n\n", "empty"),
        ("name,code".encode("utf-16"), "utf16"),
        (b"name,code\ra,1\rb,2\r", "line_ends"),
        (b'name,"code\na,1\n', "header_broken"),
        (b"name," * 300_000, "header_broken"),
        (b"\xff\xff,name\n", "header_encoding"),
        (b"91310000MA1K00001X,1\n", "no_header"),
        ("名称,name\n".encode(), "columns_twice"),
    ],
)
def test_a_file_without_a_header_is_refused(tmp_path: Path, content: bytes, key: str) -> None:
    assert refused(tmp_path, content) == key


def test_columns_without_a_name_are_numbered(tmp_path: Path) -> None:
    assert of(tmp_path, b"name,,\na,,\nb,c,\n") == [{"name": "a"}, {"name": "b", "#2": "c"}]


def test_rows_before_the_break_of_an_archive_count(tmp_path: Path) -> None:
    content = b"name,code\n" + b"".join(b"row %06d,%d\n" % (n, n * 7919 % 10007) for n in range(50_000))
    packed = gzip.compress(content)
    path = put(tmp_path, packed[: len(packed) // 2], "a.csv.gz")
    values: list[object] = []
    with pytest.raises(ReadErrors) as caught:
        values.extend(batch.value(n) for batch in batches(path) for n in range(len(batch)))
    assert caught.value.problems[0].message.key == "files.cut"
    assert len(values) > 20_000
    assert values[-2] == {"name": f"row {len(values) - 2:06d}", "code": str((len(values) - 2) * 7919 % 10007)}
    assert refused(tmp_path, packed[:5], "b.csv.gz") == "cut"


def test_the_rows_of_a_batch_are_no_more_than_asked_for(tmp_path: Path) -> None:
    path = put(tmp_path, b"name,code\n" + b'a,1\n"b",2\nc\n' * 100)
    sizes = [len(batch) for batch in batches(path, rows=64)]
    assert sizes == [64, 64, 64, 64, 44]
    assert rows(path, rows=64) == [{"name": "a", "code": "1"}, {"name": "b", "code": "2"}, "cells"] * 100


def long_line(size: int) -> Iterator[bytes]:
    yield b'name,code\na,1\nb,"'
    for _ in range(size >> 20):
        yield b"x" * (1 << 20)
    yield b'",2\nc,3\n'


def test_a_line_of_100_megabytes_is_not_held(tmp_path: Path) -> None:
    path = tmp_path / "long.csv.gz"
    with gzip.open(path, "wb", compresslevel=1) as file:
        file.writelines(long_line(100 << 20))
    assert of(tmp_path, b"name,code\na,1\n") == [{"name": "a", "code": "1"}]  # everything is loaded
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    records = list(rows(path))
    assert records == [{"name": "a", "code": "1"}, "too_long", {"name": "c", "code": "3"}]
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 80 << 10  # KiB, a few blocks


TEXTS = st.one_of(
    st.text(st.sampled_from("0123456789-+.eE１ \n"), max_size=22), st.integers().map(str), st.just("true")
)


@settings(deadline=None)
@given(st.lists(TEXTS, min_size=1), st.sampled_from(Type))
def test_a_cell_alone_is_what_it_is_in_its_column(texts: list[str], kind: Type) -> None:
    import polars as pl

    column = TextColumn("x", pl.Series(texts, dtype=pl.String), kind)
    typed = column.typed(kind)
    for row, text in enumerate(texts):
        value = read(text, kind)
        odd = typed.odd is not None and typed.odd[row]
        assert (value == typed.series[row]) if not odd else (value == text and typed.series[row] is None)
