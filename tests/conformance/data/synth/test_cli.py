"""`fcsp data synth`: its two forms, what they refuse, what they leave behind."""

from pathlib import Path

import pytest

from tests.conformance.cli.commands import fcsp


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("", "--item CODE --rows N"),
        ("--item F09-02", "needs --rows"),
        ("--item F09-02 --rows 5 --kinds null", "--kinds needs --faults"),
        ("--for-target target.toml", "needs --output"),
        (
            "--item F09-02 --rows 5 --for-target target.toml",
            "--item, --rows cannot be used with --for-target",
        ),
        ("--item F09-02 --rows 5 --nonce x", "--nonce cannot be used with --item"),
        ("--item F09-02 --rows 5 --format xml", "--format cannot be xml"),
        ("--item F09-02 --rows 5 --faults 2", "not between 0 and 1"),
        ("--item Z99-99 --rows 5", "no item Z99-99"),
        ("--item F09-02 --rows 5 --format csv --layout record", "do not fit into csv"),
    ],
)
def test_what_makes_no_sense_is_refused(words: str, said: str, tmp_path: Path) -> None:
    done = fcsp("data", "synth", *words.split(), folder=tmp_path)
    assert done.returncode == 2
    assert said in done.stderr
    assert list(tmp_path.iterdir()) == []


def test_rows_are_written_once_and_the_wrong_ones_listed(tmp_path: Path) -> None:
    options = ["--faults", "0.2", "--kinds", "null,bad_date", "--truth", "truth"]
    words = ["data", "synth", "--item", "F09-02", "--rows", "200", *options]
    process = fcsp(*words, folder=tmp_path)
    assert process.returncode == 0
    listed = (tmp_path / "truth").read_bytes().count(b"\n")
    assert f"200 rows written, {listed} of them wrong: F09-02.ndjson" in process.stdout
    assert {path.name for path in tmp_path.iterdir()} == {"F09-02.ndjson", "truth"}
    second_process = fcsp(*words, folder=tmp_path)
    assert second_process.returncode == 2
    assert "exists" in second_process.stderr
    assert fcsp(*words, "--force", folder=tmp_path).returncode == 0


def test_the_name_of_a_file_tells_its_format(tmp_path: Path) -> None:
    words = ["data", "synth", "--item", "F09-02", "--rows", "2", "--output"]
    assert fcsp(*words, "rows.CSV", folder=tmp_path).returncode == 0
    assert fcsp(*words, "rows.parquet", folder=tmp_path).returncode == 0
    assert fcsp(*words, "rows.txt", folder=tmp_path).returncode == 0
    begins = [(tmp_path / name).read_bytes()[:1] for name in ("rows.CSV", "rows.parquet", "rows.txt")]
    assert begins[1:] == [b"P", b"{"]
    assert begins[0] != b"{"


def test_a_smaller_delivery_leaves_nothing_of_a_larger_one(tmp_path: Path) -> None:
    words = ["data", "synth", "--item", "F09-02", "--rows", "60", "--output", "out"]
    assert fcsp(*words, "--files", "5", folder=tmp_path).returncode == 0
    assert fcsp(*words, "--files", "3", "--force", folder=tmp_path).returncode == 0
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == [
        f"F09-02-{n}.ndjson" for n in (1, 2, 3)
    ]
