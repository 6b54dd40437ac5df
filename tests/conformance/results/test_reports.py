"""Reports: the document obeys its schema; renderings are whole, self-contained, unbroken by hostile text."""

import base64
import hashlib
import json
import re
from html import unescape
from typing import Any

import pytest
import yaml
from jsonschema import Draft202012Validator
from junitparser import Error, Failure, JUnitXml, Skipped

from conformance.messages import load_messages
from conformance.messages.visible import visible
from conformance.model.judgement import Verdict
from conformance.model.text import Lang
from conformance.results import (
    ResultDocument,
    compare,
    render_html,
    render_junit,
    render_terminal,
    result_document,
)
from tests.conformance.results import sample
from tests.conformance.results.page import Page

LANGS = tuple(Lang)


@pytest.fixture(scope="module")
def document() -> ResultDocument:
    return result_document(sample.run(), sample.standard())


@pytest.fixture(scope="module")
def validator() -> Draft202012Validator:
    schema = yaml.safe_load((sample.ROOT / "schemas/meta/result.schema.yaml").read_text("utf-8"))
    Draft202012Validator.check_schema(schema)
    return Draft202012Validator(schema)


def test_document_obeys_its_schema(document: ResultDocument, validator: Draft202012Validator) -> None:
    assert [
        error.message for error in validator.iter_errors(json.loads(json.dumps(document.to_json())))
    ] == []


@pytest.mark.parametrize("lang", LANGS)
def test_the_script_has_the_plural_forms_of_what_it_counts(document: ResultDocument, lang: Lang) -> None:
    counter = re.search(
        r'id="shown"[^>]* data-text="([^"]*)" data-counts="([^"]*)"', render_html(document, lang)
    )
    assert counter
    text, names = json.loads(unescape(counter[1])), counter[2].split()
    assert all(text["text"].count(f"{{{name}}}") == 1 for name in names)
    if lang is Lang.EN:
        assert text["forms"]["cases"] == {"one": "{cases} case", "other": "{cases} cases"}
        assert sorted(text["forms"]) == sorted(names)


def test_a_compared_document_obeys_its_schema(
    document: ResultDocument, validator: Draft202012Validator
) -> None:
    earlier = document.changed(cases=document.cases[2:])
    compared = document.changed(comparison=compare(earlier, document))
    assert compared.comparison
    assert compared.comparison.new
    assert [
        error.message for error in validator.iter_errors(json.loads(json.dumps(compared.to_json())))
    ] == []


def test_schema_is_closed(document: ResultDocument, validator: Draft202012Validator) -> None:
    written = document.to_json()
    assert not validator.is_valid({**written, "surprise": 1})
    assert not validator.is_valid({**written, "cases": [{**written["cases"][0], "surprise": 1}]})


def test_document_survives_json(document: ResultDocument) -> None:
    again = ResultDocument.from_json(json.dumps(document.to_json(), ensure_ascii=True))
    assert again == document
    for lang in LANGS:
        assert render_html(again, lang) == render_html(document, lang)


def test_every_requirement_speaks_both_languages(document: ResultDocument) -> None:
    assert len(document.requirements) == len(sample.REQUIREMENTS)
    for entry in document.requirements:
        assert entry.sentence.zh.endswith("（中文）")
        assert entry.sentence.en.endswith("in English")


def test_clause_takes_the_worst_verdict(document: ResultDocument) -> None:
    clause_verdicts = {entry.id: entry.verdict for entry in document.clauses}
    assert clause_verdicts["5.11-b"] == "failed"
    assert clause_verdicts["4.6-a"] == "inconclusive"
    assert clause_verdicts["5.11-c"] == "errored"
    assert clause_verdicts["3.4-a"] == "not_effective"
    assert clause_verdicts["5.12"] is None
    assert set(clause_verdicts) == set(sample.standard().clauses)


def test_exchanges_are_kept_only_where_a_reader_needs_them(document: ResultDocument) -> None:
    kept = {entry.verdict for entry in document.cases if entry.exchanges}
    assert kept == {"failed", "warned", "inconclusive", "errored", "not_verified", "manual"}


def test_credentials_are_named_never_shown(document: ResultDocument) -> None:
    assert "s3cret-token" not in json.dumps(document.to_json())


@pytest.mark.parametrize(
    ("exit_code", "complete", "kind"),
    [
        (0, True, "conforms"),
        (0, False, "subset_passed"),
        (1, True, "does_not_conform"),
        (3, True, "not_fully_verified"),
        (4, True, "suite_error"),
    ],
)
def test_conclusion(exit_code: int, complete: bool, kind: str) -> None:  # noqa: FBT001
    conclusion = result_document(sample.run(exit_code, complete=complete), sample.standard()).conclusion
    assert conclusion.kind == kind
    assert re.search("[\u4e00-\u9fff]", conclusion.text.zh)
    assert not re.search("[\u4e00-\u9fff]", conclusion.text.en)


@pytest.mark.parametrize("lang", LANGS)
def test_html_is_complete_and_well_formed(document: ResultDocument, lang: Lang) -> None:
    html = render_html(document, lang)
    page = Page(html)
    assert page.open == []
    assert page.values("lang") == [{"zh": "zh-CN", "en": "en"}[lang.value]]
    ids = page.values("id")
    assert len(ids) == len(set(ids))
    assert {entry.id for entry in sample.REQUIREMENTS} <= set(ids)
    assert {f"clause-{id_}" for id_ in sample.standard().clauses} <= set(ids)
    assert {"header", "nav", "main", "footer", "caption"} <= set(page.tags)
    for entry in document.requirements:
        assert entry.sentence.in_(lang) in html


