"""The command line: mistakes are told in a sentence, with what would have been right."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.reference_impl.platform_process import ROOT

HARNESS = "reference_impl.harness"


def run(*arguments: str, module: str = "reference_impl") -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, "-m", module, *arguments]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=60)


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("--profile", "imperial"), "provincial"),
        (("--standard", "/nowhere"), "/nowhere"),
        (("--trust", "/nowhere/trust.json"), "trust.json"),
        (("--port", "seventy"), "port"),
        (("--mutant", "signatures_are_not_verified"), "unrecognized arguments"),
        (("--database", "sqlite:////nowhere/x.db"), "cannot start"),
    ],
)
def test_a_mistake_is_told(arguments: tuple[str, ...], told: str) -> None:
    done = run(*arguments)
    assert done.returncode == 2
    assert told in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("--mutant", "nonsense"), "signatures_are_not_verified"),
        (("--variant", "nonsense"), "slow-batches"),
        (("--day", "tomorrow"), "--day"),
        (("--day", "2026-11-24", "--environment", "production"), "test environment only"),
    ],
)
def test_the_harness_tells_a_mistake(arguments: tuple[str, ...], told: str) -> None:
    done = run(*arguments, module=HARNESS)
    assert done.returncode == 2
    assert told in done.stderr
    assert "Traceback" not in done.stderr


def test_a_trust_file_in_another_form_is_told(tmp_path: Path) -> None:
    trust = tmp_path / "trust.json"
    for text in ("[]", "{", '{"clients": []}'):
        trust.write_text(text)
        process = run("--trust", str(trust))
        assert (process.returncode, "Traceback" in process.stderr) == (2, False)


def test_mutants_are_listed() -> None:
    listed = json.loads(run("--list-mutants", module=HARNESS).stdout)
    assert listed["signatures_are_not_verified"]["requirement"] == "SEC-002"
    assert len(listed) > 90
