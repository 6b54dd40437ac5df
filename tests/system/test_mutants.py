"""`fcsp run` against wrong platforms, each a process of its own: exit 1, and the report says why.

`make selftest` judges every mutant, by all cases of all checks; here a sample of them is reported to users.
"""

import json
from collections.abc import Iterator, Sequence
from datetime import date
from itertools import groupby
from pathlib import Path
from typing import Any

import httpx
import pytest
from typer.testing import CliRunner

from conformance import loader
from conformance.cli.shared.program import build
from conformance.loader import load_target
from conformance.model.judgement import Case
from conformance.model.standard import Standard
from conformance.runner import Selection, Settings, plan
from conformance.selftest.fork_server import Nursery
from conformance.selftest.mutants import Mutant, mutants
from conformance.selftest.trial import Suite
from tests.system.processes import Line, newest, serving

ALL = mutants()
EACH = 12
"""Of each part the first mutant and every twelfth after it."""
MOST = 5
"""Cases of a check that are tried first; most mutants are wrong in all of them."""
CODE = {"shall": 1, "should": 0}
VERDICT = {"shall": "failed", "should": "warned"}


@pytest.fixture(autouse=True)
def read_once(monkeypatch: pytest.MonkeyPatch, standard: Standard) -> None:
    """The standard is the same for every mutant, and reading it takes longer than judging one."""
    monkeypatch.setattr(loader, "load_standard", lambda _: standard)


def test_there_are_mutants_for_every_tested_shall(standard: Standard) -> None:
    tested = {r.id for r in standard.requirements.values() if r.verification == "test" and r.level == "shall"}
    conditional = {r.id for r in standard.requirements.values() if r.applies_when}
    assert tested - conditional <= {mutant.requirement for mutant in ALL}
    assert len(tested) >= 30


WARNED = "everybody_gets_json"
"""A mutant of a requirement of the level `should`, of which there are few."""


def sample(listed: Sequence[Mutant]) -> list[Mutant]:
    """By requirement and name, the first mutant of each part and every twelfth after it; and `WARNED`."""
    ordered = sorted(listed, key=lambda mutant: (mutant.requirement, mutant.name))
    parts = groupby(ordered, key=lambda mutant: mutant.requirement.partition("-")[0])
    mutants_of_parts = [mutant for _, group in parts for mutant in list(group)[::EACH]]
    return [
        *mutants_of_parts,
        *(mutant for mutant in ordered if mutant.name == WARNED and mutant not in mutants_of_parts),
    ]


def test_the_sample_holds_every_part_and_level(standard: Standard) -> None:
    in_sample = [standard.requirements[mutant.requirement] for mutant in sample(ALL)]
    of_all = [standard.requirements[mutant.requirement] for mutant in ALL]
    assert len(in_sample) >= 25
    assert {r.id.partition("-")[0] for r in in_sample} == {r.id.partition("-")[0] for r in of_all}
    assert {r.level for r in in_sample} == {r.level for r in of_all}


@pytest.mark.parametrize("mutant", sample(ALL), ids=lambda mutant: mutant.name)
def test_mutant_is_named_by_the_report(
    mutant: Mutant, tmp_path: Path, suite: Suite, nursery: Nursery
) -> None:
    level = suite.standard.requirements[mutant.requirement].level
    words = ("--mutant", mutant.name)
    with serving(tmp_path / "work", *words, serve=nursery.platform, own_standard=suite.standard) as line:
        day = day_of(line)  # some are wrong on one day only, and live on it
        code, document = judged(line, list(some(line, mutant.requirement, suite, day)), day)
        if named(document, mutant.requirement)["verdict"] != VERDICT[level]:
            code, document = judged(line, [mutant.requirement], day)

    assert code == CODE[level]
    requirement = named(document, mutant.requirement)
    assert requirement["verdict"] == VERDICT[level]
    assert requirement["clauses"]
    assert document["complete"] is False
    broken = [c for c in document["cases"] if c["verdict"] in {"failed", "warned"}]
    assert broken
    for case in broken:
        assert case["findings"]
        assert case["reproduce"].startswith("fcsp run ")
        assert case["requirement"] in case["reproduce"]
    finding = broken[0]["findings"][0]
    assert finding["message"]["text"]["zh"]
    assert finding["message"]["text"]["en"]
    assert {"expected", "actual", "fault"} <= finding.keys()


def some(line: Line, requirement: str, suite: Suite, day: date) -> Iterator[str]:
    """Cases of the requirement, a few of each check, from everywhere among those it is expanded for."""
    target, only = load_target(line.workspace.target), Selection(ids=(requirement,))
    settings = Settings(as_of=day, level="provincial")
    run_plan = plan(suite.standard, target, suite.checks, suite.monitors, only, settings=settings)
    cases = [planned.case for planned in run_plan.planned if planned.case.requirement == requirement]
    for _, group in groupby(cases, key=lambda case: case.check):
        yield from (case.id for case in spread(list(group)))


def spread(cases: Sequence[Case]) -> Sequence[Case]:
    step = max(1, len(cases) / MOST)
    return [cases[int(number * step)] for number in range(min(MOST, len(cases)))]


def judged(line: Line, ids: Sequence[str], day: date) -> tuple[int, Any]:
    """Exit code and result document of `fcsp run`."""
    runs = line.folder / f"runs-{len(list(line.folder.iterdir()))}"
    words = ["run", *ids, "--target", str(line.workspace.target), "--lang", "en", "--output", str(runs)]
    words += ["--as-of", day.isoformat()]
    invocation = CliRunner().invoke(build(), words)
    run = newest(runs)
    assert run is not None, invocation.output[-3000:]
    return invocation.exit_code, json.loads((run / "result.json").read_text("utf-8"))


def day_of(line: Line) -> date:
    """The day in China on which a platform lives."""
    reply = httpx.get(
        f"{load_target(line.workspace.target).base_url}/v1/health", timeout=120, trust_env=False
    )
    return date.fromisoformat(reply.json()["time"][:10])


def named(document: Any, requirement: str) -> Any:
    return next(found for found in document["requirements"] if found["id"] == requirement)
