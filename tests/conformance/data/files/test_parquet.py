"""Parquet: types that fit are columns, all others are values, and a broken file is named."""

import datetime as dt
import decimal
import json
import pickle
import random
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from conformance.data.batch import Type
from conformance.data.files import Layout, ReadErrors, read, splits
from conformance.data.files.arrow import column
from tests.conformance.data.files.table_samples import LAYOUT, SHAPE, batches, file_of, row_values, rows


def put(path: Path, columns: dict[str, Any], **options: Any) -> Path:
    pq.write_table(pa.table(columns), path, **options)
    return path


def test_null_is_absent_and_types_are_kept(tmp_path: Path) -> None:
    path = put(
        tmp_path / "a.parquet",
        {
            "name": ["甲", None, ""],
            "count": [1, None, -5],
            "flag": [True, None, False],
            "code": ["0", "1", "2"],
        },
    )
    assert rows(path) == [
        {"name": "甲", "count": 1, "flag": True, "code": "0"},
        {"code": "1"},
        {"name": "", "count": -5, "flag": False, "code": "2"},
    ]


@pytest.mark.parametrize(
    ("array", "expected"),
    [
        (pa.array([1, None]), [1, None]),
        (pa.array([1, None], pa.uint8()), [1, None]),
        (pa.array([2**64 - 1, None], pa.uint64()), [2**64 - 1, None]),
        (pa.array([1.5, float("nan")]), [1.5, "nan"]),
        (pa.array([True, None]), [True, None]),
        (pa.array(["a", None]).dictionary_encode(), ["a", None]),
        (pa.array(["a", None], pa.large_string()), ["a", None]),
        (pa.array([b"a", None]), ["a", None]),
        (pa.array([dt.date(2021, 2, 3), None]), ["2021-02-03", None]),
        (pa.array([dt.date(2021, 2, 3), None], pa.date64()), ["2021-02-03", None]),
        (pa.array([dt.datetime(2021, 2, 3, 4, 5, 6), None]), ["2021-02-03T04:05:06", None]),  # noqa: DTZ001
        (
            pa.array([dt.datetime(2021, 2, 3, 4, 5, 6, 789, dt.UTC), None]),
            ["2021-02-03T12:05:06.000789+08:00", None],
        ),
        (
            pa.array([dt.datetime(1988, 7, 1, tzinfo=dt.UTC), dt.datetime(1026, 7, 1, tzinfo=dt.UTC)]),
            ["1988-07-01T08:00:00+08:00", "1026-07-01T08:00:00+08:00"],
        ),
        (pa.array([decimal.Decimal("12.30"), None]), ["12.3", None]),
        (pa.array([decimal.Decimal(100), None]), ["100", None]),
        (pa.array([decimal.Decimal("0.0000001"), None]), ["0.0000001", None]),
        (pa.array([[1, 2], None]), [[1, 2], None]),
        (pa.array([{"a": dt.date(2021, 2, 3)}, None]), [{"a": "2021-02-03"}, None]),
        (
            pa.array([{"a": 1, "b": [{"c": 2}, {"d": 3}]}, {"a": 4}]),
            [{"a": 1, "b": [{"c": 2}, {"d": 3}]}, {"a": 4}],
        ),
        (pa.array([None, None], pa.null()), [None, None]),
    ],
    ids=lambda x: str(x.type) if isinstance(x, pa.Array) else "",
)
def test_every_type_is_text_or_its_json_value(tmp_path: Path, array: Any, expected: list[Any]) -> None:
    path = put(tmp_path / "a.parquet", {"name": array, "code": ["x", "y"]})
    found = rows(path)
    assert [row.get("name") if isinstance(row, dict) else row for row in found] == expected


def test_whole_decimals_are_integers_where_an_integer_is_wanted(tmp_path: Path) -> None:
    kind = pa.decimal128(38, 0)
    values = pa.array([decimal.Decimal(7), decimal.Decimal(10**30)], kind)
    assert rows(put(tmp_path / "a.parquet", {"count": values})) == [{"count": 7}, {"count": str(10**30)}]


