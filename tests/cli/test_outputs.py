"""Where a command is told to write: nothing that is read is overwritten, nothing is found out too late."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from conformance.cli.app import build
from conformance.cli.failure import Failure
from tests.cli.test_data_check import delivered

CHECK = ("data", "check", "in/F04-05.ndjson", "--output", "checks")
SCAN = ("data", "scan", "in", "--values", "values.txt")
MASK = ("data", "mask", "in", "--item", "F04-05", "--audience", "financial_institution")
SYNTH = ("data", "synth", "--item", "F04-05", "--rows", "3")


def refused(*words: str) -> Failure:
    result = CliRunner().invoke(build(), [*words, "--lang", "en"])
    assert isinstance(result.exception, Failure), result.output
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
