"""`fcsp demo` from nothing: everything testable passes, and the reports are where it says."""

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from tests.system.line import Outcome, fcsp, newest

DECIDED_OTHERWISE = {"manual", "not_applicable"}


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Outcome:
    folder = tmp_path_factory.mktemp("demo")
    done = fcsp("demo", "--lang", "en", cwd=folder)
    return Outcome(done, newest(folder / "demo-run" / "runs"))


def test_everything_testable_passes(demo: Outcome) -> None:
    assert demo.code == 0, demo.process.stdout[-4000:] + demo.process.stderr[-2000:]
    verdicts = {r["id"]: r["verdict"] for r in demo.document["requirements"]}
    tested = {r["id"] for r in demo.document["requirements"] if r["verification"] == "test"}
    assert len(tested) >= 30
    odd = {id_: v for id_, v in verdicts.items() if id_ in tested and v != "passed"}
    assert not odd
    assert {v for id_, v in verdicts.items() if id_ not in tested} <= DECIDED_OTHERWISE


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
    done = fcsp("rejudge", str(folder), "--lang", "en", cwd=folder)
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-2000:]
    again = next(folder.glob("rejudged-*/result.json"))
    document = json.loads(again.read_text("utf-8"))
    assert {c["id"]: c["verdict"] for c in document["cases"]} == demo.verdicts()


def test_private_keys_stay_in_the_key_store(demo: Outcome) -> None:
    assert demo.run_folder is not None
    work = demo.run_folder.parent.parent
    secrets = {json.loads(p.read_text())["d"] for p in (work / "keys").glob("*.jwk.json")}
    assert len(secrets) >= 6
    written = [path for path in demo.run_folder.rglob("*") if path.is_file()]
    written += [work / "target.toml", work / "trust.json"]
    for path in written:
        text = path.read_text("utf-8", errors="replace")
        assert not [s for s in secrets if s in text], path
        assert not re.search(r"eyJ[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{10,}\.", text), path
    assert not [s for s in secrets if s in demo.process.stdout + demo.process.stderr]


def test_key_store_is_private(demo: Outcome) -> None:
    assert demo.run_folder is not None
    keys: Path = demo.run_folder.parent.parent / "keys"
    assert {oct(path.stat().st_mode & 0o777) for path in keys.glob("*.jwk.json")} == {"0o600"}
