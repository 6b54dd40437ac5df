"""Splits of NDJSON: every line belongs to exactly one, and the reader gets whole lines. Archives. Layouts."""

import bz2
import gzip
import io
import lzma
import pickle
import sys
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any, BinaryIO

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conformance.data.files import ReadErrors, layout, lines, read, splits, whole
from conformance.data.files.byte_ranges import align_to_lines
from conformance.data.files.stream import open_stream
from conformance.loader import load_standard
from tests.conformance.data.files.table_samples import LAYOUT, file_of

read_module = sys.modules["conformance.data.files.read"]
"""Hidden behind the function of the same name that the package offers."""


@pytest.fixture
def received(monkeypatch: pytest.MonkeyPatch) -> list[tuple[bytes, int, int]]:
    """What the reader of NDJSON is given: bytes, number of the file, first line."""
    calls: list[tuple[bytes, int, int]] = []

    def batches(stream: BinaryIO, source: int, *, rows: int, start_line: int) -> Iterator[Any]:
        assert rows == 65_536
        calls.append((stream.read(), source, start_line))
        return iter(())

    monkeypatch.setattr(read_module, "ndjson_batches", batches)
    return calls


def test_each_split_gives_whole_lines_to_the_reader(
    tmp_path: Path, received: list[tuple[bytes, int, int]]
) -> None:
    path = tmp_path / "a.ndjson"
    content = b"".join(b'{"n":%d}\n' % n for n in range(1000)) + b'{"n":1'
    path.write_bytes(content)
    parts = splits(file_of(path), 1000)
    assert len(parts) == 10
    assert pickle.loads(pickle.dumps(parts)) == parts  # noqa: S301  # our own bytes
    line = 1
    told_of: list[int] = []
    for part in parts:
        assert list(read(part, LAYOUT, first_line=line, progress=told_of.append)) == []
        line += lines(part)
    assert b"".join(data for data, _, _ in received) == content
    assert all(data.endswith(b"\n") for data, _, _ in received[:-1])
    assert [at for _, _, at in received] == [
        1 + content[: content.index(data)].count(b"\n") for data, _, _ in received
    ]
    assert (line, sum(told_of)) == (1002, len(content))


@settings(deadline=None)
@given(st.lists(st.sampled_from([b"a", b"\n", b"bbbb", b"\r\n"])).map(b"".join), st.integers(1, 7))
def test_ranges_cover_a_file_once(tmp_path_factory: pytest.TempPathFactory, data: bytes, size: int) -> None:
    path = tmp_path_factory.mktemp("ranges") / "a.ndjson"
    path.write_bytes(data)
    ranges = [align_to_lines(path, part.start, part.stop) for part in splits(file_of(path), size)]
    assert ranges[0][0] == 0
    assert ranges[-1][1] == len(data)
    assert all(end == start for (_, end), (start, _) in pairwise(ranges))
    assert all(
        start == 0 or data[start - 1 : start] in (b"\n", b"") or start == len(data) for start, _ in ranges
    )
    assert sum(lines(part) for part in splits(file_of(path), size)) == len(io.BytesIO(data).readlines())


def test_what_is_packed_is_one_split(tmp_path: Path, received: list[tuple[bytes, int, int]]) -> None:
    path = tmp_path / "a.ndjson.gz"
    path.write_bytes(gzip.compress(b"{}\n" * 1000))
    (part,) = splits(file_of(path), 10)
    assert part == whole(file_of(path))
    assert list(read(part, LAYOUT)) == []
    assert received == [(b"{}\n" * 1000, 0, 1)]


def test_the_reader_gets_what_stands_before_the_break(
    tmp_path: Path, received: list[tuple[bytes, int, int]]
) -> None:
    path = tmp_path / "a.ndjson.gz"
    path.write_bytes(gzip.compress(b'{"a":1}\n' * 1000)[:-4])
    with pytest.raises(ReadErrors) as caught:
        list(read(whole(file_of(path)), LAYOUT))
    assert caught.value.problems[0].message.key == "files.cut"
    assert received[0][0] == b'{"a":1}\n' * 1000


def arrow(name: str) -> Callable[[bytes], bytes]:
    def pack(data: bytes) -> bytes:
        target = pa.BufferOutputStream()
        with pa.CompressedOutputStream(target, name) as stream:
            stream.write(data)
        return bytes(target.getvalue())

    return pack


PACK: dict[str, Callable[[bytes], bytes]] = {
    "gz": gzip.compress,
    "bz2": bz2.compress,
    "xz": lzma.compress,
    "zst": arrow("zstd"),
    "lz4": arrow("lz4"),
}


@pytest.mark.parametrize("kind", PACK)
def test_archives_are_unpacked_and_their_breaks_named(tmp_path: Path, kind: str) -> None:
    data = b"".join(b"%d," % (n * n % 99_991) for n in range(100_000))
    packed = PACK[kind](data)
    for content, expected, key in (
        (packed, data, None),
        (packed + packed, data * 2, None),
        (packed[:-6], None, "files.cut"),
        (b"not packed at all, but long enough for a header", b"", "files.corrupt"),
    ):
        path = tmp_path / f"a.csv.{kind}"
        path.write_bytes(content)
        told_of: list[int] = []
        with open_stream(file_of(path), progress=told_of.append) as stream:
            unpacked = stream.read()
        assert unpacked == expected if expected is not None else data.startswith(unpacked)
        assert (stream.trouble.message.key if stream.trouble else None) == key
        assert key is not None or sum(told_of) == len(content)


def test_a_file_that_is_gone_is_an_error_and_no_traceback(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(b"name\n")
    part = whole(file_of(path))
    path.unlink()
    with pytest.raises(ReadErrors) as caught:
        list(read(part, LAYOUT))
    assert caught.value.problems[0].message.key == "files.unreadable"


def test_layouts_know_names_and_titles_of_an_item_and_of_the_envelope() -> None:
    checklist = load_standard().checklist
    item_layout = layout(checklist.item("F09-01"), checklist)
    names = ("document_no", "许可决定日期", "Date of the decision", " 主体 名称 ", "record.item_code", "x")
    assert [item_layout.name(name) for name in names] == [
        "document_no",
        "decision_date",
        "decision_date",
        "subject.name",
        "record.item_code",
        "x",
    ]
    every = layout(None, checklist)
    assert set(item_layout.columns) < set(every.columns)
    assert all(every.columns[name] is kind for name, kind in item_layout.columns.items())
