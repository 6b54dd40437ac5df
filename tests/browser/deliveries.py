"""`make browser`: the page on a checked delivery in a real browser, with the script of all reports."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from conformance.data.report import render_html
from conformance.model.text import Lang
from tests.browser.chromium import quiet
from tests.conformance.data.report import sample

SMALL = tuple(name for name in sample.ALL if name != "huge")
CASES = "[id='item.F09-02'] .case"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("pages")
    for name in sample.ALL:
        for lang in Lang:
            (folder / f"{name}.{lang}.html").write_text(render_html(sample.document_of(name), lang), "utf-8")
    return folder


@pytest.fixture
def page(browser: Any, folder: Path) -> Iterator[Any]:
    """The English page on faults."""
    with quiet(browser, folder / "faulty.en.html") as opened:
        yield opened


def test_rules_can_be_put_in_the_order_of_the_item(page: Any) -> None:
    def ids() -> list[str]:
        found: list[str] = page.eval_on_selector_all(CASES, "all => all.map((one) => one.id)")
        return found

    most = ids()
    assert most[:2] == ["F09-02.unique", "F09-02.decision_date.format"]
    page.select_option("#sort", "standard")
    assert ids() != most
    assert sorted(ids()) == sorted(most)
    page.select_option("#sort", "most")
    assert ids() == most


def test_rules_can_be_filtered_and_searched(page: Any) -> None:
    page.select_option("[data-filter=verdict]", "failed")
    assert page.inner_text("#shown") == "2 items and 6 rules shown"
    page.select_option("[data-filter=dimension]", "uniqueness")
    assert page.inner_text("#shown") == "1 item and 1 rule shown"
    page.click("button[type=reset]")
    page.fill("#search", "f09-02 date of the decision")
    page.wait_for_timeout(400)  # a function to wait for would be refused by the page's policy
    assert page.inner_text("#shown").startswith("1 item and ")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", SMALL)
def test_no_barrier_is_found_and_nothing_is_too_wide(
    browser: Any, folder: Path, name: str, scheme: str
) -> None:
    axe = pytest.importorskip("axe_playwright_python.base").AXE_SCRIPT
    for lang in Lang:
        viewport = {"width": 390, "height": 800}
        context = browser.new_context(bypass_csp=True, color_scheme=scheme, viewport=viewport)
        tab = context.new_page()
        tab.goto((folder / f"{name}.{lang}.html").as_uri())
        tab.eval_on_selector_all("details", "all => all.forEach((details) => { details.open = true; })")
        assert tab.evaluate("document.documentElement.scrollWidth") <= 390
        tab.evaluate(axe)
        violations = tab.evaluate(
            "async () => (await axe.run()).violations.map((v) => [v.id, v.nodes[0].html])"
        )
        assert violations == [], json.dumps(violations, indent=1)
        context.close()


def test_a_script_is_not_needed_to_read(browser: Any, folder: Path) -> None:
    context = browser.new_context(java_script_enabled=False)
    tab = context.new_page()
    tab.goto((folder / "faulty.en.html").as_uri())
    assert not tab.is_visible("#tools")
    assert tab.locator("#list > details[open] .case[open] .what").first.is_visible()
    context.close()


def test_a_page_of_thousands_of_rules_is_quick(browser: Any, folder: Path) -> None:
    opened = browser.new_page()
    opened.goto((folder / "huge.en.html").as_uri())
    assert opened.evaluate("performance.getEntriesByType('navigation')[0].domComplete") < 5000
    opened.close()