@pytest.mark.parametrize("lang", LANGS)
def test_html_needs_nothing_else(document: ResultDocument, lang: Lang) -> None:
    page = Page(render_html(document, lang))
    assert page.values("src") == []
    assert {"link", "iframe", "object", "img"} & set(page.tags) == set()
    targets = set(page.values("href"))
    assert targets
    assert {target for target in targets if not target.startswith("#")} == set()
    assert {target[1:] for target in targets} <= set(page.values("id"))


@pytest.mark.parametrize("lang", LANGS)
def test_html_runs_its_own_script_and_no_other(document: ResultDocument, lang: Lang) -> None:
    """The policy names the one script and the one style by their digests, and nothing else may act."""
    html = render_html(document, lang)
    page = Page(html)
    (policy,) = [value for value in page.values("content") if "default-src" in value]
    for tag in ("script", "style"):
        (content,) = re.findall(f"<{tag}>(.*?)</{tag}>", html, re.DOTALL)
        digest = base64.b64encode(hashlib.sha256(content.encode()).digest()).decode()
        assert f"{tag}-src 'sha256-{digest}'" in policy
        assert "Sentence of" not in content
    assert page.tags.count("script") == 1
    assert page.values("style") == []
    assert "unsafe" not in policy
    assert policy.startswith("default-src 'none'")


@pytest.mark.parametrize("lang", LANGS)
def test_html_can_be_read_without_its_script(document: ResultDocument, lang: Lang) -> None:
    """What only a script can do is hidden until there is one; every failure is in the page itself."""
    html = render_html(document, lang)
    (tools,) = re.findall("<form[^>]*>", html)
    assert tools.endswith(" hidden>")
    assert "<button" not in html.partition("<form")[0]
    for case in document.cases:
        assert case.check in html
        for finding in case.findings:
            assert unescape(html).count(visible(finding.message.text.in_(lang)))


def test_html_shows_how_the_run_differs_from_another(document: ResultDocument) -> None:
    earlier = document.changed(run=document.run.changed(id="20260101T000000-other"))
    changed = document.changed(comparison=compare(earlier, document))
    html = render_html(changed, Lang.EN)
    assert "20260101T000000-other" in html
    assert Page(html).open == []
    assert 'id="changes"' not in render_html(document, Lang.EN)


def test_html_takes_a_platform_that_describes_itself_in_another_way() -> None:
    odd: dict[str, Any] = {"name": "just a name", "operator": ["x"]}
    document = result_document(sample.run(platform=odd), sample.standard())
    assert Page(render_html(document, Lang.ZH)).open == []


@pytest.mark.parametrize("lang", LANGS)
def test_html_holds_hostile_text_in(document: ResultDocument, lang: Lang) -> None:
    html = render_html(document, lang)
    page = Page(html)
    assert not [name for _, name, _ in page.attributes if name.startswith("on")]
    assert "&lt;script&gt;" in html
    assert not re.search("[\x00-\x08\x1b\u202e\ud800-\udfff]", html)
    html.encode("utf-8")


def test_html_tables_name_their_columns(document: ResultDocument) -> None:
    page = Page(render_html(document, Lang.EN))
    assert page.tags.count("th") == len(
        [1 for tag, name, _ in page.attributes if tag == "th" and name == "scope"]
    )


@pytest.mark.parametrize("lang", LANGS)
def test_junit_parses_and_counts(document: ResultDocument, lang: Lang) -> None:
    xml = JUnitXml.fromstring(render_junit(document, lang).encode())
    cases = [case for suite in xml for case in suite]
    assert (xml.tests, xml.failures, xml.errors, xml.skipped) == (9, 1, 3, 3)
    outcome = {case.classname: [type(entry) for entry in case.result] for case in cases}
    assert outcome["AUT-001"] == []
    assert outcome["AUT-002"] == [Failure]
    assert outcome["SEC-008"] == [Error]
    assert outcome["SEC-007"] == [Skipped]


def test_junit_never_shows_the_unproven_as_skipped(document: ResultDocument) -> None:
    xml = JUnitXml.fromstring(render_junit(document, Lang.EN).encode())
    types = {
        entry.type for suite in xml for case in suite for entry in case.result if isinstance(entry, Skipped)
    }
    assert types == {"manual", "not_applicable", "not_effective"}


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("color", [True, False])
def test_terminal_shows_each_trouble(document: ResultDocument, lang: Lang, color: bool) -> None:  # noqa: FBT001
    output = render_terminal(document, lang, color=color)
    assert ("\x1b[" in output) is color
    for id_ in ("AUT-002", "QRY-001", "QRY-002", "SEC-001", "SEC-008"):
        assert id_ in output
    assert "\x1b[31m\\u202e" not in output
    assert "\u202e" not in output
    assert document.conclusion.text.in_(lang)[:20] in output


def test_every_word_exists_in_both_languages() -> None:
    messages = load_messages()
    for verdict in Verdict:
        assert f"report.verdict_{verdict}" in messages
        assert f"report.meaning_{verdict}" in messages
    templates = (sample.ROOT / "conformance/results/templates").glob("*.j2")
    message_keys = [
        key for path in templates for key in re.findall(r'\bt\("([a-z_]+)"[,)]', path.read_text("utf-8"))
    ]
    assert len(message_keys) > 100
    assert [key for key in message_keys if f"report.{key}" not in messages] == []
