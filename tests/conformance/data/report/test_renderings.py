"""Terminal, JUnit and spreadsheet of a checked delivery, and the folder that holds them all."""

import csv
import io
import json
from pathlib import Path

import pytest
from junitparser import Error, Failure, JUnitXml, Skipped

from conformance.cli.shared.delivery_folder import write_delivery
from conformance.data.report import render_csv, render_junit, render_terminal
from conformance.data.report.table import escape_formula
from conformance.model.judgement import Verdict
from conformance.model.text import Lang
from conformance.results.number_format import share
from tests.conformance.data.report import sample

LANGS = tuple(Lang)
each_sample = pytest.mark.parametrize(
    ("name", "lang"), [(name, lang) for name in sample.ALL for lang in LANGS]
)


@each_sample
def test_terminal_ends_with_the_conclusion(name: str, lang: Lang) -> None:
    made = sample.document_of(name)
    *_, conclusion, status = render_terminal(made, lang).rstrip("\n").splitlines()
    assert conclusion == made.conclusion.text.in_(lang)
    assert status.endswith(made.checklist.status.in_(lang))


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("color", [True, False])
def test_terminal_holds_hostile_text_in(lang: Lang, color: bool) -> None:  # noqa: FBT001
    output = render_terminal(sample.document_of("hostile"), lang, color=color, width=120)
    assert ("\x1b[" in output) is color
    assert not set("\u202e\x00\ud800\udc80") & set(output)
    assert "\x1b[31m\\u202e" not in output
    assert not [line for line in output.splitlines() if line.lstrip().startswith("✓")]


def test_terminal_shows_the_worst_first_and_where() -> None:
    output = render_terminal(sample.document_of("faulty"), Lang.EN)
    order = (
        "d/F09-02.ndjson",
        "unique  6,600 rows (0.66%)",
        "decision_date/format",
        "F09-02.ndjson:17 '2021-2-3'",
    )
    places = [output.index(word) for word in order]
    assert places == sorted(places)
    assert "fine_amount/required  Fine  9 rows (<0.01%)" in output
    assert "Timeliness 90.91% (900,000/990,000)" in output


def test_terminal_tells_problems_and_files_that_were_not_read() -> None:
    output = render_terminal(sample.document_of("unread"), Lang.EN)
    assert "What could not be read (2)" in output
    assert "  d/F09-02.ndjson:3  the checklist has no item" in output
    assert "not at all" in render_terminal(sample.document_of("interrupted"), Lang.EN)
    assert "✓" not in render_terminal(sample.document_of("interrupted"), Lang.EN)


def test_terminal_of_thousands_of_rules_is_short() -> None:
    shown = render_terminal(sample.document_of("huge"), Lang.EN)
    assert len(shown.splitlines()) < 2_500
    assert "2970 more files" in shown


@each_sample
def test_junit_counts_every_rule(name: str, lang: Lang) -> None:
    document = sample.document_of(name)
    xml = JUnitXml.fromstring(render_junit(document, lang).encode("utf-8"))
    rules = [rule for item in document.items for rule in item.rules]
    failed = sum(rule.verdict is Verdict.FAILED for rule in rules)
    assert xml.failures == failed
    assert xml.skipped == 0
    assert [suite.name for suite in xml] == ["delivery", *(i.code or "no-item" for i in document.items)]
    assert sum(len(list(suite)) for suite in list(xml)[1:]) == len(rules)
    # A pipeline is red for whatever does not conform, and for whatever was not seen.
    assert bool(xml.failures + xml.errors) is (document.exit_code != 0)


def test_junit_never_skips_and_names_what_was_not_read() -> None:
    for name in sample.ALL:
        xml = JUnitXml.fromstring(render_junit(sample.document_of(name), Lang.EN).encode("utf-8"))
        assert not [1 for suite in xml for case in suite for one in case.result if isinstance(one, Skipped)]
    xml = JUnitXml.fromstring(render_junit(sample.document_of("unread"), Lang.EN).encode("utf-8"))
    wrong = [
        case.name for suite in xml for case in suite if case.result and isinstance(case.result[0], Error)
    ]
    assert wrong == ["d/F09-02.ndjson:3", "no/such/file", "rows"]


