"""Guards over standard/: ids, languages, normative verbs, clauses. Each fails when it has scanned nothing."""

import re

import pytest

from conformance.loader import lint, load_standard
from conformance.model.standard import Clause, Requirement, Standard, Verification
from conformance.model.text import Text
from tests.repository.tracked import ROOT, shown, tracked

SECTIONS = {"1", "2.1", "2.2", "2.3", "3.4", "3.5", "4.6", "4.7", "4.8", "4.9", "4.10", "5.11", "5.12"}
VERBS = {"shall": ("应", "SHALL"), "should": ("宜", "SHOULD"), "may": ("可", "MAY")}
HAN = re.compile("[\u4e00-\u9fff]")
LOWER_CASE_VERB = re.compile(r"\b(shall|should|may|must)\b")


@pytest.fixture(scope="module")
def standard() -> Standard:
    standard = load_standard(ROOT)
    assert standard.requirements
    assert standard.clauses
    return standard


def test_lint_finds_nothing(standard: Standard) -> None:
    """Ids, references, and that each clause has a requirement or a reason, are the part of lint."""
    assert [problem.place for problem in lint(ROOT)] == []
    parts = {r.part for r in standard.requirements.values()}
    assert parts == {path.stem for path in tracked("standard/requirements/*.yaml")}


def texts(r: Requirement) -> dict[str, Text | None]:
    parameters = {f"{p.name}.rationale": p.rationale for p in r.parameters.values()}
    own = {"sentence": r.sentence, "remediation": r.remediation, "reason": r.reason, "note": r.note}
    return {**own, **parameters}


def test_each_text_exists_in_both_languages(standard: Standard) -> None:
    shared = [c.summary for c in standard.clauses.values()] + [c.duty for c in standard.clauses.values()]
    shared += [t.definition for t in standard.terms.values()] + [p.title for p in standard.profiles.values()]
    of_requirements = [t for r in standard.requirements.values() for t in texts(r).values() if t]
    assert len(of_requirements) >= 2 * len(standard.requirements)
    everything = shared + of_requirements
    assert [t.en for t in everything if not HAN.search(t.zh)] == []
    assert [t.en for t in everything if not t.en.strip() or HAN.search(t.en)] == []


def test_each_sentence_has_exactly_one_normative_verb_and_it_matches_the_level(standard: Standard) -> None:
    for r in standard.requirements.values():
        zh, en = VERBS[r.level.value]
        assert re.findall("[应宜可]", r.sentence.zh) == [zh], r.id
        assert re.findall(r"\b(SHALL|SHOULD|MAY|MUST)\b", r.sentence.en) == [en], r.id
        assert not LOWER_CASE_VERB.search(r.sentence.en), r.id


def test_each_sentence_is_one_sentence(standard: Standard) -> None:
    for r in standard.requirements.values():
        assert r.sentence.zh.count("。") == 1, r.id
        assert r.sentence.zh.endswith("。"), r.id
        assert r.sentence.en.endswith("."), r.id
        assert not re.search(r"[.!?] ", r.sentence.en), r.id


def test_no_section_of_the_policy_is_missing(standard: Standard) -> None:
    assert {clause.partition("-")[0] for clause in standard.clauses} == SECTIONS


def citing(standard: Standard, clause: Clause) -> list[Requirement]:
    return [r for r in standard.requirements.values() if clause.id in r.clauses]


def test_each_clause_of_kind_t_is_tested_or_says_that_its_part_is_missing(standard: Standard) -> None:
    testable = [c for c in standard.clauses.values() if "T" in c.kind]
    assert len(testable) > len(standard.clauses) / 2
    for clause in testable:
        tested = any(r.verification is Verification.TEST for r in citing(standard, clause))
        explains = clause.reason is not None and ("yet" in clause.reason.en and "本版" in clause.reason.zh)
        assert tested or explains, clause.id


def test_what_the_policy_only_encourages_binds_only_inside_a_capability(standard: Standard) -> None:
    encouraged = {c.id for c in standard.clauses.values() if c.force == "encouraged"}
    assert encouraged
    for r in standard.requirements.values():
        assert r.capability or not set(r.clauses) <= encouraged, r.id


def test_time_limits_are_parameters_and_never_numbers_in_a_sentence(standard: Standard) -> None:
    ids = [p.name for r in standard.requirements.values() for p in r.parameters.values()]
    assert ids
    for r in standard.requirements.values():
        assert not re.search(r"[0-9]+ ?(s|seconds?|minutes?|秒|分钟)\b", r.sentence.en + r.sentence.zh), r.id
        for name in r.parameters:
            assert name in r.sentence.zh, r.id
            assert name in r.sentence.en, r.id


def test_terms_are_unique_and_include_the_words_of_testing(standard: Standard) -> None:
    titles = [t.title.zh for t in standard.terms.values()]
    assert len(set(titles)) == len(titles)
    assert {"hub", "sut", "ics", "ixit", "checklist", "desensitization"} <= standard.terms.keys()


def test_the_checklist_is_called_a_reconstruction_wherever_it_is_shown() -> None:
    pages = [p for p in tracked("*.md") if re.search(r"信息项|checklist|清单", p.read_text("utf-8"))]
    assert len(pages) >= 4
    faces = ("README.md", "README.zh-CN.md", "docs/generated/checklist.md", "standard/catalog.md")
    unexplained = set(faces) - {shown(p) for p in pages}
    assert unexplained == set()
    unsaid = [name for name in faces if not re.search("重建|reconstruct", (ROOT / name).read_text("utf-8"))]
    assert unsaid == []
