"""The pytest front end, run as a user runs it."""

import os
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

CHECKOUT = Path(__file__).parents[2]


def run(folder: Path, *options: str, target: bool = True) -> subprocess.CompletedProcess[str]:
    (folder / "test_of_the_vendor.py").write_text("def test_never_collected(): assert False\n")
    plugins = ("-p", "tests.support.toy_plugin", "-p", "conformance.plugin")
    target_options = ("--fcsp-target", "target.toml") if target else ()
    return subprocess.run(
        (sys.executable, "-m", "pytest", "-rs", *plugins, *target_options, *options),
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(CHECKOUT)},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_one_item_for_each_case_and_nothing_else(tmp_path: Path) -> None:
    process = run(tmp_path, "-v")
    assert "TOY-001/good PASSED" in process.stdout
    assert "TOY-002/bad FAILED" in process.stdout
    assert "reply.status: expected 204, received 200" in process.stdout
    assert "never_collected" not in process.stdout
    assert "complete: true" in process.stdout
    assert "Traceback" not in process.stdout + process.stderr
    assert process.returncode == 1


@pytest.mark.parametrize(
    ("selected", "code"),
    [("good", 0), ("bad or broken", 1), ("broken or unsure", 4), ("unsure or good", 3), ("005", 3)],
)
def test_the_exit_code_is_that_of_the_suite(tmp_path: Path, selected: str, code: int) -> None:
    done = run(tmp_path, "-k", selected)
    assert done.returncode == code, done.stdout
    assert "complete: false" in done.stdout


def test_x_stops_at_the_first_failure(tmp_path: Path) -> None:
    done = run(tmp_path, "-x", "-v", "--fcsp-jobs", "1")
    assert "stopping after 1 failures" in done.stdout
    assert done.returncode == 1


def test_reports_of_pytest_carry_requirement_and_verdict(tmp_path: Path) -> None:
    run(tmp_path, "--junit-xml", "out.xml")
    cases = ET.parse(tmp_path / "out.xml").getroot().iter("testcase")  # noqa: S314 - written by us
    properties_by_case = {
        properties["case"]: properties["verdict"]
        for case in cases
        if (properties := {p.get("name"): p.get("value") for p in case.iter("property")})
    }
    assert properties_by_case == {
        "TOY-001/good": "passed",
        "TOY-002/bad": "failed",
        "TOY-003/unsure": "inconclusive",
        "TOY-004/broken": "errored",
        "TOY-005/manual": "manual",
    }


def test_processes_in_parallel_are_refused_with_the_reason(tmp_path: Path) -> None:
    done = run(tmp_path, "-n", "2")
    assert done.returncode == 4
    assert "-n is refused" in done.stderr


def test_a_target_is_required(tmp_path: Path) -> None:
    done = run(tmp_path, target=False)
    assert (done.returncode, "--fcsp-target is required" in done.stderr) == (4, True)
