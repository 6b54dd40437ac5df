"""The guards themselves: a copy of the repository is sabotaged in one way, and the guard must notice.

Each test names the guard it means; `test_a_sound_copy_passes` runs the same guards without sabotage.
"""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from subprocess import CompletedProcess

import pytest

from tests.repository.copies import Copy

Done = CompletedProcess[str]
CHECKS = "conformance/checks/authorization/effect.py"
MUTANTS = "reference_impl/mutants/authorization/effect.py"
REQUIREMENTS = "standard/requirements/authorization.yaml"
STRANGER = "branches_use_what_their_head_office_was_given"
"""A mutant of AUT-006 that one assertion notices."""
GUARDS: tuple[Callable[[Copy], Done], ...] = (
    Copy.lint,
    Copy.weave,
    Copy.contracts,
    lambda copy: copy.selftest(STRANGER),
    lambda copy: copy.baseline("AUT-006"),
    lambda copy: copy.tests(
        *(f"tests/repository/test_{name}.py" for name in ("messages", "checks", "literals"))
    ),
)


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Copy:
    """The copy that no test touches."""
    return Copy.of_checkout(tmp_path_factory.mktemp("sound") / "copy")


@pytest.fixture
def copy(sound: Copy, tmp_path: Path) -> Copy:
    return sound.again(tmp_path / "copy")


def noticed(completed: Done, *names: str) -> None:
    """The guard failed, as a guard fails and not by a crash, and named the thing."""
    assert completed.returncode == 1, completed.stdout
    assert "Traceback" not in completed.stdout
    for name in names:
        assert name in completed.stdout


def test_a_sound_copy_passes(sound: Copy) -> None:
    """Runs first: what it compiles serves the copies of the other tests."""
    with ThreadPoolExecutor(2) as pool:
        outcomes = list(pool.map(lambda guard: guard(sound), GUARDS))
    assert [done.stdout for done in outcomes if done.returncode] == []


def test_a_requirement_loses_its_check(copy: Copy) -> None:
    copy.every(CHECKS, '@verifies("AUT-006")', '@verifies("AUT-007")')
    noticed(copy.lint(), "(AUT-006)", "no check and no monitor judges it")


def test_a_check_loses_its_assertion(copy: Copy) -> None:
    copy.edit(
        CHECKS,
        "    require_not_authorized(branch.query(subject, item, citing=to_head))\n",
        "    branch.query(subject, item, citing=to_head)\n",
    )
    noticed(copy.selftest(STRANGER), f"✗ {STRANGER}", "0 of 1")


def test_a_clause_loses_its_requirement(copy: Copy) -> None:
    text = (copy.root / REQUIREMENTS).read_text("utf-8")
    assert text.count('"5.11-b"') > 1
    for path in (copy.root / "standard/requirements").iterdir():
        cited = path.read_text("utf-8")
        path.write_text(cited.replace('"5.11-b"', '"5.11-e"'), "utf-8")
    noticed(copy.lint(), "standard/clauses.yaml", "(5.11-b)")


def test_a_message_loses_its_translation(copy: Copy) -> None:
    copy.edit(
        "conformance/messages/authoring.yaml",
        '  en: "the prose contains this requirement more than once"\n',
    )
    noticed(copy.tests("tests/repository/test_messages.py"), "authoring.repeated_block")


def test_a_message_loses_its_use(copy: Copy) -> None:
    copy.edit("conformance/authoring/orphans.py", '"no_mutant"', '"no_mutants"')
    noticed(copy.tests("tests/repository/test_messages.py"), "authoring.no_mutants", "'authoring.no_mutant'")


def test_a_sentence_is_changed_without_weaving(copy: Copy) -> None:
    copy.edit(
        REQUIREMENTS, "SHALL stop every disclosure that rests on it", "SHALL stop each disclosure of it"
    )
    noticed(copy.weave(), "standard/authorization.md", "docs/generated/requirements.md")


def test_the_judge_imports_the_exemplar(copy: Copy) -> None:
    copy.edit(
        CHECKS, "from conformance import expect\n", "import reference_impl\nfrom conformance import expect\n"
    )
    noticed(copy.contracts(), "conformance.checks.authorization.effect -> reference_impl", "1 broken")


def test_a_layer_is_stepped_over(copy: Copy) -> None:
    copy.edit(
        "conformance/model/text.py",
        "from enum import StrEnum\n",
        "from enum import StrEnum\n\nimport conformance.cli\n",
    )
    noticed(copy.contracts(), "Layers of the judge BROKEN", "conformance.model.text")


def test_a_requirement_loses_its_mutant(copy: Copy) -> None:
    copy.every(MUTANTS, '@breaks("AUT-006"', '@breaks("AUT-007"')
    noticed(copy.lint(), "(AUT-006)", "no mutant of the reference platform breaks it")


def test_a_mutant_names_what_does_not_exist(copy: Copy) -> None:
    copy.every(MUTANTS, '@breaks("AUT-010"', '@breaks("AUT-910"')
    noticed(copy.lint(), "(AUT-910)", "(AUT-010)", "revoking_twice_is_a_conflict")


def test_the_exemplar_no_longer_obeys(copy: Copy) -> None:
    copy.edit(
        "reference_impl/policy/authorization.py",
        'return bool(authorization.document["recipient"] == need.recipient)',
        "return bool(need.recipient)",
    )
    noticed(copy.baseline("AUT-006"), "AUT-006/authorization_serves_only_its_recipient")


def test_a_fact_of_the_standard_is_retyped(copy: Copy) -> None:
    copy.edit("reference_impl/policy/disclosure.py", "return rules.never_disclosed\n", 'return "S5"\n')
    noticed(copy.tests("tests/repository/test_literals.py"), "reference_impl/policy/disclosure.py", "'S5'")


def test_a_check_reads_the_clock(copy: Copy) -> None:
    copy.edit(CHECKS, "from datetime import timedelta\n", "from datetime import datetime, timedelta\n")
    copy.edit(CHECKS, "ctx.today - timedelta(days=30)", "datetime.now().date() - timedelta(days=30)")
    noticed(copy.tests("tests/repository/test_checks.py"), CHECKS, "now()")
