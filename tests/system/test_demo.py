"""`fcsp demo` from nothing: everything testable passes, and the reports are where it says."""

import json
import re
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from conformance.model.standard import Standard
from tests.system.processes import TODAY, Outcome, fcsp, newest

DECIDED_OTHERWISE = {"manual", "not_applicable"}
IN_TRANSITION = date(2027, 4, 1)


def demonstrated(folder: Path, day: date, *words: str) -> Outcome:
    done = fcsp("demo", *words, "--as-of", str(day), "--lang", "en", cwd=folder)
    return Outcome(done, newest(folder / "demo-run" / "runs"))


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Outcome:
    return demonstrated(tmp_path_factory.mktemp("demo"), TODAY)


def untested(demo: Outcome) -> dict[str, str]:
    """Testable requirements that did not pass, with their verdicts."""
    assert demo.code == 0, demo.process.stdout[-4000:] + demo.process.stderr[-2000:]
    tested = [r for r in demo.document["requirements"] if r["verification"] == "test"]
    assert len(tested) >= 30
    return {r["id"]: r["verdict"] for r in tested if r["verdict"] != "passed"}


def of_other_days(standard: Standard, day: date) -> dict[str, str]:
    """What applies before a new version of the checklist alone, or in the days of transition after it."""
    dated = standard.on(day, "")
    applies = {
        "target.transition": dated.in_transition,
        "target.next_checklist": dated.next_checklist is not None,
    }
    requirements = standard.requirements.values()
    conditional = [r.id for r in requirements if r.applies_when and not applies.get(r.applies_when, True)]
    return dict.fromkeys(conditional, "not_applicable")


def test_everything_testable_passes(demo: Outcome, standard: Standard) -> None:
    assert untested(demo) == of_other_days(standard, TODAY)
    others = {r["verdict"] for r in demo.document["requirements"] if r["verification"] != "test"}
    assert others <= DECIDED_OTHERWISE


def test_what_applies_on_other_days_passes_on_one_of_them(tmp_path: Path, standard: Standard) -> None:
    missing = untested(demonstrated(tmp_path, IN_TRANSITION, "--smoke"))
    assert missing == of_other_days(standard, IN_TRANSITION)
    assert not missing.keys() & of_other_days(standard, TODAY)


def test_reports_are_where_it_says(demo: Outcome) -> None:
    assert demo.run_folder is not None
    for name in ("result.json", "report.html", "report.zh.html", "junit.xml"):
        assert f"{demo.run_folder.name}/{name}" in demo.process.stdout
        assert (demo.run_folder / name).stat().st_size > 1000


def test_run_is_complete_and_says_how_to_repeat_it(demo: Outcome) -> None:
    run: Mapping[str, Any] = demo.document["run"]
    assert demo.document["complete"] is True
    assert {"seed", "nonce", "as_of", "standard_digest"} <= run.keys()


def test_rejudging_reproduces_the_verdicts_without_the_platform(demo: Outcome) -> None:
    """The platform of the demonstration has ended, so nothing can be asked again."""
    folder = demo.run_folder
    assert folder is not None
    completed = fcsp("rejudge", str(folder), "--lang", "en", cwd=folder)
    assert completed.returncode == 0, completed.stdout[-3000:] + completed.stderr[-2000:]
    rejudged = next(folder.glob("rejudged-*/result.json"))
    document = json.loads(rejudged.read_text("utf-8"))
    assert {c["id"]: c["verdict"] for c in document["cases"]} == demo.verdicts()


def test_private_keys_stay_in_the_key_store(demo: Outcome) -> None:
    assert demo.run_folder is not None
    work = demo.run_folder.parent.parent
    secrets = {json.loads(p.read_text())["d"] for p in (work / "keys").glob("*.jwk.json")}
    assert len(secrets) >= 6
    paths = [path for path in demo.run_folder.rglob("*") if path.is_file()]
    paths += [work / "target.toml", work / "trust.json"]
    for path in paths:
        text = path.read_text("utf-8", errors="replace")
        assert not [s for s in secrets if s in text], path
        assert not re.search(r"eyJ[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{10,}\.", text), path
    assert not [s for s in secrets if s in demo.process.stdout + demo.process.stderr]


def test_key_store_is_private(demo: Outcome) -> None:
    assert demo.run_folder is not None
    keys: Path = demo.run_folder.parent.parent / "keys"
    assert {oct(path.stat().st_mode & 0o777) for path in keys.glob("*.jwk.json")} == {"0o600"}
