"""The published examples have the verdicts they claim, and a wrong claim is noticed."""

import shutil
from pathlib import Path

from conformance.loader import load_standard, root
from conformance.oracles.examples import check_examples

STANDARD = load_standard()
EXAMPLE = "schemas/examples/items/F04-02"


def test_every_example_has_its_verdict() -> None:
    assert len(list((root() / "schemas/examples").rglob("*.yaml"))) > 100
    assert check_examples(root(), STANDARD) == []


def test_wrong_claims_are_noticed(tmp_path: Path) -> None:
    for part in ("standard", "schemas"):
        shutil.copytree(root() / part, tmp_path / part, ignore=shutil.ignore_patterns("examples"))
    valid, invalid = ((root() / EXAMPLE / kind) for kind in ("valid", "invalid"))
    shutil.copytree(valid, tmp_path / EXAMPLE / "invalid")
    shutil.copytree(invalid, tmp_path / EXAMPLE / "valid")
    nowhere = tmp_path / "schemas/examples/nothing/valid"
    nowhere.mkdir(parents=True)
    (nowhere / "x.yaml").write_text("description: x\ndata: 1\n", "utf-8")

    problems = check_examples(tmp_path, STANDARD)

    assert {p.file for p in problems} == {
        p.relative_to(tmp_path).as_posix() for p in (tmp_path / "schemas/examples").rglob("*.yaml")
    }
