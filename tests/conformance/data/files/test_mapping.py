"""Mappings: one conversion whether a text stands alone or in a column, and the two that the standard has."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from conformance.data.batch import Batch, Columns, Shape, Type, Unreadable
from conformance.data.files import Layout, ReadSettings, head, layout, read, whole
from conformance.data.files.mapping.columns import Mapped, MappedNames, convert_column
from conformance.data.files.mapping.conversions import convert
from conformance.loader import FileErrors, load_mapping, load_standard, mapping_names
from conformance.messages import load_messages
from conformance.model.mapping import ColumnTarget, Conversion, TableMapping
from conformance.model.standard import Standard
from conformance.model.text import Lang, Text
from tests.conformance.data.files.table_samples import file_of, row_values, rows

DAYS = ("y-m-d", "y/m/d", "ymd", "y年m月d日", "y-m-d 0:0:0")


@pytest.fixture(scope="module")
def standard() -> Standard:
    return load_standard()


@pytest.mark.parametrize(
    ("conversion", "text", "expected"),
    [
        (Conversion(dates=DAYS), "2021/2/3", "2021-02-03"),
        (Conversion(dates=DAYS), "2021-2-3", "2021-02-03"),
        (Conversion(dates=DAYS), "20210203", "2021-02-03"),
        (Conversion(dates=DAYS), "2021年2月3日", "2021-02-03"),
        (Conversion(dates=DAYS), "2021-02-03 00:00:00.0", "2021-02-03"),
        (Conversion(dates=DAYS), "2021-02-03 00:00:01", "2021-02-03 00:00:01"),
        (Conversion(dates=DAYS), "2021-02-30", "2021-02-30"),
        (Conversion(dates=DAYS), "２０２１-2-3", "２０２１-2-3"),
        (Conversion(dates=("ymd",)), "2021-2-3", "2021-2-3"),
        (Conversion(dates=DAYS), "2021-2-3\n", "2021-2-3\n"),
        (Conversion(moments=("y-m-d h:m:s",)), "2021-2-3 4:05:06.0", "2021-02-03T04:05:06+08:00"),
        (Conversion(moments=("ymdhms",)), "20210203040506", "2021-02-03T04:05:06+08:00"),
        (Conversion(moments=("y-m-d",)), "2021-2-3", "2021-02-03T00:00:00+08:00"),
        (Conversion(scale=10000), "1.23", "12300"),
        (Conversion(scale=10000), "0.00005", "0.5"),
        (Conversion(scale=10000), "12345678901234567890.123456", "123456789012345678901234.56"),
        (Conversion(scale=10000), "1e3", "1e3"),
        (Conversion(scale=10000), "1,000", "1,000"),
        (Conversion(scale=10000), "-0.5", "-5000"),
        (Conversion(codes={"有效": "1"}), "有效", "1"),
        (Conversion(codes={"有效": "1"}), "1", "1"),
        (Conversion(codes={"有效": "1"}, refuse=True), "1", "?1"),
        (Conversion(upper=True), "91310000ma1kß", "91310000MA1Kß"),
        (Conversion(strip=True), " \u3000a b\ufeff", "a b"),
        (Conversion(strip=True, absent=frozenset({"\\N"})), " \\N ", None),
        (Conversion(absent=frozenset({"\\N"})), " \\N ", " \\N "),
        (Conversion(strip=True), "\u3000", None),
        (Conversion(default="x"), None, "x"),
        (Conversion(default="x"), "", "x"),
    ],
)
def test_a_text_is_converted_as_declared_and_stays_where_it_cannot_be(
    conversion: Conversion, text: str | None, expected: str | None
) -> None:
    assert convert(text, conversion) == expected
    assert convert_column(pl.Series([text, None, text], dtype=pl.String), conversion).to_list() == [
        expected,
        conversion.default,
        expected,
    ]


WORDS = st.sampled_from(
    ["2021/2/3", "\\N", " a ", "\u3000", "", "1.5", "有效", "x", "91a", "12", "true", "\n"]
)
HOWS = st.builds(
    Conversion,
    strip=st.booleans(),
    absent=st.sampled_from([frozenset[str](), frozenset({"\\N", "x"})]),
    codes=st.sampled_from([None, {"有效": "1"}]),
    refuse=st.booleans(),
    dates=st.sampled_from([(), DAYS]),
    scale=st.sampled_from([None, 100]),
    upper=st.booleans(),
    default=st.sampled_from([None, "d"]),
)


class Values:
    """A batch of JSON values, such as those of NDJSON."""

    def __init__(self, values: list[dict[str, Any]]) -> None:
        self.rows, self.source, self.first = values, 0, 0

    def __len__(self) -> int:
        return len(self.rows)

    def line(self, row: int) -> int:
        return row + 1

    def lines(self) -> NDArray[np.int64]:
        return np.arange(1, len(self.rows) + 1)

    def raw(self, row: int) -> bytes:
        return json.dumps(self.rows[row]).encode()

    def value(self, row: int) -> dict[str, Any] | Unreadable:
        return self.rows[row]

    def values(self, rows: NDArray[np.int64]) -> Iterator[dict[str, Any] | Unreadable]:
        return (self.value(row) for row in rows.tolist())

    def columns(self, shape: Shape) -> Columns:
        python = {Type.TEXT: str, Type.INTEGER: int, Type.BOOLEAN: bool}
        kinds: dict[Type, Any] = {Type.TEXT: pl.String, Type.INTEGER: pl.Int64, Type.BOOLEAN: pl.Boolean}
        good = [all(n in shape and type(v) is python[shape[n]] for n, v in x.items()) for x in self.rows]
        cells = {n: [x.get(n) if ok else None for x, ok in zip(self.rows, good, strict=True)] for n in shape}
        frame = pl.DataFrame({n: pl.Series(n, cells[n], kinds[k]) for n, k in shape.items()})
        return Columns(frame, np.array(good, np.bool_))


MADE = Layout({"one": Type.TEXT, "two": Type.TEXT, "count": Type.INTEGER, "flag": Type.BOOLEAN})


def mapping(*targets: ColumnTarget, ignored: frozenset[str] = frozenset()) -> TableMapping:
    return TableMapping("m", Text("表", "table"), "F09-01", {"A": ("甲",)}, targets, ignored)


MEMBERS = st.one_of(WORDS, st.integers(-5, 2**64), st.booleans(), st.floats(allow_nan=False), st.just([1]))
NAMES = st.sampled_from(["A", "a", "甲", "B", "C", "I", "one", "else"])


@settings(deadline=None, max_examples=60)
@given(st.lists(st.dictionaries(NAMES, MEMBERS), min_size=1), HOWS, HOWS, st.sampled_from(["", ";"]))
def test_columns_of_mapped_rows_are_what_their_values_are(
    values: list[dict[str, Any]], conversion: Conversion, joined_conversion: Conversion, join: str
) -> None:
    column_mapping = mapping(
        ColumnTarget("one", ("A",), "", conversion),
        ColumnTarget("two", ("A", "B"), join, joined_conversion),
        ColumnTarget("count", ("C",), "", conversion),
        ColumnTarget("flag", ("B",), "", Conversion()),
        ignored=frozenset({"I"}),
    )
    batch: Batch = Mapped(Values(values), MappedNames(column_mapping, MADE))
    columns = batch.columns(MADE.columns)
    for row, by_column in enumerate(columns.frame.iter_rows(named=True)):
        if columns.faithful[row]:
            assert batch.value(row) == {n: cell for n, cell in by_column.items() if cell is not None}


def test_columns_that_the_mapping_does_not_know_stay_to_be_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("甲,b,one,Extra,i\n x ,y,1,2,3\n,\\N,,,\n", "utf-8")
    conversion = Conversion(strip=True, absent=frozenset({"\\N"}))
    column_mapping = mapping(ColumnTarget("two", ("A", "B"), "+", conversion), ignored=frozenset({"I"}))
    mapped_rows = rows(path, MADE, mapping=column_mapping)
    assert mapped_rows == [{"two": "x+y", "#one": "1", "Extra": "2"}, {}]


def test_licenses_of_the_double_disclosure_become_the_item(standard: Standard) -> None:
    table = {
        "XK_XDR_MC": "某公司 ",
        "xk_xdr_lb": "法人及非法人组织",
        "统一社会信用代码": "91990100ma00000000",
        "XK_WSH": "许〔2025〕1号",
        "XK_XKLB": "普通",
        "XK_JDRQ": "2025/2/3",
        "XK_YXQZ": "20250203",
        "XK_YXQZI": "9999-9-9",
        "XK_ZT": "0",
        "XK_XKBH": "\\N",
        "XK_FR_ZJHM": "never looked at",
        "BZ": "x",
    }
    assert list(read_values(standard, "xk", table)) == [
        {
            "subject.name": "某公司",
            "subject.type": "enterprise",
            "subject.uscc": "91990100MA00000000",
            "document_no": "许〔2025〕1号",
            "license_type": "GENERAL",
            "counterparty_type": "LEGAL_PERSON",
            "decision_date": "2025-02-03",
            "valid_from": "2025-02-03",
            "status": "?0",
        }
    ]


def test_penalties_of_the_double_disclosure_become_the_item(standard: Standard) -> None:
    table = {
        "CF_CFLB": "罚款",
        "罚款金额（万元）": "0.35",
        "CF_NR_WFFF": "1.2万",
        "CF_JDRQ": "2025-02-03 00:00:00",
        "CF_GSJZQ": "9999-12-31",
        "失信严重程度": "一般",
    }
    assert list(read_values(standard, "cf", table)) == [
        {
            "penalty_category": "FINE",
            "fine_amount": "3500",
            "confiscated_amount": "1.2万",
            "decision_date": "2025-02-03",
            "publicity_deadline": "9999-12-31",
            "severity": "GENERAL",
            "repair_status": "NONE",
        }
    ]


def read_values(standard: Standard, name: str, table: dict[str, str]) -> Iterator[dict[str, Any]]:
    made = load_mapping(name, standard.checklist)
    names = MappedNames(made, layout(standard.checklist.item(made.item), standard.checklist))
    kept = {n: v for n, v in table.items() if names.source.name(n) not in made.ignored}
    yield names.row(kept)


@pytest.mark.parametrize("name", mapping_names())
def test_a_mapping_of_the_standard_accounts_for_every_field(standard: Standard, name: str) -> None:
    column_mapping = load_mapping(name, standard.checklist)
    item = standard.checklist.item(column_mapping.item)
    conversions = {target.field: target.conversion for target in column_mapping.targets}
    assert {f.name for f in item.fields} - conversions.keys() == column_mapping.missing.keys()
    assert [f.name for f in item.fields if f.required and f.name in column_mapping.missing] == []
    shapes = {f.name: f.schema for f in item.fields} | standard.checklist.row_schema["properties"]
    for field, conversion in conversions.items():
        produced = {
            *(conversion.codes or {}).values(),
            *((conversion.default,) if conversion.default else ()),
        }
        assert produced <= set(shapes[field].get("enum", produced)), field
        assert "enum" not in shapes[field] or conversion.refuse, field


def broken(tmp_path: Path, standard: Standard, text: str) -> list[tuple[str, int | None]]:
    path = tmp_path / "mine.yaml"
    path.write_text(text, "utf-8")
    with pytest.raises(FileErrors) as caught:
        load_mapping(str(path), standard.checklist)
    for problem in caught.value.problems:
        assert problem.file == str(path)
        assert "loader." not in load_messages().render(problem.message, Lang.ZH)
    return [(p.message.key.removeprefix("loader."), p.line) for p in caught.value.problems]


HEAD = "id: mine\ntitle: {zh: 表, en: Table}\n"


def test_everything_that_is_wrong_with_a_mapping_is_said(tmp_path: Path, standard: Standard) -> None:
    text = (
        HEAD
        + "item: F09-01\nfields:\n  document_no: {form: X, from: X}\n  content: {from: Y, dates: [dmy]}\n"
    )
    assert sorted(broken(tmp_path, standard, text)) == [("choice", 6), ("unknown_near", 5)]
    text = HEAD + (
        "item: F09-01\nfields:\n  documentno: {from: X}\n  content: {from: [x, Y]}\n"
        "ignore: [Y]\ncolumns:\n  Z: [z1]\n  X: [y]\nmissing:\n  content: {zh: 无, en: none}\n"
    )
    assert sorted(key for key, _ in broken(tmp_path, standard, text)) == [
        "mapping_both",
        "mapping_field",
        "mapping_idle",
        "mapping_ignored",
        "mapping_twice",
        "mapping_twice",
    ]
    assert broken(tmp_path, standard, HEAD + "item: Z99-99\nfields: {a: {value: x}}\n") == [
        ("unknown_item", 3)
    ]
    assert broken(tmp_path, standard, "id: [") == [("yaml_syntax", 2)]


def test_a_mapping_that_is_not_there_is_named(standard: Standard, tmp_path: Path) -> None:
    for name, key in (("xx", "loader.mapping_unknown"), (str(tmp_path / "no.yaml"), "loader.unreadable")):
        with pytest.raises(FileErrors) as caught:
            load_mapping(name, standard.checklist)
        assert [p.message.key for p in caught.value.problems] == [key]


def test_a_table_in_a_file_is_mapped_in_columns(standard: Standard, tmp_path: Path) -> None:
    path = tmp_path / "table.csv"
    path.write_bytes("行政相对人名称,XK_JDRQ,bz\n甲,2025-2-3,x\n乙,,\n".encode("gb18030"))
    column_mapping = load_mapping("xk", standard.checklist)
    target = layout(standard.checklist.item("F09-01"), standard.checklist)

    read_settings = ReadSettings(mapping=column_mapping)
    read_batches = list(read(whole(file_of(path)), target, read_settings))
    assert [bool(x) for batch in read_batches for x in batch.columns(target.columns).faithful] == [True, True]
    assert list(row_values(read_batches, target.columns)) == [
        {"subject.name": "甲", "decision_date": "2025-02-03"},
        {"subject.name": "乙"},
    ]
    assert head(file_of(path), target, read_settings)[0] == "行政相对人名称,XK_JDRQ,bz\n".encode("gb18030")
