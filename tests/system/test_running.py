"""Running a part, nothing, twice, and against nobody."""

import json
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest

from tests.system.processes import CHECKOUT, SECONDS, TODAY, Line, fcsp, serving

CASE = "AUT-003/revoked_authorization_stops_disclosure"
PARTS = ("AUT", "CAT", "QRY")


@pytest.fixture(scope="module")
def line(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Line]:
    with serving(tmp_path_factory.mktemp("running") / "work") as line:
        yield line


def test_one_case_runs_alone(line: Line) -> None:
    outcome = line.run(CASE)
    assert outcome.code == 0, outcome.process.stdout
    assert outcome.verdicts() == {CASE: "passed"}
    assert outcome.document["complete"] is False


@pytest.mark.parametrize("words", [["AUT-999"], ["nonsense"], ["--only-failed"], ["AUT-003/no_such_check"]])
def test_empty_selection_is_not_a_success(line: Line, words: list[str]) -> None:
    outcome = line.run(*words, output=f"runs-{words[0].strip('-').replace('/', '-')}")
    assert outcome.code == 2
    assert outcome.run_folder is None
    assert "Traceback" not in outcome.process.stderr


def test_closed_port_is_explained_by_the_doctor(line: Line, tmp_path: Path) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    text = line.workspace.target.read_text("utf-8")
    address = next(row for row in text.splitlines() if row.startswith("base_url"))
    target = line.folder / "closed.toml"
    target.write_text(text.replace(address, f'base_url = "http://127.0.0.1:{port}"'), "utf-8")
    completed = fcsp(
        "run", "--target", str(target), "--output", str(tmp_path), "--lang", "en", cwd=line.folder
    )
    assert completed.returncode == 2
    assert f"127.0.0.1:{port}" in completed.stdout + completed.stderr
    assert "Traceback" not in completed.stdout + completed.stderr
    assert not list(tmp_path.iterdir())


def test_plugin_and_command_agree(line: Line, tmp_path: Path) -> None:
    """`pytest -p conformance.plugin` is a front end over the same plan."""
    outcome = line.run(*PARTS, output="runs-plugin")
    junit = tmp_path / "plugin.xml"
    command = [sys.executable, "-m", "pytest", "-p", "conformance.plugin", "-p", "no:cacheprovider", "-q"]
    command += ["--fcsp-target", str(line.workspace.target), "--junitxml", str(junit)]
    command += ["--fcsp-as-of", str(TODAY), "-k", " or ".join(f"{part}-" for part in PARTS)]
    subprocess.run(
        command,
        cwd=tmp_path,
        env={"PYTHONPATH": str(CHECKOUT), "PATH": ""},
        timeout=SECONDS,
        check=False,
        capture_output=True,
    )
    cases = ET.parse(junit).getroot().iter("testcase")  # noqa: S314 - our own file
    properties = [{p.get("name"): p.get("value") for p in case.iter("property")} for case in cases]
    assert {p["case"]: p["verdict"] for p in properties} == outcome.verdicts()


def test_equal_seed_and_nonce_send_equal_requests(tmp_path: Path) -> None:
    """Two fresh platforms, two numbers of threads, the same keys: every canonical request is the same.

    In four parts; `python -m tests.equal.compare_runs` compares all of them.
    """
    requests_of_runs = []
    for jobs in ("2", "8"):
        with serving(tmp_path / "work") as line:
            words = (
                "AUT",
                "CAT",
                "COL",
                "QRY",
                "--smoke",
                "--jobs",
                jobs,
                "--seed",
                "7",
                "--nonce",
                "abc123",
            )
            outcome = line.run(*words, output=f"runs-{jobs}")
            assert outcome.code == 0, outcome.process.stdout[-3000:]
            assert outcome.run_folder is not None
            rows = (outcome.run_folder / "transcript.jsonl").read_text("utf-8").splitlines()[1:]
            records = [json.loads(row) for row in rows]
            requests_of_runs.append({record["case"]["id"]: requests(record) for record in records})
    assert len(requests_of_runs[0]) > 60
    assert any(requests_of_runs[0].values())
    assert requests_of_runs[0] == requests_of_runs[1]


def requests(record: dict[str, Any]) -> list[str]:
    """Digests of a case's canonical requests; how often it had to ask again is the platform's doing."""
    steps = record["exchanges"]
    return [step["request_digest"] for step in steps if step["attempt"] < 2]
