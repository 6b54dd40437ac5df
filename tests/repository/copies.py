"""A copy of the repository that may be sabotaged, and the guards run on it as processes of their own."""

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from tests.repository.tracked import shown, tracked

BASELINE = """
from conformance.runner import Selection
from conformance.selftest.trial import Suite
from conformance.selftest.matrix import OBEYS, examine

suite = Suite.of(None, 4)
row = examine(OBEYS, suite.judge, Selection(ids=({requirement!r},)))
print(row)
raise SystemExit(not row.ok)
"""
"""The first row of the matrix, for one requirement: the platform that obeys breaks nothing."""


@dataclass(frozen=True, slots=True)
class Copy:
    """A copy of all tracked files below a folder."""

    root: Path

    @classmethod
    def of_checkout(cls, root: Path) -> "Copy":
        for path in tracked():
            target = root / shown(path)
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(path, target)
        subprocess.run(["git", "init", "--quiet"], cwd=root, check=True, timeout=30)
        subprocess.run(["git", "add", "--force", "."], cwd=root, check=True, timeout=60)
        return cls(root)

    def again(self, root: Path) -> "Copy":
        """A copy of the copy, with what the interpreter has compiled."""
        shutil.copytree(self.root, root, symlinks=True)
        return Copy(root)

    def edit(self, file: str, old: str, new: str = "") -> None:
        """Replace a text that occurs exactly once."""
        text = (self.root / file).read_text("utf-8")
        assert text.count(old) == 1, f"{file} has {old!r} {text.count(old)} times"
        (self.root / file).write_text(text.replace(old, new), "utf-8")

    def every(self, file: str, old: str, new: str) -> None:
        """Replace a text wherever it occurs, which is somewhere."""
        text = (self.root / file).read_text("utf-8")
        assert old in text, f"{file} has no {old!r}"
        (self.root / file).write_text(text.replace(old, new), "utf-8")

    def remove(self, file: str, start: str, end: str) -> None:
        """Remove all from one text, which occurs once, up to another."""
        text = (self.root / file).read_text("utf-8")
        assert text.count(start) == 1, f"{file} has {start!r} {text.count(start)} times"
        before, _, tail = text.partition(start)
        assert end in tail, f"{file} has no {end!r} after {start!r}"
        (self.root / file).write_text(before + tail[tail.index(end) :], "utf-8")

    def run(self, *words: str | Path) -> subprocess.CompletedProcess[str]:
        """Run an interpreter or a tool that sees the copy and nothing of the checkout."""
        settings = {"PYTHONPATH": str(self.root), "COLUMNS": "200", "PYTHONUTF8": "1"}
        return subprocess.run(
            [*map(str, words)],
            cwd=self.root,
            env=os.environ | settings,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=120,
            check=False,
        )

    def fcsp(self, *words: str) -> subprocess.CompletedProcess[str]:
        return self.run(sys.executable, "-m", "conformance", *words, "--lang", "en")

    def lint(self) -> subprocess.CompletedProcess[str]:
        return self.fcsp("standard", "lint")

    def weave(self) -> subprocess.CompletedProcess[str]:
        return self.fcsp("standard", "weave", "--check")

    def selftest(self, mutant: str) -> subprocess.CompletedProcess[str]:
        return self.fcsp("selftest", mutant)

    def baseline(self, requirement: str) -> subprocess.CompletedProcess[str]:
        return self.run(sys.executable, "-c", BASELINE.format(requirement=requirement))

    def contracts(self) -> subprocess.CompletedProcess[str]:
        return self.run(Path(sys.executable).with_name("lint-imports"), "--no-cache")

    def tests(self, *files: str) -> subprocess.CompletedProcess[str]:
        return self.run(sys.executable, "-m", "pytest", "-q", "-p", "no:xdist", *files)
