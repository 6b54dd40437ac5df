"""Which files paths, folders and globs mean, and what is said of those that cannot be read."""

import os
from pathlib import Path

import pytest

from conformance.data.files import Compression, FileFormat, discover
from conformance.messages import load_messages
from conformance.model.text import Lang


def put(folder: Path, *names: str) -> None:
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(name.encode())


def keys(folder: Path, *paths: str) -> list[str]:
    delivery = discover([str(folder / path) for path in paths])
    for problem in delivery.problems:
        for lang in Lang:
            assert "(" not in load_messages().render(problem.message, lang)[:20]
    return [problem.message.key for problem in delivery.problems]


def test_folders_are_read_with_all_within_in_order(tmp_path: Path) -> None:
    put(tmp_path, "b/x.csv", "a/y.NDJSON", "a/z.parquet", "c.xlsx", "_SUCCESS", ".hidden.csv", "read.me")
    delivery = discover([tmp_path])
    assert [f.path.relative_to(tmp_path).as_posix() for f in delivery.files] == [
        "a/y.NDJSON",
        "a/z.parquet",
        "b/x.csv",
        "c.xlsx",
    ]
    assert [f.number for f in delivery.files] == [0, 1, 2, 3]
    assert delivery.problems == ()
    assert [Path(name).name for name in delivery.skipped] == ["read.me"]
    assert delivery.size == sum(len(f.path.relative_to(tmp_path).as_posix()) for f in delivery.files)


@pytest.mark.parametrize(
    ("name", "format_", "packed"),
    [
        ("F09-01.csv", FileFormat.CSV, Compression.NONE),
        ("F09-01.tsv.gz", FileFormat.CSV, Compression.GZIP),
        ("F09-01.TXT.BZ2", FileFormat.CSV, Compression.BZ2),
        ("F09-01.jsonl.xz", FileFormat.NDJSON, Compression.XZ),
        ("F09-01.ndjson.zst", FileFormat.NDJSON, Compression.ZSTD),
        ("F09-01.csv.lz4", FileFormat.CSV, Compression.LZ4),
        ("F09-01.xlsx", FileFormat.XLSX, Compression.NONE),
        ("F09-01.parquet", FileFormat.PARQUET, Compression.NONE),
    ],
)
def test_the_suffix_tells_format_and_compression(
    tmp_path: Path, name: str, format_: FileFormat, packed: Compression
) -> None:
    put(tmp_path, name)
    (file,) = discover([tmp_path]).files
    assert (file.format, file.compression, file.stem) == (format_, packed, "F09-01")


def test_globs_are_looked_up_and_a_name_with_a_star_is_a_name(tmp_path: Path) -> None:
    put(tmp_path, "a/1.csv", "a/b/2.csv", "a/x[1].csv")
    found = discover([str(tmp_path / "a" / "**" / "*.csv"), str(tmp_path / "a" / "x[1].csv")])
    assert sorted(f.path.name for f in found.files) == ["1.csv", "2.csv", "x[1].csv"]
    assert keys(tmp_path, "a/x[1].csv") == []


def test_a_file_named_twice_is_read_once(tmp_path: Path) -> None:
    put(tmp_path, "a.csv")
    (tmp_path / "link.csv").symlink_to(tmp_path / "a.csv")
    assert len(discover([tmp_path, tmp_path / "a.csv", tmp_path / "link.csv"]).files) == 1


def test_folders_that_lead_round_in_a_circle_end(tmp_path: Path) -> None:
    put(tmp_path, "a/1.csv")
    (tmp_path / "a" / "again").symlink_to(tmp_path)
    assert len(discover([tmp_path]).files) == 1


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes on this system")
def test_what_is_no_table_is_named(tmp_path: Path) -> None:
    put(tmp_path, "a.csv", "b.doc", "c.parquet.gz", "d.xlsx.zst")
    os.mkfifo(tmp_path / "pipe.csv")
    (tmp_path / "dangling.csv").symlink_to(tmp_path / "nowhere")
    assert keys(tmp_path, "nowhere.csv", "*.ndjson", "b.doc", "c.parquet.gz", "d.xlsx.zst") == [
        "files.missing",
        "files.no_match",
        "files.suffix",
        "files.packed",
        "files.packed",
    ]
    assert keys(tmp_path, "pipe.csv", "dangling.csv") == ["files.no_file", "files.missing"]


def test_nothing_to_read_is_a_problem(tmp_path: Path) -> None:
    assert keys(tmp_path, ".") == ["files.none"]
    assert [p.message.key for p in discover([]).problems] == ["files.none"]


def test_a_folder_without_files_is_named(tmp_path: Path) -> None:
    (problem,) = discover([tmp_path]).problems
    assert (problem.file, problem.message.key) == (str(tmp_path), "files.none")


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="permissions do not stop this user")
def test_a_file_that_may_not_be_read_is_named(tmp_path: Path) -> None:
    put(tmp_path, "a.csv")
    (tmp_path / "a.csv").chmod(0)
    assert keys(tmp_path, "a.csv") == ["files.unreadable"]


def test_results_are_data_only_where_they_are_named(tmp_path: Path) -> None:
    for name in ("F09-01.csv", "checks/1/rules.csv"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(b"x")
    checks = tmp_path / "checks"
    assert [f.path.name for f in discover([tmp_path], checks).files] == ["F09-01.csv"]
    assert [f.path.name for f in discover([tmp_path, checks], checks).files] == ["F09-01.csv", "rules.csv"]
    assert [f.path.name for f in discover([tmp_path], tmp_path).files] == ["F09-01.csv", "rules.csv"]