def test_bytes_that_are_no_text_make_their_rows_unreadable(tmp_path: Path) -> None:
    bad = pa.array(["好".encode(), b"\xff\xfe", "好".encode("gb18030")])
    assert rows(put(tmp_path / "a.parquet", {"name": bad})) == [{"name": "好"}, "encoding", "encoding"]
    text = pa.Array.from_buffers(pa.string(), 3, bad.buffers())
    assert rows(put(tmp_path / "b.parquet", {"name": text})) == [{"name": "好"}, "encoding", "encoding"]


TEXTS = (pa.string(), pa.large_string(), pa.string_view(), pa.large_binary())


@pytest.mark.parametrize("kind", TEXTS, ids=str)
@pytest.mark.parametrize("common", [b"plain", "中文".encode()], ids=["ASCII", "Chinese"])
def test_bytes_that_are_no_text_are_found_among_many_that_are(
    kind: Any, common: bytes, tmp_path: Path
) -> None:
    """In each batch, and to its ends, whether all else is ASCII or not."""
    good, half, second_half = "好".encode(), "好".encode()[:2], "好".encode()[2:]
    odd = {0: b"\xff", 7: good, 8: b"", 9: None, 1499: half, 1500: second_half, 2999: b"a\x80"}
    values = pa.array([odd.get(row, common) for row in range(3000)], pa.large_binary())
    array = values.view(pa.large_string()).cast(kind)
    read_values = rows(put(tmp_path / "a.parquet", {"name": array}), rows=1000)
    assert [row for row, value in enumerate(read_values) if value == "encoding"] == [0, 1499, 1500, 2999]
    assert read_values[7:10] == [{"name": "好"}, {"name": ""}, {}]


@pytest.mark.parametrize("kind", [pa.string(), pa.large_string()], ids=str)
def test_bytes_that_are_no_text_are_found_in_a_part_of_a_column(kind: Any) -> None:
    values = pa.array([b"plain"] * 50 + [b"a\x80"] + [b"plain"] * 49, pa.large_binary())
    array = values.view(pa.large_string()).cast(kind)
    for first in range(40, 51):
        _, bad = column("name", array[first:], Type.TEXT)
        assert list(bad) == [50 - first]


def test_a_map_is_an_object(tmp_path: Path) -> None:
    kind = pa.map_(pa.string(), pa.bool_())
    values = pa.array([[("a", True), ("b", None)], None, []], kind)
    assert rows(put(tmp_path / "a.parquet", {"备注": values})) == [{"备注": {"a": True}}, {}, {"备注": {}}]
    twice = pa.array([[("a", True), ("a", False)]], kind)
    assert rows(put(tmp_path / "b.parquet", {"备注": twice})) == [{"备注": [["a", True], ["a", False]]}]


def test_an_unknown_column_is_a_member_of_the_rows_that_have_it(tmp_path: Path) -> None:
    path = put(tmp_path / "a.parquet", {"name": ["a", "b"], "备注": ["x", None]})
    assert rows(path) == [{"name": "a", "备注": "x"}, {"name": "b"}]
    assert rows(path, ignored=frozenset({"备注"})) == [{"name": "a"}, {"name": "b"}]


def test_titles_are_names_and_a_column_occurs_once(tmp_path: Path) -> None:
    assert rows(put(tmp_path / "a.parquet", {"名称": ["a"], " 数量": [3]})) == [{"name": "a", "count": 3}]
    with pytest.raises(ReadErrors) as caught:
        rows(put(tmp_path / "b.parquet", {"名称": ["a"], "name": ["b"]}))
    assert caught.value.problems[0].message.args == {"names": ["name"]}


def test_names_with_a_dot_are_columns(tmp_path: Path) -> None:
    layout = Layout({"subject.uscc": Type.TEXT, "record.version": Type.INTEGER})
    path = put(tmp_path / "a.parquet", {"subject.uscc": ["a"], "record.version": [1], "x": ["y"]})
    ignored = frozenset({"x"})
    assert rows(path, layout, ignored=ignored) == [{"subject.uscc": "a", "record.version": 1}]


