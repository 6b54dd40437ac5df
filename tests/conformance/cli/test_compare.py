"""Comparing runs: which run is compared with which, what the exit code says, and what is no run."""

from pathlib import Path

import pytest

from conformance.cli.shared.run_folder import previous_run, write_reports
from conformance.model.judgement import Verdict
from conformance.model.text import Lang
from conformance.results import ResultDocument, result_document
from tests.conformance.cli.commands import fcsp, refused
from tests.conformance.results import sample


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three runs: of a platform, of the same one when it was mended, and of another."""
    folder = tmp_path_factory.mktemp("vendor") / "runs"
    worse = result_document(sample.run(platform={"platform_id": "x"}), sample.standard())
    cases = [
        case.changed(verdict=Verdict.PASSED) if case.verdict is Verdict.FAILED else case
        for case in worse.cases
    ]
    better = worse.changed(cases=cases)
    other_platform = worse.changed(run=worse.run.changed(platform={"platform_id": "y"}))
    for name, document in (("1-worse", worse), ("2-other", other_platform), ("3-better", better)):
        renamed_run = document.changed(run=document.run.changed(id=name))
        write_reports(folder / name, renamed_run, Lang.EN)
    return folder


def test_compare_takes_the_last_run_and_the_one_before_it_of_the_same_platform(runs: Path) -> None:
    completed = fcsp("compare", folder=runs.parent)
    assert completed.returncode == 0, completed.stderr
    assert "1-worse compared with 3-better" in completed.stdout
    assert "1 fixed" in completed.stdout
    assert "2-other" not in completed.stdout


def test_compare_says_by_its_exit_code_that_something_got_worse(runs: Path) -> None:
    completed = fcsp("compare", "runs/3-better", "runs/1-worse", folder=runs.parent)
    assert completed.returncode == 1, completed.stderr
    assert "AUT-002/fact_holds[F01-01]" in completed.stdout
    unchanged = fcsp("compare", "runs/1-worse/result.json", "runs/1-worse", folder=runs.parent)
    assert unchanged.returncode == 0


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("compare", "nowhere", "runs/1-worse"), "nowhere"),
        (("compare", "--output", "nowhere"), "nowhere"),
        (("run", "--compare", "target.toml"), "target.toml"),
    ],
)
def test_compare_names_what_is_no_run(words: tuple[str, ...], told: str, runs: Path) -> None:
    (runs.parent / "target.toml").write_text("")
    refused(fcsp(*words, folder=runs.parent), told)


def test_a_run_without_an_earlier_one_is_not_compared(runs: Path) -> None:
    completed = fcsp("compare", "--output", str(runs / "1-worse" / ".."), folder=runs.parent)
    assert completed.returncode == 0
    document = ResultDocument.from_json((runs / "1-worse" / "result.json").read_bytes())
    assert previous_run(runs, document) is None


def test_a_whole_run_is_compared_with_a_whole_one(tmp_path: Path) -> None:
    full_run = result_document(sample.run(), sample.standard())
    for name, complete in (("1", True), ("2", False), ("3", True)):
        stored_run = full_run.changed(complete=complete, run=full_run.run.changed(id=name))
        write_reports(tmp_path / name, stored_run, Lang.EN)
    last = full_run.changed(run=full_run.run.changed(id="3"))
    earlier, partial = (previous_run(tmp_path, run) for run in (last, last.changed(complete=False)))
    assert earlier
    assert earlier.run.id == "1"
    assert partial
    assert partial.run.id == "2"
