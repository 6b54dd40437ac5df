"""`fcsp data scan` on files of any kind: where values are found, and that none of them is ever shown."""

import bz2
import gzip
import json
import lzma
import os
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import polars as pl
import pyarrow as pa
import pytest
from typer.testing import CliRunner, Result

from conformance.cli.shared.program import build
from conformance.model.errors import UserError

SECRET, NAME = "990101199001010012", "欧阳娜娜"
TEXT = f"a line\nanother with {SECRET[:9]}-{SECRET[9:]} in it\n第三行：{NAME}\n".encode()


def run(folder: Path, *words: str, values: str = f"id\t{SECRET}\n{NAME}\n") -> Result:
    (folder / "values.txt").write_text(values, "utf-8")
    named = ["data", "scan", *words, "--values", str(folder / "values.txt"), "--lang", "en"]
    return CliRunner().invoke(build(), named)


def zipped(content: bytes) -> bytes:
    import io

    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("inner/a.txt", content)
    return out.getvalue()


def _zstd(content: bytes) -> bytes:
    sink = pa.BufferOutputStream()
    with pa.CompressedOutputStream(sink, "zstd") as out:
        out.write(content)
    return bytes(sink.getvalue().to_pybytes())


WRAPPED: dict[str, Callable[[bytes], bytes]] = {
    "plain": bytes,
    "gzip": gzip.compress,
    "bz2": bz2.compress,
    "xz": lzma.compress,
    "zstd": _zstd,
    "zip": zipped,
}


@pytest.mark.parametrize("kind", WRAPPED)
def test_values_are_found_and_never_shown(tmp_path: Path, kind: str) -> None:
    (tmp_path / "in").write_bytes(WRAPPED[kind](TEXT))
    result = run(tmp_path, str(tmp_path / "in"), "--output", str(tmp_path / "found.ndjson"))
    assert result.exit_code == 1, result.output
    hits = [json.loads(line) for line in (tmp_path / "found.ndjson").read_text("utf-8").splitlines()]
    assert [(f["line"], f["offset"], f["name"], f["encoding"]) for f in hits] == [
        (2, 7, "id", "spaced"),
        (3, TEXT.index("第".encode()), "#2", "raw"),
    ]
    assert SECRET not in result.output
    assert NAME not in result.output + json.dumps(hits, ensure_ascii=False)


def test_tables_are_unpacked(tmp_path: Path) -> None:
    pl.DataFrame({"a": ["x"] * 9, "b": ["y"] * 8 + [SECRET]}).write_parquet(tmp_path / "in.parquet")
    done = run(tmp_path, str(tmp_path / "in.parquet"))
    assert done.exit_code == 1
    assert "in.parquet:9: id (raw)" in done.output


def test_nothing_found(tmp_path: Path) -> None:
    (tmp_path / "in.txt").write_text("990101199001010013\n", "utf-8")
    result = run(tmp_path, str(tmp_path / "in.txt"))
    assert result.exit_code == 0
    assert "100 %" in result.output
    assert "rows" not in result.output  # none are counted


