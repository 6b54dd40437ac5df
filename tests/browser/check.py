"""`make browser`: the report in a real browser: its script, its keys, its accessibility, how quick it is.

Not part of `make test`, since it needs a Chromium: python -m pytest tests/browser/check.py
"""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from conformance.loader import load_standard
from conformance.model.judgement import Case, Finding, Result, Verdict
from conformance.model.run import RequirementVerdict, Run
from conformance.model.text import Lang, Message
from conformance.results import ResultDocument, compare, render_html, result_document
from conformance.verdict import worst
from tests.browser.chromium import quiet
from tests.conformance.results import gallery, sample

MANY = 40
"""Cases for each requirement: thousands in all."""
OPENED = "#list > details:nth-child(-n+4), #list > details:nth-child(-n+4) details, section > details"
"""What is opened before the page is searched for barriers."""


@pytest.fixture(scope="module")
def document() -> ResultDocument:
    """Every verdict, a platform that is hostile, and thousands of cases."""
    standard = load_standard()
    results = [*gallery.results(standard), *sample.run().results[1:5]]
    for number, id_ in enumerate(standard.requirements):
        for n in range(MANY):
            case = Case(id_, "many", f"F01-{n:03}")
            bad = number % 9 == 0 and n % 10 == 0
            finding = (Finding(Message("expect.status"), 1, "reply.status", 200, 500),) if bad else ()
            verdict = Verdict.FAILED if bad else Verdict.PASSED
            results.append(Result(case, verdict, finding, duration=0.01, started=n / 10, lane=1 + n % 4))
    unique = tuple({result.case.id: result for result in results}.values())
    rolled = tuple(
        RequirementVerdict(
            id_,
            worst(result.verdict for result in unique if result.case.requirement == id_),
            tuple(result.case.id for result in unique if result.case.requirement == id_),
        )
        for id_ in standard.requirements
    )
    current = result_document(Run(sample.info(), unique, rolled, 1), standard)
    earlier = current.changed(cases=current.cases[: len(current.cases) // 2])
    return current.changed(comparison=compare(earlier, current))


@pytest.fixture(scope="module")
def folder(document: ResultDocument, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("pages")
    for lang in Lang:
        (folder / f"{lang}.html").write_text(render_html(document, lang), "utf-8")
    return folder


@pytest.fixture
def page(browser: Any, folder: Path) -> Iterator[Any]:
    """The English page."""
    with quiet(browser, folder / "en.html") as opened:
        yield opened


def visible_counts(page: Any) -> tuple[int, int]:
    """Requirements and cases that are not hidden, counted in the page itself."""
    counts = page.evaluate(
        """() => [document.querySelectorAll('#list > details:not([hidden])').length,
        [...document.querySelectorAll('#list [data-verdict]')]
        .filter((node) => !node.closest('[hidden]')).length]"""
    )
    return counts[0], counts[1]


def test_a_filter_leaves_what_it_says(page: Any, document: ResultDocument) -> None:
    failed = [case for case in document.cases if case.verdict is Verdict.FAILED]
    page.select_option("[data-filter=verdict]", "failed")
    assert visible_counts(page) == (len({case.requirement for case in failed}), len(failed))
    text = page.inner_text("#shown")
    assert str(len(failed)) in text
    page.select_option("[data-filter=part]", "authorization")
    part = [case for case in failed if case.requirement.startswith("AUT")]
    assert visible_counts(page)[1] == len(part)
    page.click("button[type=reset]")
    page.wait_for_function("document.querySelectorAll('#list > details[hidden]').length === 0")
    assert visible_counts(page)[1] == len(document.cases)


def test_every_filter_offers_what_there_is(page: Any) -> None:
    for name in ("verdict", "part", "profile", "level", "fault"):
        values = page.eval_on_selector_all(
            f"[data-filter={name}] option", "options => options.map((option) => option.value)"
        )
        assert len(values) > 1
        for value in values[1:]:
            page.select_option(f"[data-filter={name}]", value)
            assert visible_counts(page)[1] > 0, (name, value)
        page.select_option(f"[data-filter={name}]", "")


def test_search_finds_a_case_and_is_quick(page: Any) -> None:
    took = page.evaluate(
        """async () => { const began = performance.now(); const box = document.getElementById('search');
        box.value = 'COL-001 f01-007'; box.dispatchEvent(new Event('input'));
        await new Promise((done) => setTimeout(done, 140)); return performance.now() - began - 140; }"""
    )
    assert visible_counts(page) == (1, 1)
    assert took < 1500
    page.fill("#search", "no-such-word")
    page.wait_for_selector("#none:not([hidden])")


def test_order_can_be_changed(page: Any) -> None:
    def ids() -> list[str]:
        found: list[str] = page.eval_on_selector_all("#list > details", "all => all.map((one) => one.id)")
        return found

    worst_first = ids()
    page.select_option("#sort", "standard")
    assert ids() != worst_first
    assert sorted(ids()) == sorted(worst_first)
    page.select_option("#sort", "worst")
    assert ids() == worst_first


def test_keys_move_and_can_be_turned_off(page: Any) -> None:
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.id") == "search"
    page.keyboard.press("j")
    assert page.input_value("#search") == "j"
    page.keyboard.press("Escape")
    assert page.input_value("#search") == ""
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("j")
    first = page.evaluate("document.activeElement.closest('details').id")
    page.keyboard.press("j")
    assert page.evaluate("document.activeElement.closest('details').id") != first
    page.keyboard.press("k")
    assert page.evaluate("document.activeElement.closest('details').id") == first
    page.uncheck("#keys")
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.id") != "search"


def test_a_permalink_opens_what_it_names(browser: Any, folder: Path) -> None:
    opened = browser.new_page()
    opened.goto((folder / "en.html").as_uri() + "#COL-001.many.F01-007")
    assert opened.is_visible("[id='COL-001.many.F01-007']")
    opened.close()


def test_commands_can_be_copied(page: Any) -> None:
    page.context.grant_permissions([])
    page.evaluate("navigator.clipboard.writeText = async (text) => { window.copied = text; }")
    page.eval_on_selector(".reproduce .copier", "button => button.click()")
    assert page.evaluate("window.copied").startswith("fcsp run ")
    page.eval_on_selector("[id^='AUT'] .step .copier, .step .copier", "button => button.click()")
    assert page.evaluate("window.copied").startswith("curl -i -X ")


@pytest.mark.parametrize("width", [390, 1280])
def test_nothing_is_wider_than_the_window(browser: Any, folder: Path, width: int) -> None:
    for lang in Lang:
        tab = browser.new_page(viewport={"width": width, "height": 800})
        tab.goto((folder / f"{lang}.html").as_uri())
        assert tab.evaluate("document.documentElement.scrollWidth") <= width
        tab.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_barrier_is_found(browser: Any, folder: Path, scheme: str) -> None:
    """axe-core, in both languages and both color schemes, with everything opened."""
    axe = pytest.importorskip("axe_playwright_python.base").AXE_SCRIPT
    for lang in Lang:
        context = browser.new_context(bypass_csp=True, color_scheme=scheme)
        tab = context.new_page()
        tab.goto((folder / f"{lang}.html").as_uri())
        tab.eval_on_selector_all(OPENED, "all => all.forEach((details) => { details.open = true; })")
        tab.evaluate(axe)
        violations = tab.evaluate(
            "async () => (await axe.run()).violations.map((v) => [v.id, v.nodes.length, v.nodes[0].html])"
        )
        assert violations == [], json.dumps(violations, indent=1)
        context.close()


def test_a_script_is_not_needed_to_read(browser: Any, folder: Path) -> None:
    context = browser.new_context(java_script_enabled=False)
    tab = context.new_page()
    tab.goto((folder / "en.html").as_uri())
    assert not tab.is_visible("#tools")
    assert tab.locator("#list > details[open] .case[open] .what").first.is_visible()
    context.close()


def test_a_page_of_thousands_of_cases_is_small_and_quick(
    browser: Any, folder: Path, document: ResultDocument
) -> None:
    assert len(document.cases) > 2000
    assert (folder / "en.html").stat().st_size < 5_000_000
    tab = browser.new_page()
    tab.goto((folder / "en.html").as_uri())
    took = tab.evaluate("performance.getEntriesByType('navigation')[0].domComplete")
    assert took < 5000
    tab.close()
