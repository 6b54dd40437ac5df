"""Parts of files: together they are the file, and each knows the number of its first line."""

from itertools import pairwise
from pathlib import Path

import polars as pl
import pytest

from conformance.bulk.spark.splits import of_groups, of_lines


@pytest.mark.parametrize("end", ["\n", ""])
@pytest.mark.parametrize("size", [1, 50, 10_000_000])
def test_lines_are_neither_lost_nor_cut(size: int, end: str, tmp_path: Path) -> None:
    path = tmp_path / "rows"
    text = ("\n".join(f"{n:0{n % 90 + 6}d}" for n in range(100_000)) + end).encode()
    path.write_bytes(text)
    splits = list(of_lines(path, 3, size))
    assert splits[0].start == 0
    assert splits[-1].stop == len(text)
    assert all(one.stop == two.start for one, two in pairwise(splits))
    assert [int(text[s.start : s.start + 120].split(b"\n")[0]) for s in splits] == [s.first for s in splits]
    assert all((s.source, s.line) == (3, s.first + 1) for s in splits)
    assert len(splits) == 1 or size < 10_000_000


def test_an_empty_file_has_no_part(tmp_path: Path) -> None:
    (tmp_path / "rows").touch()
    assert list(of_lines(tmp_path / "rows", 0)) == []


def test_row_groups_are_taken_together(tmp_path: Path) -> None:
    path = tmp_path / "rows.parquet"
    pl.DataFrame({"n": range(1000)}).write_parquet(path, row_group_size=100)
    splits = list(of_groups(path, 0, rows=250))
    assert [(s.start, s.stop, s.first) for s in splits] == [(0, 3, 0), (3, 6, 300), (6, 9, 600), (9, 10, 900)]
