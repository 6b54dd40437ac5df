"""Where a command writes: over nothing that is read, nothing half, and to whatever takes it."""

import errno
import io
import os
import subprocess
import sys
from pathlib import Path
from typing import NoReturn

import pytest
from typer.testing import CliRunner

from conformance.cli.shared.delivery_folder import write_delivery
from conformance.cli.shared.errors import UNHEARD, guarded
from conformance.cli.shared.program import build
from conformance.cli.shared.voice import Voice, colored
from conformance.data.keys.spill import OnDisk
from conformance.model.errors import UserError
from conformance.model.text import Lang
from tests.conformance.cli.test_data_check import delivered
from tests.conformance.data.report import sample

CHECK = ("data", "check", "in/F04-05.ndjson", "--output", "checks")
SCAN = ("data", "scan", "in", "--values", "values.txt")
MASK = ("data", "mask", "in", "--item", "F04-05", "--audience", "financial_institution")
SYNTH = ("data", "synth", "--item", "F04-05", "--rows", "3")


def refused(*words: str) -> UserError:
    result = CliRunner().invoke(build(), [*words, "--lang", "en"])
    assert isinstance(result.exception, UserError), result.output
    return result.exception


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "in").mkdir()
    delivered(tmp_path / "in/F04-05.ndjson", spoiled=[2])
    (tmp_path / "values.txt").write_text("91990201XTMXJ3649W\n", "utf-8")
    return tmp_path


@pytest.mark.parametrize(
    "words",
    [
        (*CHECK, "--accepts", "in/F04-05.ndjson"),
        (*CHECK, "--rejects", "in/../in/F04-05.ndjson"),
        (*CHECK, "--rejects", "link.ndjson"),
        (*SCAN, "--output", "in/F04-05.ndjson"),
        (*SCAN, "--output", "values.txt"),
        (*MASK, "--output", "in", "--force"),
    ],
)
def test_what_is_read_is_never_overwritten(here: Path, words: tuple[str, ...]) -> None:
    (here / "link.ndjson").symlink_to("in/F04-05.ndjson")
    before = {path: path.read_bytes() for path in here.rglob("*") if path.is_file()}
    assert refused(*words).message.key == "cli.output_is_input"
    assert {path: path.read_bytes() for path in here.rglob("*") if path.is_file()} == before


@pytest.mark.parametrize(
    "words",
    [
        (*CHECK, "--accepts", "a.ndjson", "--rejects", "in/../a.ndjson"),
        (*SYNTH, "--output", "a.ndjson", "--truth", "./a.ndjson"),
    ],
)
@pytest.mark.usefixtures("here")
def test_two_options_do_not_write_one_file(words: tuple[str, ...]) -> None:
    assert refused(*words).message.key == "cli.output_twice"
    assert not Path("a.ndjson").exists()


@pytest.mark.parametrize("words", [(*CHECK, "--accepts"), (*CHECK, "--rejects"), (*SCAN, "--output")])
@pytest.mark.parametrize("place", [".", "in", "/dev/null"])
@pytest.mark.usefixtures("here")
def test_a_folder_or_a_device_is_no_file_to_write(words: tuple[str, ...], place: str) -> None:
    assert refused(*words, place).message.key == "cli.output_no_file"


@pytest.mark.parametrize("option", ["--accepts", "--output"])
@pytest.mark.usefixtures("here")
def test_what_cannot_be_written_is_told_before_anything_is_read(option: str) -> None:
    failure = refused(*CHECK[:3], option, "values.txt/inner/file")
    assert failure.message.key == "cli.file_trouble"
    assert failure.message.args["file"] == "values.txt/inner/file"


FULL = (OSError(errno.ENOSPC, "No space left on device"), OSError("No space left on device (os error 28)"))


@pytest.mark.parametrize("error", FULL)
def test_a_full_disk_is_no_fault_of_the_suite(error: OSError, capsys: pytest.CaptureFixture[str]) -> None:
    def app() -> NoReturn:
        raise error

    with pytest.raises(SystemExit) as left:
        guarded(app)
    assert left.value.code == 2
    assert "TMPDIR" in capsys.readouterr().err


def test_keys_are_gone_though_what_waits_finds_no_room() -> None:
    class Full(OnDisk):
        def close(self) -> None:
            raise FULL[0]

    with pytest.raises(OSError), Full() as full:  # noqa: PT011
        assert full.folder.exists()
    assert not full.folder.exists()


def test_a_report_has_its_name_only_when_it_is_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def half(path: Path, text: str, *_: object, **__: object) -> NoReturn:
        path.write_bytes(text.encode()[:10])
        raise FULL[0]

    monkeypatch.setattr(Path, "write_text", half)
    monkeypatch.setattr("conformance.cli.shared.delivery_folder.render_html", lambda *_: "page")
    monkeypatch.setattr("conformance.cli.shared.delivery_folder.render_junit", lambda *_: "units")
    monkeypatch.setattr("conformance.cli.shared.delivery_folder.render_csv", lambda *_: "rules")
    with pytest.raises(OSError):  # noqa: PT011
        write_delivery(tmp_path / "run", sample.document_of("empty"), Lang.ZH)
    assert not any((tmp_path / "run").iterdir())


def test_what_the_encoding_of_stdout_lacks_is_spelled_out(monkeypatch: pytest.MonkeyPatch) -> None:
    written = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(written, encoding="gbk"))
    guarded(lambda: Voice.line("✗ 不符合"))
    assert written.getvalue() == "\\u2717 不符合\n".encode("gbk")


def test_a_terminal_is_plain_where_that_is_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    monkeypatch.delenv("NO_COLOR", raising=False)
    assert colored()
    monkeypatch.setenv("NO_COLOR", "1")
    assert not colored()


@pytest.mark.parametrize(("value", "expects_colors"), [("1", "colors"), ("", ""), ("0", "")])
def test_colors_can_be_asked_for_without_a_terminal(
    value: str,
    expects_colors: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(sys.stdout, "isatty", lambda: False)
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setenv("FORCE_COLOR", value)
    assert colored() == bool(expects_colors)
    monkeypatch.setenv("NO_COLOR", "1")
    assert not colored()


def test_output_that_nobody_reads_is_no_verdict() -> None:
    """As a shell says of a program that SIGPIPE ended: 1 would be "does not conform"."""
    reader, writer = os.pipe()
    os.close(reader)
    try:
        completed = subprocess.run([sys.executable, "-m", "conformance", "list"], stdout=writer, check=False)
    finally:
        os.close(writer)
    assert completed.returncode == UNHEARD