def test_junit_of_an_interrupted_check_is_red() -> None:
    xml = JUnitXml.fromstring(render_junit(sample.document_of("interrupted"), Lang.EN).encode("utf-8"))
    wrong = {
        case.name for suite in xml for case in suite if case.result and isinstance(case.result[0], Error)
    }
    assert {"complete", "d/1-F09-02.ndjson", "d/2-F09-02.ndjson", "unique"} <= wrong


def test_junit_failures_tell_count_and_places() -> None:
    xml = JUnitXml.fromstring(render_junit(sample.document_of("faulty"), Lang.EN).encode("utf-8"))
    failures = {case.name: case.result[0] for suite in xml for case in suite if case.result}
    failure = failures["decision_date/format"]
    assert isinstance(failure, Failure)
    assert failure.message.startswith("3,211 rows (0.32%)")
    assert "- d/F09-02.ndjson:17 '2021-2-3'" in failure.text


def table(name: str, lang: Lang) -> list[list[str]]:
    text = render_csv(sample.document_of(name), lang)
    assert text.startswith("\ufeff")
    return list(csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline="")))


@each_sample
def test_csv_has_a_row_for_each_rule_and_for_what_was_not_read(name: str, lang: Lang) -> None:
    document = sample.document_of(name)
    head, *rows = table(name, lang)
    rules = sum(len(item.rules) for item in document.items)
    assert len(rows) == rules + len(document.problems) + (not document.complete)
    assert {len(row) for row in rows} <= {len(head)} == {10}
    assert ("信息项" in head) is (lang is Lang.ZH)


def test_csv_cells_are_on_one_line_and_compute_nothing() -> None:
    rows = table("hostile", Lang.ZH)
    cells = [cell for row in rows for cell in row]
    assert not [cell for cell in cells if cell.lstrip()[:1] in set("=+-@") - {""}]
    assert not [cell for cell in cells if set(cell) & set("\r\n\t\x00\x1b\u202e")]
    assert any(cell.startswith("'=cmd|") for cell in cells)


def test_csv_of_numbers_is_numbers() -> None:
    row = next(row for row in table("faulty", Lang.EN) if row[:2] == ["F09-02", "decision_date/format"])
    assert row[5:9] == ["Conformity", "Failed", "3211", "0.003211"]
    assert row[9].startswith("d/F09-02.ndjson:17 '2021-2-3'; d/F09-02.ndjson:18")


@pytest.mark.parametrize("cell", ["=1", "+1", "-1", "@x", " =1", "＝1", "\t=1", "\n+1", "－1"])
def test_formulas_are_made_harmless(cell: str) -> None:
    assert escape_formula(cell)[0] in "'\\"
    assert escape_formula("F09-02 x=1") == "F09-02 x=1"


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("name", ["faulty", "hostile", "empty"])
def test_folder_holds_every_rendering(tmp_path: Path, name: str, lang: Lang) -> None:
    other_language = "en" if lang is Lang.ZH else "zh"
    paths = write_delivery(tmp_path / "made", sample.document_of(name), lang)
    assert set(paths) == {
        "result.json",
        "report.html",
        f"report.{other_language}.html",
        "junit.xml",
        "rules.csv",
    }
    assert json.loads(paths["result.json"].read_text("utf-8"))["format"] == "fcsp-delivery/1"
    assert paths["rules.csv"].read_bytes().startswith(b"\xef\xbb\xbf")
    assert {path.name for path in (tmp_path / "made").iterdir()} == set(paths)


@pytest.mark.parametrize(
    ("part", "of", "shown"),
    [
        (0, 0, "–"),
        (0, 5, "0%"),
        (5, 5, "100%"),
        (1, 10**9, "<0.01%"),
        (10**9 - 1, 10**9, ">99.99%"),
        (1, 3, "33.33%"),
    ],
)
def test_a_few_among_millions_are_not_rounded_away(part: int, of: int, shown: str) -> None:
    assert share(part, of) == shown
