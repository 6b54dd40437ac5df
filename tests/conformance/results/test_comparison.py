"""Two runs side by side: what got worse, what got better, what came and went, and under which conditions."""

import pytest

from conformance.messages import load_messages
from conformance.model.judgement import Verdict
from conformance.model.text import Lang
from conformance.results import (
    ResultDocument,
    compare,
    render_comparison,
    result_document,
    same_platform,
    worse,
)
from conformance.results.document import VerdictChange
from tests.conformance.results import sample


@pytest.fixture(scope="module")
def document() -> ResultDocument:
    return result_document(sample.run(), sample.standard())


def changed(document: ResultDocument, **verdicts: str) -> ResultDocument:
    """The same run with other verdicts on the cases of some requirements (`AUT_001="failed"`)."""
    cases = [
        case.changed(verdict=Verdict(verdicts.get(case.requirement.replace("-", "_"), case.verdict)))
        for case in document.cases
    ]
    return document.changed(cases=cases)


def ids(changes: list[VerdictChange]) -> list[str]:
    return [change.case.partition("/")[0] for change in changes]


def test_a_run_compared_with_itself_shows_no_change(document: ResultDocument) -> None:
    comparison = compare(document, document)
    assert [
        getattr(comparison, name) for name in ("newly_failing", "fixed", "new", "removed", "differing")
    ] == [[]] * 5
    assert ids(comparison.still_failing) == ["AUT-002", "QRY-001", "QRY-002", "SEC-001", "SEC-008"]
    assert comparison.unchanged == 4
    assert not worse(comparison)


def test_each_change_is_told_by_its_kind(document: ResultDocument) -> None:
    later = changed(document, AUT_001="failed", AUT_002="passed", SEC_007="not_verified")
    comparison = compare(document, later)
    assert ids(comparison.newly_failing) == ["AUT-001", "SEC-007"]
    assert ids(comparison.fixed) == ["AUT-002"]
    assert comparison.newly_failing[0].before == "passed"
    assert comparison.newly_failing[0].after == "failed"
    assert worse(comparison)


def test_what_became_better_is_not_worse(document: ResultDocument) -> None:
    assert not worse(compare(document, changed(document, AUT_002="passed")))
    assert not worse(compare(document, changed(document, AUT_001="not_applicable")))


def test_cases_that_came_and_went(document: ResultDocument) -> None:
    short = document.changed(cases=document.cases[1:])
    assert ids(compare(document, short).removed) == ["DOC-008"]
    assert ids(compare(short, document).new) == ["DOC-008"]


def test_what_a_part_left_out_is_neither_new_nor_removed(document: ResultDocument) -> None:
    part = document.changed(complete=False, cases=document.cases[1:2])
    assert compare(document, part).removed == []
    assert compare(part, document).new == []
    assert compare(document, part).differing == ["complete"]


def test_conditions_that_differ_are_named(document: ResultDocument) -> None:
    other = result_document(sample.run(seed=8, standard_digest="cd" * 32), sample.standard())
    assert compare(document, other).differing == ["standard_digest", "seed"]


def test_a_platform_is_known_by_its_own_identity_before_its_address(document: ResultDocument) -> None:
    def run(url: str, **platform: str) -> ResultDocument:
        return result_document(sample.run(base_url=url, platform=platform), sample.standard())

    assert same_platform(run("http://a", platform_id="x"), run("http://b", platform_id="x"))
    assert not same_platform(run("http://a", platform_id="x"), run("http://a", platform_id="y"))
    assert same_platform(run("http://a"), run("http://a", platform_id="y"))
    assert not same_platform(document, run("http://elsewhere"))


@pytest.mark.parametrize("lang", list(Lang))
def test_terminal_names_each_change_and_counts(document: ResultDocument, lang: Lang) -> None:
    second_run = result_document(sample.run(seed=8), sample.standard())
    comparison = compare(document, changed(second_run, AUT_001="failed", AUT_002="passed"))
    output = render_comparison(comparison, lang)
    assert "AUT-001/fact_holds" in output
    assert "AUT-002/fact_holds[F01-01]" in output
    assert document.run.id in output
    short = render_comparison(comparison, lang, in_full=False)
    assert output.endswith(short)
    assert "\n" not in short


def test_each_condition_has_its_words() -> None:
    from conformance.results.comparison import CONDITIONS

    messages = load_messages()
    assert [name for name in (*CONDITIONS, "complete") if f"report.condition_{name}" not in messages] == []
