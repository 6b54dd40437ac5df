"""Commands and platforms as separate processes, and what they leave behind."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from conformance.loader import load_standard
from conformance.model.standard import Standard
from conformance.selftest.process import reference_platform
from conformance.selftest.trial import Serve, reference_arguments, reference_options
from conformance.workspace import Workspace, aim, create

CHECKOUT = Path(__file__).parents[2]
SECONDS = 240
TODAY = date(2026, 11, 24)
"""The day on which the platforms of the tests live, whatever day it is."""


@dataclass(frozen=True, slots=True)
class Line:
    """A workspace that is aimed at a platform."""

    workspace: Workspace

    @property
    def folder(self) -> Path:
        return self.workspace.folder

    def run(self, *words: str, output: str = "runs") -> "Outcome":
        """`fcsp run` in the workspace."""
        by = ("--as-of", str(TODAY), "--output", output, "--lang", "en")
        done = fcsp("run", *words, *by, cwd=self.folder)
        return Outcome(done, newest(self.folder / output))


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a run said and where its folder is."""

    process: subprocess.CompletedProcess[str]
    run_folder: Path | None

    @property
    def code(self) -> int:
        return self.process.returncode

    @property
    def document(self) -> Mapping[str, Any]:
        assert self.run_folder is not None, self.process.stderr
        document: Mapping[str, Any] = json.loads((self.run_folder / "result.json").read_text("utf-8"))
        return document

    def verdicts(self) -> dict[str, str]:
        """Verdict of each case."""
        return {case["id"]: case["verdict"] for case in self.document["cases"]}


def fcsp(*words: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    """One command in a process of its own."""
    environment = {**os.environ, "PYTHONPATH": str(CHECKOUT)}
    return subprocess.run(
        [sys.executable, "-m", "conformance", *words],
        cwd=cwd,
        env=environment,
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=False,
    )


@contextmanager
def serving(
    folder: Path,
    *arguments: str,
    standard: Path | None = None,
    serve: Serve = reference_platform,
    own_standard: Standard | None = None,
) -> Iterator[Line]:
    """A platform of our own, with a workspace aimed at it; `standard` is the platform's.

    A workspace that is there already keeps its keys.
    """
    own_standard = own_standard or load_standard(standard)
    options = reference_options(own_standard)
    workspace = Workspace(folder) if folder.exists() else create(folder, options, own_standard)
    with serve([*reference_arguments(workspace, standard, TODAY), *arguments]) as address:
        aim(workspace, address, options, own_standard)
        yield Line(workspace)


def newest(folder: Path) -> Path | None:
    """The folder of the latest run."""
    runs = sorted(path for path in folder.glob("*") if (path / "result.json").is_file())
    return runs[-1] if runs else None


def copy_of_standard(folder: Path) -> Path:
    """A copy that may be edited, laid out as `--standard` wants it."""
    for name in ("standard", "schemas"):
        shutil.copytree(CHECKOUT / name, folder / name)
    return folder


def edit(path: Path, old: str, new: str) -> None:
    """Replace a text that has to be there."""
    text = path.read_text("utf-8")
    assert old in text, f"{path} does not hold {old!r}"
    path.write_text(text.replace(old, new), "utf-8")
