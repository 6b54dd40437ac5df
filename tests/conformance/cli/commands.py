"""Calls of the command line in this process and in a new one, and what a refusal looks like."""

import os
import subprocess
import sys
from collections.abc import Mapping
from contextlib import redirect_stderr, redirect_stdout
from functools import cache
from io import StringIO
from pathlib import Path

import pytest

from conformance import loader
from conformance.cli import main
from conformance.loader import load_standard
from conformance.model.standard import Standard
from tests.conformance.results import sample

SETTINGS = {"FCSP_LANG": "en", "NO_COLOR": "1"}
ENVIRONMENT = {**os.environ, **SETTINGS, "PYTHONPATH": str(sample.ROOT)}


def fcsp(
    *words: str, folder: Path, more: Mapping[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    """A command as its entry point runs it, in this process: most of the time of a new one is its start."""
    out, err = StringIO(), StringIO()
    with pytest.MonkeyPatch.context() as patch, redirect_stdout(out), redirect_stderr(err):
        patch.chdir(folder)
        patch.setattr(sys, "argv", ["fcsp", *words])
        patch.setattr(loader, "load_standard", known_standard)
        for name, value in {**SETTINGS, **(more or {})}.items():
            patch.setenv(name, value)
        code = exit_code_of_main()
    return subprocess.CompletedProcess(words, code, out.getvalue(), err.getvalue())


def exit_code_of_main() -> int:
    try:
        main()
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else bool(end.code)
    return 0


@cache
def published() -> Standard:
    return load_standard()


def known_standard(root: Path | None = None) -> Standard:
    return load_standard(root) if root else published()


def process(*words: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """The command as a process of its own."""
    command = [sys.executable, "-c", "from conformance.cli import main; main()", *words]
    return subprocess.run(
        command, cwd=folder, env=ENVIRONMENT, capture_output=True, text=True, timeout=120, check=False
    )


def refused(completed: subprocess.CompletedProcess[str], *words: str) -> None:
    """Exit code 2 and one paragraph that holds these words; never a traceback."""
    assert completed.returncode == 2, completed
    assert "Traceback" not in completed.stderr
    assert "cli." not in completed.stderr
    for word in words:
        assert word in completed.stderr
