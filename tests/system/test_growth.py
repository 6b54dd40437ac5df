"""A part of its own joins by new files and one entry in each index of data; no module is edited.

`growth/` holds the files of the part as they stand in the tree: two operations, a requirement, a check, a
mutant. CONTRIBUTING walks through them ("Adding a part").
"""

import json
import shutil
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.repository.copies import Copy
from tests.repository.tracked import ROOT, shown, tracked

PART = Path(__file__).with_name("growth")
INDEXES = (
    ("standard/standard.yaml", "  capacity: CAP\n", "  toy: TOY\n"),
    (
        "schemas/api/platform.openapi.yaml",
        "  - {name: security, description: Tokens and the audit log, x-description-zh: 安全}\n",
        "  - {name: toy, description: Toys, x-description-zh: 玩具}\n",
    ),
    (
        "schemas/api/platform.openapi.yaml",
        '  /v1/audit-log: {$ref: "paths/security.yaml#/audit_log"}\n',
        '  /v1/toys: {$ref: "paths/toy.yaml#/toys"}\n  /v1/toys/{toy_id}: {$ref: "paths/toy.yaml#/toy"}\n',
    ),
    (
        "conformance/messages/purposes.yaml",
        "Keys are the names of the check functions and monitors.\n",
        "toy_is_returned_as_recorded: {zh: 玩具按登记时的原样返回, en: a toy comes back as recorded}\n",
    ),
)
"""Index files of data, each with an entry that is there today and what the part adds after it."""
WOVEN = {"docs/generated/requirements.md", "docs/generated/traceability.md"}
"""Pages that `fcsp standard weave` renews."""
MUTANT = "toy_names_are_shouted"
CASE = "TOY-001/toy_is_returned_as_recorded"
OTHER_PART = "security"
RUN = f"""
import json
from pathlib import Path
from tests.system.processes import fcsp, serving

with serving(Path("work")) as line:
    planned = fcsp("plan", "TOY-001", "--lang", "en", cwd=line.folder)
    outcome = line.run("TOY-001", {OTHER_PART!r})
    print(json.dumps({{"plan": planned.stdout, "code": outcome.code, "document": outcome.document}}))
"""
"""Plan and run on the reference platform of the copy, as processes that see the copy alone."""


def files_of_the_part() -> dict[str, Path]:
    """The files of the part by where they belong in the tree."""
    return {path.relative_to(PART).as_posix(): path for path in tracked(shown(PART))}


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Copy:
    """A copy of the checkout with the part, woven."""
    copy = Copy.of_checkout(tmp_path_factory.mktemp("growth") / "copy")
    copy_compiled_modules(copy.root)
    for name, path in files_of_the_part().items():
        assert not (copy.root / name).exists(), f"{name} is there already"
        shutil.copy2(path, copy.root / name)
    for name, present, entry in INDEXES:
        copy.edit(name, present, present + entry)
    woven = copy.fcsp("standard", "weave")
    assert woven.returncode == 0, woven.stdout
    return copy


def copy_compiled_modules(root: Path) -> None:
    """Give a copy what the interpreter has compiled of the same sources, which saves some seconds."""
    for package in ("conformance", "reference_impl", "tests"):
        for folder in (ROOT / package).rglob("__pycache__"):
            if (root / folder.relative_to(ROOT)).parent.is_dir():
                shutil.copytree(folder, root / folder.relative_to(ROOT))


@pytest.fixture(scope="module")
def outcome(copy: Copy) -> dict[str, Any]:
    """Plan, exit code and result document of a run in the copy."""
    process = copy.run(sys.executable, "-c", RUN)
    assert process.returncode == 0, process.stdout[-3000:]
    document: dict[str, Any] = json.loads(process.stdout.splitlines()[-1])
    return document


def test_no_existing_file_is_edited_but_indexes_of_data(copy: Copy) -> None:
    before = {shown(path): path.read_bytes() for path in tracked()}
    edited = {name for name, content in before.items() if (copy.root / name).read_bytes() != content}

    assert len(before) > 1000
    assert {name for name in edited if name.endswith(".py")} == set()
    assert edited == {name for name, _, _ in INDEXES} | WOVEN
    assert [name for name in files_of_the_part() if name in before] == []


def test_standard_with_the_part_is_clean_and_woven(copy: Copy) -> None:
    lint, prose = copy.lint(), (copy.root / "standard/toy.md").read_text("utf-8")
    assert lint.returncode == 0, lint.stdout
    assert "> **TOY-001** · SHALL · `baseline` + `toys` · 2.3-a" in prose


def test_case_is_planned(outcome: dict[str, Any]) -> None:
    assert "TOY-001     1  A platform that declares to keep toys SHALL" in outcome["plan"]


def test_reference_platform_passes_the_part_and_another(outcome: dict[str, Any]) -> None:
    verdicts = {case["id"]: case["verdict"] for case in outcome["document"]["cases"]}

    assert outcome["code"] == 0, verdicts
    assert verdicts.pop(CASE) == "passed"
    assert len(verdicts) > 40
    selftest = {id_ for id_, verdict in verdicts.items() if verdict == "passed"}
    assert {id_.partition("/")[2] for id_ in verdicts.keys() - selftest} <= {"not_applicable", "manual"}
    # The operations join the checks of every operation.
    for operation in ("createToy", "getToy"):
        assert f"SEC-001/operation_refuses_a_missing_token[{operation}]" in selftest
        assert f"SEC-003/token_of_another_scope_is_refused[{operation}]" in selftest


def test_mutant_is_caught(copy: Copy) -> None:
    selftest = copy.selftest("TOY-001")
    assert selftest.returncode == 0, selftest.stdout
    assert MUTANT in selftest.stdout
    assert f"{CASE}: catches 1, 1 of them alone" in selftest.stdout


def test_requirement_is_explained(copy: Copy) -> None:
    explained = copy.fcsp("explain", "TOY-001")
    assert explained.returncode == 0, explained.stdout
    assert "SHALL return the name of a toy exactly as it was recorded" in explained.stdout
    assert "Checks: toy_is_returned_as_recorded" in explained.stdout
