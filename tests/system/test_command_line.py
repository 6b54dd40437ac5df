"""Sessions through the command line: a wait for the platform, a time limit, an interrupt, a rejudged run."""

import json
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from conformance.model.standard import Standard
from conformance.selftest.fork_server import Nursery
from conformance.selftest.trial import free_port, reference_arguments, reference_options
from conformance.workspace import Workspace, aim, create
from tests.support.command import fcsp
from tests.system.processes import CHECKOUT, SECONDS, TODAY

ENTRY = "from conformance.cli import main; main()"
INTERRUPT_AT_IMPORT = (
    "import os, signal, sys\n"
    "def interrupt(event, arguments):\n"
    "    if event == 'import' and arguments[0] == {module!r}:\n"
    "        os.kill(os.getpid(), signal.SIGINT)\n"
    "sys.addaudithook(interrupt)\n"
)
"""Ctrl-C at the moment at which a module begins to load."""
INTERRUPTED = 130


def start(code: str, *words: str, folder: Path) -> subprocess.Popen[str]:
    environment = {"PYTHONPATH": str(CHECKOUT), "NO_COLOR": "1", "FCSP_LANG": "en", "PATH": "/usr/bin:/bin"}
    return subprocess.Popen(
        [sys.executable, "-c", code, *words],
        cwd=folder,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


@pytest.fixture(scope="module")
def port() -> int:
    return free_port()


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory, standard: Standard, port: int) -> Workspace:
    options = reference_options(standard, f"http://127.0.0.1:{port}")
    created = create(tmp_path_factory.mktemp("line"), options, standard)
    aim(created, f"http://127.0.0.1:{port}", options, standard)
    return created


@pytest.fixture(scope="module")
def waited(workspace: Workspace, nursery: Nursery, port: int) -> Iterator[tuple[str, Path]]:
    """Standard error of a run that began before its platform, and the folder of the run.

    The platform starts when the run says that it waits; it serves until the last test of this file has ended.
    """
    words = ("run", "DOC-001", "--as-of", str(TODAY), "--wait", "5m", "--output", "waited")
    process = start(ENTRY, *words, folder=workspace.folder)
    assert process.stderr is not None
    first_line = process.stderr.readline()
    assert first_line.startswith("Waiting for"), first_line + process.communicate()[1]
    with nursery.platform([*reference_arguments(workspace, None, TODAY), "--port", str(port)]):
        output, errors = process.communicate(timeout=SECONDS)
        assert process.returncode == 0, output + errors
        (run_folder,) = (workspace.folder / "waited").iterdir()
        yield errors, run_folder


def test_a_run_waits_for_a_platform_that_is_starting(waited: tuple[str, Path], port: int) -> None:
    errors, run_folder = waited
    assert f"http://127.0.0.1:{port} answered after" in errors
    document = json.loads((run_folder / "result.json").read_text("utf-8"))
    assert {case["verdict"] for case in document["cases"]} == {"passed"}


def test_a_recorded_run_is_judged_again(waited: tuple[str, Path], workspace: Workspace) -> None:
    _, run_folder = waited
    process = start(ENTRY, "rejudge", str(run_folder), folder=workspace.folder)
    output, errors = process.communicate(timeout=SECONDS)
    assert process.returncode == 0, output + errors
    (rejudged,) = run_folder.glob("rejudged-*/result.json")
    recorded = json.loads((run_folder / "result.json").read_text("utf-8"))
    verdicts = [
        {case["id"]: case["verdict"] for case in document["cases"]}
        for document in (recorded, json.loads(rejudged.read_text("utf-8")))
    ]
    assert verdicts[0] == verdicts[1]


@pytest.mark.usefixtures("waited")
def test_a_run_ends_at_its_time_limit(workspace: Workspace) -> None:
    """The limit is over before the first case can begin."""
    words = ("run", "DOC-001", "--as-of", str(TODAY), "--max-time", "0.000001", "--output", "limited")
    process = start(ENTRY, *words, folder=workspace.folder)
    output, errors = process.communicate(timeout=SECONDS)
    assert process.returncode == 3, output + errors
    (run_folder,) = (workspace.folder / "limited").iterdir()
    names = {path.name for path in run_folder.iterdir()}
    assert names >= {"result.json", "report.html", "report.zh.html", "junit.xml", "transcript.jsonl"}
    cases = json.loads((run_folder / "result.json").read_text("utf-8"))["cases"]
    assert cases
    assert {case["verdict"] for case in cases} == {"inconclusive"}
    assert all("--max-time" in json.dumps(case) for case in cases)


@pytest.mark.usefixtures("waited")
def test_an_interrupted_run_says_so(workspace: Workspace) -> None:
    """The interrupt comes when a tenth of the cases is counted on standard error."""
    words = ("run", "authorization", "--as-of", str(TODAY), "--jobs", "1", "--output", "interrupted")
    process = start(ENTRY, *words, folder=workspace.folder)
    assert process.stderr is not None
    progress = process.stderr.readline()
    assert progress, process.communicate()
    process.send_signal(signal.SIGINT)
    _, errors = process.communicate(timeout=SECONDS)
    assert process.returncode == INTERRUPTED, errors
    assert "Traceback" not in progress + errors
    assert errors.endswith("Interrupted.\n")


def test_a_platform_that_never_starts_is_named(tmp_path: Path, standard: Standard) -> None:
    """The port is taken by a socket that does not listen, so that nobody can begin to answer on it."""
    with closing(socket.socket()) as occupied:
        occupied.bind(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{occupied.getsockname()[1]}"
        create(tmp_path, reference_options(standard, address), standard)
        process = fcsp(tmp_path, "run", "--wait", "0.1", "--lang", "en")
    assert process.returncode == 2, process
    assert f"Waiting for {address}" in process.stderr
    assert "answered after" not in process.stderr
    assert "refuses connections" in process.stdout
    assert not (tmp_path / "runs").exists()


@pytest.mark.parametrize(
    ("module", "exit_code", "said"),
    [("typer", -signal.SIGINT, ""), ("conformance.cli.shared.one_run", INTERRUPTED, "Interrupted.\n")],
)
def test_an_interrupt_during_the_start_has_no_traceback(
    module: str, exit_code: int, said: str, tmp_path: Path
) -> None:
    process = start(INTERRUPT_AT_IMPORT.format(module=module) + ENTRY, "run", folder=tmp_path)
    output, errors = process.communicate(timeout=SECONDS)
    assert (process.returncode, output, errors) == (exit_code, "", said)