def test_a_broken_file_is_not_a_clean_one(tmp_path: Path) -> None:
    (tmp_path / "in.gz").write_bytes(gzip.compress(b"nothing here\n" * 5000)[:60])
    result = run(tmp_path, str(tmp_path / "in.gz"))
    assert result.exit_code == 3
    assert "in.gz" in result.output
    (tmp_path / "cut.zip").write_bytes(zipped(SECRET.encode())[:-20])
    assert run(tmp_path, str(tmp_path / "cut.zip")).exit_code == 3
    for begin in (b"7z\xbc\xaf\x27\x1c", b"Rar!\x1a\x07\x01\0", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        (tmp_path / "sealed").write_bytes(begin + b"nothing here")
        assert run(tmp_path, str(tmp_path / "sealed")).exit_code == 3
        (tmp_path / "sealed").write_bytes(begin + f"\n{SECRET}\n".encode())
        assert run(tmp_path, str(tmp_path / "sealed")).exit_code == 1
    (tmp_path / "bad.parquet").write_bytes(b"PAR1 nonsense")
    assert run(tmp_path, str(tmp_path / "bad.parquet")).exit_code == 3


def test_places_are_limited_for_each_value(tmp_path: Path) -> None:
    (tmp_path / "in.txt").write_text(f"{SECRET}\n" * 50, "utf-8")
    done = run(tmp_path, str(tmp_path / "in.txt"), "--most", "3")
    assert done.output.count("(raw)") == 3
    assert "3 places listed (at most 3 of each value in each file)" in done.output


@pytest.mark.parametrize("values", ["", "\n\n", "name\t\n"])
def test_no_values(tmp_path: Path, values: str) -> None:
    done = run(tmp_path, str(tmp_path), values=values)
    assert isinstance(done.exception, UserError)


def test_a_name_that_is_no_text_is_written_all_the_same(tmp_path: Path) -> None:
    path = tmp_path / os.fsdecode(b"in_\xff.txt")
    path.write_text(SECRET, "utf-8")
    result = run(tmp_path, str(path), "--output", str(tmp_path / "found.ndjson"))
    assert result.exit_code == 1, result.output
    assert json.loads((tmp_path / "found.ndjson").read_text("utf-8"))["name"] == "id"


def test_what_is_missing_or_unknown(tmp_path: Path) -> None:
    assert isinstance(run(tmp_path, str(tmp_path / "nowhere")).exception, UserError)
    (tmp_path / "in.txt").write_text("x", "utf-8")
    assert isinstance(run(tmp_path, str(tmp_path / "in.txt"), "--engine", "grep").exception, UserError)


def test_short_values_are_named(tmp_path: Path) -> None:
    (tmp_path / "in.txt").write_text("x", "utf-8")
    done = run(tmp_path, str(tmp_path / "in.txt"), values=f"{SECRET}\nabc\n")
    assert done.exit_code == 0
    assert "#2" in done.output


def test_values_too_short_alone_are_no_search(tmp_path: Path) -> None:
    (tmp_path / "in.txt").write_text("abc", "utf-8")
    done = run(tmp_path, str(tmp_path / "in.txt"), values="abc\n--\n1\n")
    assert isinstance(done.exception, UserError)
    assert done.exception.message.key == "scan.none_searchable"


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_lists_are_read_as_editors_save_them(tmp_path: Path, end: str) -> None:
    (tmp_path / "in.txt").write_text(f"of {SECRET}\n", "utf-8")
    done = run(tmp_path, str(tmp_path / "in.txt"), values=f"\ufeff{SECRET}{end}{NAME}{end}")
    assert done.exit_code == 1, done.output
    assert "in.txt:1: #1 (raw)" in done.output


def test_only_line_ends_end_a_value(tmp_path: Path) -> None:
    (tmp_path / "in.txt").write_text("a 欧阳\u2028娜娜\n", "utf-8")
    done = run(tmp_path, str(tmp_path / "in.txt"), values=f"欧阳\u2028娜娜\n{SECRET}\n")
    assert "in.txt:1: #1 (raw)" in done.output


def test_linked_folders_are_searched_once(tmp_path: Path) -> None:
    for name in ("out", "elsewhere"):
        (tmp_path / name).mkdir()
    (tmp_path / "elsewhere/in.txt").write_text(SECRET, "utf-8")
    (tmp_path / "out/linked").symlink_to(tmp_path / "elsewhere")
    (tmp_path / "elsewhere/round").symlink_to(tmp_path / "out")
    result = run(tmp_path, str(tmp_path / "out"))
    assert result.exit_code == 1, result.output
    assert result.output.count("(raw)") == 1


@pytest.mark.parametrize("kind", ["pipe", "dangling", "circle", "locked"])
def test_what_of_a_folder_cannot_be_read_is_told(
    tmp_path: Path, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "out/odd").mkdir(parents=True)
    odd = tmp_path / "out/odd/one"
    match kind:
        case "pipe":
            os.mkfifo(odd)
        case "dangling":
            odd.symlink_to("nowhere")
        case "circle":
            odd.symlink_to("one")
        case "locked":
            odd.mkdir()
            monkeypatch.setattr(Path, "iterdir", _locked(odd, Path.iterdir))
    (tmp_path / "out/in.txt").write_text("nothing", "utf-8")
    result = run(tmp_path, str(tmp_path / "out"))
    assert result.exit_code == 3, result.output
    assert str(odd) in result.output


def _locked(folder: Path, usual: Callable[[Path], Iterator[Path]]) -> Callable[[Path], Iterator[Path]]:
    """Nothing is locked to whoever may do everything."""

    def listed(path: Path) -> Iterator[Path]:
        if path == folder:
            raise PermissionError(13, "Permission denied", str(path))
        return usual(path)

    return listed
