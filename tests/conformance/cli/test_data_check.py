"""`fcsp data check` as a user runs it: what it says, what it writes, how it ends."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from random import Random

import pytest

from conformance.cli.shared.run_folder import new_folder
from conformance.data.cluster.session import SparkError
from tests.conformance.data.hostile_lines import written
from tests.conformance.data.item_rows import rows, standard
from tests.support import command

REPORTS = {"result.json", "report.html", "report.zh.html", "junit.xml", "rules.csv"}


def fcsp(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    return command.fcsp(folder, "data", "check", *words, "--lang", "en")


def delivered(path: Path, count: int = 6, *, spoiled: Sequence[int] = (), end: bytes = b"\n") -> Path:
    records = [{**row, "record.version": 1} for row in rows("F04-05", Random(4), count)]
    for number in spoiled:
        records[number]["determined_date"] = "2021-2-3"
    path.write_bytes(b"\n".join(map(written, records)) + end)
    return path


def document(folder: Path) -> dict[str, object]:
    (result,) = folder.glob("checks/*/result.json")
    found: dict[str, object] = json.loads(result.read_text("utf-8"))
    return found


def test_good_files_end_with_0_and_all_reports(tmp_path: Path) -> None:
    delivered(tmp_path / "F04-05.ndjson")
    completed = fcsp(tmp_path, "F04-05.ndjson")
    assert completed.returncode == 0, completed.stdout + completed.stderr
    (folder,) = (tmp_path / "checks").iterdir()
    assert {path.name for path in folder.iterdir()} == REPORTS
    assert document(tmp_path)["counts"] == {"rows": 6, "bad": 0}
    assert "reconstruction" in completed.stdout.lower()


def test_bad_rows_end_with_1_and_are_written_apart(tmp_path: Path) -> None:
    path = delivered(tmp_path / "F04-05.ndjson", spoiled=[2])
    completed = fcsp(tmp_path, "F04-05.ndjson", "--accepts", "good.ndjson", "--rejects", "bad.ndjson")
    assert completed.returncode == 1
    assert "determined_date/format" in completed.stdout
    assert 'F04-05.ndjson:3 "2021-2-3"' in completed.stdout
    lines = path.read_bytes().splitlines(keepends=True)
    assert (tmp_path / "good.ndjson").read_bytes() == b"".join((*lines[:2], *lines[3:]))
    assert json.loads((tmp_path / "bad.ndjson").read_text("utf-8"))["line"] == 3


def test_rows_of_a_file_without_a_last_line_end_stay_apart(tmp_path: Path) -> None:
    lines = delivered(tmp_path / "F04-05.ndjson", 6).read_bytes().splitlines()
    (tmp_path / "F04-05_a.ndjson").write_bytes(b"\n".join(lines[:3]))
    (tmp_path / "F04-05_b.ndjson").write_bytes(b"\n".join(lines[3:]))
    completed = fcsp(tmp_path, "F04-05_a.ndjson", "F04-05_b.ndjson", "--accepts", "good.ndjson")
    assert completed.returncode == 0, completed.stdout
    assert (tmp_path / "good.ndjson").read_bytes() == b"\n".join(lines)


def test_rows_of_several_encodings_do_not_go_into_one_file(tmp_path: Path) -> None:
    text = "subject.uscc,determined_date,determining_authority\n91990201XTMXJ3649W,2026-01-01,某局\n"
    for name in ("utf-8", "gb18030"):
        (tmp_path / f"F04-05_{name}.csv").write_bytes(text.encode(name))
    completed = fcsp(tmp_path, ".", "--accepts", "good.csv")
    assert completed.returncode == 2, completed.stdout
    assert "one format and encoding" in completed.stderr
    assert not (tmp_path / "good.csv").exists()


def test_a_file_that_breaks_off_is_named(tmp_path: Path) -> None:
    path = delivered(tmp_path / "F04-05.ndjson")
    path.write_bytes(path.read_bytes()[:-9])
    completed = fcsp(tmp_path, "F04-05.ndjson")
    assert completed.returncode == 1
    assert "line/truncated" in completed.stdout
    assert "F04-05.ndjson:6" in completed.stdout


def test_an_archive_that_breaks_off_is_not_verified(tmp_path: Path) -> None:
    import gzip

    path = delivered(tmp_path / "F04-05.ndjson", 400)
    packed = gzip.compress(path.read_bytes())
    (tmp_path / "F04-05.ndjson.gz").write_bytes(packed[: len(packed) // 2])
    completed = fcsp(tmp_path, "F04-05.ndjson.gz")
    assert completed.returncode in (1, 3)
    assert document(tmp_path)["problems"]
    assert "Traceback" not in completed.stderr + completed.stdout


@pytest.mark.parametrize(
    "words",
    [
        ("nothing.ndjson",),
        (".",),
        ("F04-05.ndjson", "--item", "Z99-99"),
        ("F04-05.ndjson", "--mapping", "no_such"),
        ("F04-05.ndjson", "--encoding", "latin1"),
        ("F04-05.ndjson", "--as-of", "yesterday"),
        ("F04-05.csv", "--delimiter", "\\t"),
        ("F04-05.csv", "--delimiter", ""),
        ("F04-05.csv", "--delimiter", '"'),
        ("F04-05.ndjson", "F04-05.csv", "--accepts", "good"),
        (),
    ],
    ids=" ".join,
)
def test_what_cannot_be_done_ends_with_2_and_a_reason(tmp_path: Path, words: tuple[str, ...]) -> None:
    if words != (".",):
        delivered(tmp_path / "F04-05.ndjson")
        (tmp_path / "F04-05.csv").write_text("subject.uscc,determined_date\n", "utf-8")
    completed = fcsp(tmp_path, *words)
    assert completed.returncode == 2, completed.stdout + completed.stderr
    assert completed.stderr.strip()
    assert "Traceback" not in completed.stderr
    assert not (tmp_path / "good").exists()


def test_what_is_wrong_with_a_mapping_is_not_said_of_the_standard(tmp_path: Path) -> None:
    delivered(tmp_path / "F04-05.ndjson")
    said = fcsp(tmp_path, "F04-05.ndjson", "--mapping", "mine.yaml").stderr
    assert said.startswith("The mapping has 1 problem")
    assert "lint" not in said


def test_checks_of_one_second_have_folders_of_their_own(tmp_path: Path) -> None:
    names = [new_folder(tmp_path / "checks" / "20260305T083000").name for _ in range(3)]
    assert names == ["20260305T083000", "20260305T083000-2", "20260305T083000-3"]


def test_no_rows_are_no_conformity(tmp_path: Path) -> None:
    (tmp_path / "F04-05.ndjson").write_bytes(b"")
    assert fcsp(tmp_path, "F04-05.ndjson", "--item", "F04-05").returncode == 3


@pytest.mark.parametrize("kind", [signal.SIGINT, signal.SIGTERM])
def test_a_stop_leaves_a_partial_result_that_says_so(tmp_path: Path, kind: signal.Signals) -> None:
    path = delivered(tmp_path / "F04-05.ndjson", 300, spoiled=[0])
    path.write_bytes(path.read_bytes() * 3000)
    words = [sys.executable, "-m", "conformance", "data", "check", "F04-05.ndjson", "--lang", "en"]
    words += ["--accepts", "good.ndjson"]
    going = subprocess.Popen(words, cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    assert going.stderr is not None
    assert going.stderr.readline()  # the first tenth is done
    going.send_signal(kind)
    errors, _ = going.communicate(timeout=60)
    assert going.returncode == 130, errors
    assert document(tmp_path)["complete"] is False
    assert document(tmp_path)["exit_code"] != 0
    assert not (tmp_path / "good.ndjson").exists()


@pytest.mark.parametrize("kind", [signal.SIGINT, signal.SIGTERM])
def test_a_stop_leaves_nothing_of_what_was_being_made(tmp_path: Path, kind: signal.Signals) -> None:
    words = [sys.executable, "-m", "conformance", "data", "synth", "--item", "F04-05", "--lang", "en"]
    words += ["--rows", "5000000", "--output", "rows.ndjson", "--truth", "truth.ndjson"]
    going = subprocess.Popen(words, cwd=tmp_path, stderr=subprocess.PIPE, text=True)
    while not any(tmp_path.iterdir()):
        assert going.poll() is None
        time.sleep(0.05)
    going.send_signal(kind)
    _, errors = going.communicate(timeout=60)
    assert (going.returncode, errors) == (130, "Interrupted.\n")
    assert not any(tmp_path.iterdir())


def test_members_that_the_item_does_not_have_are_named(tmp_path: Path) -> None:
    (record,) = rows("F04-05", Random(4), 1)
    odd = {**record, "record.version": 1, "备注": "secret", "990101199001010012": "secret"}
    (tmp_path / "F04-05.ndjson").write_bytes(written(odd) + b"\n")
    completed = fcsp(tmp_path, "F04-05.ndjson")
    assert "F04-05.ndjson:1 备注, 999999999999999999" in completed.stdout
    assert "secret" not in completed.stdout + json.dumps(document(tmp_path))


def test_columns_that_are_wanted_are_those_of_the_item_in_the_name(tmp_path: Path) -> None:
    (tmp_path / "F04-05.csv").write_text("A title above\n1,2\n", "utf-8")
    completed = fcsp(tmp_path, "F04-05.csv")
    assert completed.returncode == 3
    assert "remove what stands above the names" in completed.stdout
    fields = [field.name for field in standard().checklist.item("F04-05").fields]
    assert ", ".join(fields[-2:]) + ";" in completed.stdout


def test_what_a_format_looks_like_is_told(tmp_path: Path) -> None:
    delivered(tmp_path / "F04-05.ndjson", spoiled=[2])
    assert "a day that exists, such as 2026-03-05." in fcsp(tmp_path, "F04-05.ndjson").stdout


@pytest.mark.parametrize("number", ["990101199001010012", "990101199001010019", "13812345678"])
def test_numbers_of_persons_in_public_columns_are_not_shown(tmp_path: Path, number: str) -> None:
    (record,) = rows("F04-05", Random(4), 1)
    odd = {**record, "record.version": 1, "determined_date": number, "subject.name": " 欧阳娜娜"}
    (tmp_path / "F04-05.ndjson").write_bytes(written(odd) + b"\n")
    completed = fcsp(tmp_path, "F04-05.ndjson")
    assert "determined_date/format" in completed.stdout
    assert "subject.name/not" in completed.stdout
    for text in (completed.stdout, *(path.read_text("utf-8") for path in tmp_path.glob("checks/*/*"))):
        assert number not in text
        assert "欧阳" not in text


@pytest.mark.parametrize("packing", ["gz", "bz2", "xz", "zst", "lz4"])
def test_an_archive_of_no_bytes_is_not_verified(tmp_path: Path, packing: str) -> None:
    delivered(tmp_path / "F04-05.ndjson")
    (tmp_path / f"F04-05_b.ndjson.{packing}").touch()
    completed = fcsp(tmp_path, "F04-05.ndjson", f"F04-05_b.ndjson.{packing}")
    assert completed.returncode == 3, completed.stdout
    assert "Transfer it again" in completed.stdout


def test_a_name_that_is_no_text_is_written_all_the_same(tmp_path: Path) -> None:
    delivered(tmp_path / os.fsdecode(b"F04-05_\xff.ndjson"), spoiled=[2])
    completed = fcsp(tmp_path, ".", "--rejects", "bad/rows.txt")
    assert completed.returncode == 1, completed.stderr
    assert json.loads((tmp_path / "bad/rows.txt").read_text("utf-8"))["line"] == 3
    assert document(tmp_path)["counts"] == {"rows": 6, "bad": 1}


def test_what_is_missing_for_a_cluster_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    from conformance.data.cluster import session

    monkeypatch.setattr("shutil.which", lambda _: None)
    with pytest.raises(SparkError) as refusal:
        session.session_class()
    assert refusal.value.message.key == "spark.no_java"
