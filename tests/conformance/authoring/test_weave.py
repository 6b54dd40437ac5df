"""Weaving: blocks are filled from the records, what is misplaced is refused, stale files are named."""

import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from conformance.authoring import GENERATED, render, update, weave
from conformance.authoring.rules import traceability
from conformance.loader import FileErrors, load_standard
from conformance.model.standard import Standard
from conformance.model.text import Text

CHECKOUT = Path(__file__).resolve().parents[3]
PROSE = "standard/authorization.md"


@pytest.fixture(scope="module")
def standard() -> Standard:
    return load_standard(CHECKOUT)


@pytest.fixture
def root(tmp_path: Path, standard: Standard) -> Path:
    """A copy of the prose, freshly woven, with the one data file the pages read by themselves."""
    shutil.copytree(CHECKOUT / "standard", tmp_path / "standard")
    (tmp_path / "schemas/checklist").mkdir(parents=True)
    shutil.copy(CHECKOUT / "schemas/checklist/national.yaml", tmp_path / "schemas/checklist")
    update(tmp_path, render(standard, tmp_path, {}, {}), write=True)
    return tmp_path


def stale(root: Path, standard: Standard) -> list[str]:
    return update(root, render(standard, root, {}, {}), write=False)


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")


def refused(root: Path, standard: Standard) -> set[tuple[str, str]]:
    with pytest.raises(FileErrors) as caught:
        stale(root, standard)
    return {(problem.message.key, problem.id) for problem in caught.value.problems}


def reworded(standard: Standard, identifier: str) -> Standard:
    changed = replace(
        standard.requirements[identifier], sentence=Text("平台应改正。", "A platform SHALL mend it.")
    )
    return replace(standard, requirements={**standard.requirements, identifier: changed})


def test_weaving_a_root_twice_finds_nothing_the_second_time(tmp_path: Path) -> None:
    for part in ("standard", "schemas"):
        shutil.copytree(CHECKOUT / part, tmp_path / part)
    assert len(weave(tmp_path, True, checks={}, mutants={})) >= 6
    assert weave(tmp_path, False, checks={}, mutants={}) == []


def test_a_changed_sentence_makes_prose_and_page_stale_and_weaving_mends_them(
    root: Path, standard: Standard
) -> None:
    changed = reworded(standard, "AUT-003")
    assert stale(root, changed) == [PROSE, f"{GENERATED}/requirements.md"]
    assert "mend it" not in (root / PROSE).read_text("utf-8")
    update(root, render(changed, root, {}, {}), write=True)
    assert "> A platform SHALL mend it.\n" in (root / PROSE).read_text("utf-8")
    assert stale(root, changed) == []


def test_a_retyped_sentence_is_stale(root: Path, standard: Standard) -> None:
    edit(root / PROSE, "SHALL stop every disclosure", "SHALL stop some disclosures")
    assert stale(root, standard) == [PROSE]


def test_prose_outside_of_blocks_is_left_alone(root: Path, standard: Standard) -> None:
    edit(root / PROSE, "## 撤销", "Somebody's own words.\n\n## 撤销")
    assert stale(root, standard) == []


def test_a_missing_page_is_stale(root: Path, standard: Standard) -> None:
    (root / GENERATED / "terms.md").unlink()
    assert stale(root, standard) == [f"{GENERATED}/terms.md"]


def test_names_of_checks_and_mutants_stand_beside_their_requirement(standard: Standard) -> None:
    page = traceability(standard, {"AUT-003": ("a_check",)}, {"AUT-003": ("a_mutant", "another")})
    assert "| [AUT-003](requirements.md#aut-003) | `a_check` | `a_mutant`<br>`another` |" in page


def test_generated_pages_say_so_in_their_first_line(root: Path) -> None:
    pages = sorted((root / GENERATED).glob("*.md"))
    assert len(pages) == 6
    assert all("Generated" in page.read_text("utf-8").splitlines()[0] for page in pages)


def test_a_requirement_without_a_block_is_refused(root: Path, standard: Standard) -> None:
    edit(root / PROSE, "<!-- requirement AUT-003 -->", "")
    assert refused(root, standard) == {("authoring.broken_block", ""), ("authoring.not_in_prose", "AUT-003")}


@pytest.mark.parametrize(
    ("identifier", "key"),
    [("QRY-001", "foreign_block"), ("AUT-003", "repeated_block"), ("AUT-999", "foreign_block")],
)
def test_a_block_in_a_wrong_place_is_refused(
    root: Path, standard: Standard, identifier: str, key: str
) -> None:
    block = f"\n<!-- requirement {identifier} -->\n<!-- /requirement -->\n"
    (root / PROSE).write_text((root / PROSE).read_text("utf-8") + block, "utf-8")
    assert refused(root, standard) == {(f"authoring.{key}", identifier)}


@pytest.mark.parametrize("mark", ["<!-- requirement AUT-3 -->", "<!-- requirement AUT-011 --> trailing"])
def test_a_mark_that_is_not_understood_is_refused(root: Path, standard: Standard, mark: str) -> None:
    (root / PROSE).write_text((root / PROSE).read_text("utf-8") + f"\n{mark}\n", "utf-8")
    assert refused(root, standard) == {("authoring.broken_block", "")}


def test_a_part_without_prose_is_refused(root: Path, standard: Standard) -> None:
    (root / PROSE).unlink()
    assert refused(root, standard) == {("authoring.no_prose", "")}
