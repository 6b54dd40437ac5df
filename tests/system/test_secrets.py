"""What a run knows and must not write down: searched for in everything it writes and prints."""

import json
from html import unescape
from pathlib import Path

import pytest
from typer.testing import CliRunner

from conformance.cli.shared.program import build
from conformance.evidence import Vault
from tests.system.processes import TODAY, newest, serving

LATIN, CHINESE = 10, 3
"""Shorter texts are found in harmless words."""


@pytest.fixture
def known(monkeypatch: pytest.MonkeyPatch) -> tuple[set[str], set[str]]:
    """Every planted value and every secret of the runs within."""
    planted: set[str] = set()
    secret: set[str] = set()
    plant, keep = Vault.plant, Vault.secret

    def planting(vault: Vault, case: str, value: str) -> str:
        planted.add(value)
        return plant(vault, case, value)

    def keeping(vault: Vault, name: str, value: str) -> str:
        secret.add(value)
        return keep(vault, name, value)

    monkeypatch.setattr(Vault, "plant", planting)
    monkeypatch.setattr(Vault, "secret", keeping)
    return planted, secret


@pytest.mark.parametrize(
    ("mutant", "words", "values"),
    [(None, (), 300), ("the_enterprise_speaks_for_its_people", ("AUT", "DES"), 60)],
)
def test_nothing_written_holds_a_planted_value_or_a_secret(
    known: tuple[set[str], set[str]], tmp_path: Path, mutant: str | None, words: tuple[str, ...], values: int
) -> None:
    """Also where the platform leaks: the report of a failure shows the exchange, redacted."""
    with serving(tmp_path / "work", *(("--mutant", mutant) if mutant else ())) as line:
        where = ["--target", str(line.workspace.target), "--output", str(tmp_path / "runs")]
        where += ["--as-of", str(TODAY)]
        invocation = CliRunner().invoke(build(), ["run", *words, "--smoke", *where, "--lang", "en"])
    assert invocation.exit_code == (1 if mutant else 0), invocation.output[-3000:]
    run = newest(tmp_path / "runs")
    assert run is not None

    planted_values, secret = known
    keys = {json.loads(path.read_text())["d"] for path in line.workspace.keys.glob("*.jwk.json")}
    texts = {path.name: path.read_text("utf-8") for path in run.iterdir()} | {"terminal": invocation.output}
    assert {"result.json", "report.html", "junit.xml", "transcript.jsonl"} <= texts.keys()
    telling = {v for v in planted_values if len(v) >= (LATIN if v.isascii() else CHINESE)}
    assert len(telling) > values
    assert len(secret) > 20
    for name, text in texts.items():
        plain = unescape(text)
        leaks = [value for value in telling | secret | keys if value in text or value in plain]
        assert not leaks, (name, len(leaks))
