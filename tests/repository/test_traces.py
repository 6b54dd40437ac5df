"""Guards over the life of a requirement: `git grep` finds its checks and mutants, pages are fresh."""

import re
import subprocess
import sys

import pytest

from conformance import checks, monitors
from conformance.loader import load_standard
from conformance.model.standard import Standard, Verification
from tests.repository.tracked import ROOT, tracked

ID = re.compile(r'"([A-Z]{3}-[0-9]{3})"')
MODAL = frozenset(("should", "shall", "must", "may", "might", "can", "cannot", "could", "would", "ought"))
BREAKS = re.compile(r'@breaks\(\s*"([A-Z]{3}-[0-9]{3})"')
WEAVE = "from conformance.cli import main; main()"


@pytest.fixture(scope="module")
def standard() -> Standard:
    return load_standard(ROOT)


@pytest.fixture(scope="module")
def judged(standard: Standard) -> set[str]:
    """Requirements that a check or a monitor judges."""
    found = {c.requirement for c in checks.collect()} | {m.requirement for m in monitors.collect(standard)}
    assert found
    return found


def written(pattern: re.Pattern[str], *files: str) -> set[str]:
    """Ids that stand as literals in these files, where `git grep` finds them."""
    found = {name for path in tracked(*files) for name in pattern.findall(path.read_text("utf-8"))}
    assert found, files
    return found


def in_test(standard: Standard) -> set[str]:
    found = {r.id for r in standard.requirements.values() if r.verification is Verification.TEST}
    assert found
    return found


def test_what_is_judged_is_exactly_what_is_in_test(standard: Standard, judged: set[str]) -> None:
    assert judged == in_test(standard)


def test_judges_name_their_requirement_literally(judged: set[str]) -> None:
    assert judged <= written(ID, "conformance/checks/*.py", "conformance/monitors/*.py")


def test_each_tested_requirement_is_broken_by_a_mutant(standard: Standard) -> None:
    assert written(BREAKS, "reference_impl/mutants/*.py") == in_test(standard)


def test_code_cites_only_requirements_that_exist(standard: Standard) -> None:
    parts = {name[:3] for name in standard.requirements}
    cited = {i for i in written(ID, "conformance/*.py", "reference_impl/*.py") if i[:3] in parts}
    assert cited
    assert cited <= standard.requirements.keys()


def test_names_of_checks_state_facts_without_modal_verbs() -> None:
    names = [check.name for check in checks.collect()]
    assert names
    assert [name for name in names if MODAL & set(name.split("_"))] == []


def test_each_check_is_named_once() -> None:
    names = [check.name for check in checks.collect()]
    assert sorted(set(names)) == sorted(names)


def test_woven_and_generated_files_are_fresh() -> None:
    command = [
        sys.executable,
        "-c",
        WEAVE,
        "standard",
        "weave",
        "--check",
        "--lang",
        "en",
        "--standard",
        str(ROOT),
    ]
    run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert (run.returncode, run.stderr) == (0, ""), run.stdout