def test_a_row_is_written_as_a_line_of_json(tmp_path: Path) -> None:
    path = put(tmp_path / "a.parquet", {"名称": ["甲\n", None], "count": [1, 2]})
    (batch,) = batches(path)
    assert json.loads(batch.raw(0)) == {"name": "甲\n", "count": 1}
    assert [batch.line(0), batch.line(1)] == [1, 2]
    assert batch.raw(1) == b'{"count":2}\n'


def test_splits_are_the_row_groups_and_together_the_whole(tmp_path: Path) -> None:
    path = put(tmp_path / "a.parquet", {"count": list(range(1000))}, row_group_size=100)
    file = file_of(path)
    parts = splits(file, 1)
    assert len(parts) == 10
    assert pickle.loads(pickle.dumps(parts)) == parts  # noqa: S301  # our own bytes
    assert [part.first for part in parts] == list(range(0, 1000, 100))
    every = [batch for part in parts for batch in read(part, LAYOUT)]
    assert [row["count"] for row in row_values(every, SHAPE) if isinstance(row, dict)] == list(range(1000))
    assert len(splits(file)) == 1


def test_a_table_without_rows_has_none(tmp_path: Path) -> None:
    path = put(tmp_path / "a.parquet", {"name": pa.array([], pa.string())})
    assert rows(path) == []
    assert [list(read(part, LAYOUT)) for part in splits(file_of(path))] == [[]]


def test_progress_counts_the_bytes_of_the_groups(tmp_path: Path) -> None:
    path = put(tmp_path / "a.parquet", {"name": [str(n) for n in range(5000)]}, row_group_size=1000)
    told_of: list[int] = []
    (part,) = splits(file_of(path))
    assert sum(map(len, read(part, LAYOUT, progress=told_of.append))) == 5000
    assert len(told_of) == 5
    assert sum(told_of) <= path.stat().st_size


@pytest.mark.parametrize("keep", [0, 3, 100, -1])
def test_a_broken_file_is_named(tmp_path: Path, keep: int) -> None:
    path = put(tmp_path / "a.parquet", {"name": ["a"] * 1000})
    path.write_bytes(path.read_bytes()[:keep])
    with pytest.raises(ReadErrors) as caught:
        rows(path)
    (problem,) = caught.value.problems
    assert (problem.file, problem.message.key) == (str(path), "files.parquet")


def test_rows_before_a_damaged_group_are_handed_over(tmp_path: Path) -> None:
    names = [f"{n:050d}" for n in range(3000)]
    path = put(
        tmp_path / "a.parquet", {"name": names}, row_group_size=1000, compression="gzip", use_dictionary=False
    )
    at = pq.ParquetFile(path).metadata.row_group(2).column(0).data_page_offset
    content = bytearray(path.read_bytes())
    content[at : at + 400] = b"\xff" * 400
    path.write_bytes(content)
    read_batches = batches(path)
    assert sum(len(next(read_batches)) for _ in range(2)) == 2000
    with pytest.raises(ReadErrors):
        next(read_batches)


def test_damage_anywhere_is_an_error_of_the_file(tmp_path: Path) -> None:
    days = [dt.date(2020, 1, 1)] * 300
    path = put(
        tmp_path / "a.parquet", {"name": ["甲"] * 300, "count": range(300), "d": days}, row_group_size=100
    )
    content, chance = path.read_bytes(), random.Random(5)
    outcomes: set[object] = set()
    for _ in range(150):
        damaged = bytearray(content)
        for at in chance.choices(range(len(content)), k=chance.randint(1, 5)):
            damaged[at] = chance.randrange(256)
        path.write_bytes(damaged)
        try:
            outcomes.add(len(rows(path)))
        except ReadErrors as errors:
            outcomes.add(errors.problems[0].message.key)
    assert "files.parquet" in outcomes
