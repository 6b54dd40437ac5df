"""Arguments of the commands: selections, addresses, days and durations, and the completions of shells."""

from pathlib import Path

import pytest

from conformance.cli.shared.inputs import duration_seconds
from tests.conformance.cli.commands import fcsp, refused


def planned(workspace: Path, *words: str) -> set[str]:
    done = fcsp("plan", *words, folder=workspace)
    assert done.returncode == 0, done.stderr
    return {line[:7] for line in done.stdout.splitlines()[:-1]}


def test_a_selection_is_a_union(workspace: Path) -> None:
    part, requirement = planned(workspace, "AUT"), planned(workspace, "DES-001")
    assert planned(workspace, "AUT", "DES-001") == part | requirement
    assert {"AUT-001", "DES-001"} <= part | requirement
    assert planned(workspace, "catalog", "COL-031") == planned(workspace, "CAT") | planned(
        workspace, "COL-031"
    )


@pytest.mark.parametrize(
    ("word", "near"), [("AUT-03", "AUT-003"), ("catalogue", "catalog"), ("autorization", "authorization")]
)
def test_a_word_that_selects_nothing_is_named_with_the_nearest(word: str, near: str, workspace: Path) -> None:
    refused(fcsp("plan", "AUT-001", word, folder=workspace), word, near)


@pytest.mark.parametrize(
    "url",
    [
        "nonsense",
        "ftp://h",
        "https://",
        "https://u@h",
        "https://u:p@h",
        "https://h/?a",
        "https://h/#a",
        "http://h:x",
        "http://h:99999",
        "http://h/\n",
    ],
)
def test_a_base_url_that_is_none_is_refused(url: str, tmp_path: Path) -> None:
    refused(fcsp("init", "--base-url", url, folder=tmp_path), "https://")
    assert not any(tmp_path.iterdir())


def test_days_before_the_standard_and_unknown_divisions_are_refused(workspace: Path, tmp_path: Path) -> None:
    refused(fcsp("plan", "--as-of", "1900-01-01", folder=workspace), "1900-01-01", "2026-01-01")
    refused(fcsp("plan", "--as-of", "", folder=workspace), "--as-of")
    refused(fcsp("init", "--division", "123456", folder=tmp_path), "123456", "110000", "990000")


@pytest.mark.parametrize("option", ["--wait", "--max-time"])
@pytest.mark.parametrize("text", ["", "0", "soon", "-1", "5x", "1m1h"])
def test_durations_that_are_none_are_refused(option: str, text: str, workspace: Path) -> None:
    refused(fcsp("run", option, text, folder=workspace), option, "1h30m")


@pytest.mark.parametrize(("text", "seconds"), [("90", 90), ("2.5s", 2.5), ("10m", 600), ("1h30m", 5400)])
def test_durations_are_read(text: str, seconds: float) -> None:
    assert duration_seconds("--wait", text) == seconds


def test_a_platform_that_does_not_start_is_waited_for_and_named(workspace: Path) -> None:
    done = fcsp("doctor", "--wait", "0.1", folder=workspace)
    assert done.returncode == 2
    assert "http://127.0.0.1:1" in done.stderr
    assert "refuses connections" in done.stdout


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish", "powershell"])
def test_completion_scripts_call_the_program(shell: str, tmp_path: Path) -> None:
    done = fcsp("completion", shell, folder=tmp_path)
    assert done.returncode == 0
    assert "_FCSP_COMPLETE" in done.stdout


@pytest.mark.parametrize(
    ("line", "completions"),
    [("fcsp re", {"rejudge"}), ("fcsp data s", {"scan", "synth"}), ("fcsp run --se", {"--seed"})],
)
def test_shells_get_completions(line: str, completions: set[str], tmp_path: Path) -> None:
    more = {"_FCSP_COMPLETE": "complete_bash", "COMP_WORDS": line, "COMP_CWORD": str(line.count(" "))}
    assert set(fcsp(folder=tmp_path, more=more).stdout.split()) == completions
