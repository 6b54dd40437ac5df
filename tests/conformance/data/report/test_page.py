"""The page on a checked delivery: whole, self-contained, accessible, unbroken by hostile names and values."""

import base64
import hashlib
import json
import re
from itertools import pairwise

import pytest

from conformance.data.report import DeliveryDocument, render_html
from conformance.data.report.view import PLACES_IN_ALL
from conformance.messages import load_messages
from conformance.model.text import Lang
from tests.conformance.data.report import sample
from tests.conformance.results.page import Page
from tests.conformance.results.sample import ROOT

LANGS = tuple(Lang)
SMALL = tuple(name for name in sample.ALL if name != "huge")
each_sample = pytest.mark.parametrize(("name", "lang"), [(name, lang) for name in SMALL for lang in LANGS])


@each_sample
def test_page_is_well_formed(name: str, lang: Lang) -> None:
    page = Page(render_html(sample.document_of(name), lang))
    ids = page.values("id")
    assert page.open == []
    assert len(ids) == len(set(ids))
    assert page.values("lang") == [{"zh": "zh-CN", "en": "en"}[lang.value]]
    assert {"header", "nav", "main", "footer"} <= set(page.tags)
    assert set(page.values("aria-labelledby")) <= set(ids)


@each_sample
def test_headings_come_in_order(name: str, lang: Lang) -> None:
    levels = Page(render_html(sample.document_of(name), lang)).headings
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))


@each_sample
def test_page_needs_nothing_else(name: str, lang: Lang) -> None:
    page = Page(render_html(sample.document_of(name), lang))
    targets = set(page.values("href"))
    assert page.values("src") == page.values("style") == page.values("action") == []
    assert {"link", "iframe", "object", "img"} & set(page.tags) == set()
    assert targets
    assert {target[1:] for target in targets if target.startswith("#")} <= set(page.values("id"))
    assert {target for target in targets if not target.startswith("#")} == set()


@each_sample
def test_page_runs_no_other_script(name: str, lang: Lang) -> None:
    html = render_html(sample.document_of(name), lang)
    page = Page(html)
    (policy,) = [value for value in page.values("content") if "default-src" in value]
    for tag in ("script", "style"):
        for content in re.findall(f"<{tag}>(.*?)</{tag}>", html, re.DOTALL):
            digest = base64.b64encode(hashlib.sha256(content.encode()).digest()).decode()
            assert f"{tag}-src 'sha256-{digest}'" in policy
    assert policy.startswith("default-src 'none'")
    assert not [name for _, name, _ in page.attributes if name.startswith("on")]
    assert not re.search("[\x00-\x08\x1b\u202e\ud800-\udfff]", html)
    html.encode("utf-8")


@each_sample
def test_tables_name_their_columns(name: str, lang: Lang) -> None:
    page = Page(render_html(sample.document_of(name), lang))
    scopes = [tag for tag, name, _ in page.attributes if tag == "th" and name == "scope"]
    assert page.tags.count("th") == len(scopes)
    assert page.tags.count("caption") >= page.tags.count("table") - 1


@pytest.mark.parametrize("lang", LANGS)
def test_page_shows_what_was_found(lang: Lang) -> None:
    document = sample.document_of("faulty")
    html = render_html(document, lang)
    for word in (
        "1,020,003",
        "9,874",
        "6,600",
        "decision_date/format",
        "9999-9-9",
        "900,000",
        "d/F09-01.csv",
    ):
        assert word in html
    for item in document.items:
        assert not item.title or item.title.in_(lang) in html
    assert document.checklist.status.in_(lang) in html
    assert html.index("6,600") < html.index("3,211")


def test_the_rule_that_most_rows_break_comes_first() -> None:
    html = render_html(sample.document_of("faulty"), Lang.EN)
    blocks = re.findall(r'<details class="(req|case) [^>]*data-bad="(\d+)"', html)
    items = [int(bad) for kind, bad in blocks if kind == "req"]
    first = [int(bad) for kind, bad in blocks[1:6] if kind == "case"]
    assert items == sorted(items, reverse=True) == [9_871, 3, 0]
    assert first == sorted(first, reverse=True) == [6_600, 3_211, 51, 30, 9]


@pytest.mark.parametrize("lang", LANGS)
def test_what_was_not_read_stands_at_the_top(lang: Lang) -> None:
    html = render_html(sample.document_of("unread"), lang)
    assert html.index('id="problems"') < html.index('id="files"')
    assert "d/F09-02.ndjson:3" in html
    assert "no/such/file" in html
    assert 'id="results"' not in html
    assert "<script>alert" not in html


def test_a_page_on_thousands_of_rules_stays_small() -> None:
    document = sample.document_of("huge")
    html = render_html(document, Lang.ZH)
    assert sum(len(item.rules) for item in document.items) > 2_000
    assert len(html) < 4_000_000
    assert html.count("&#39;x&#39;") <= PLACES_IN_ALL
    assert load_messages().templates["delivery.more_files"].zh.format(count=2_500) in html


def test_page_can_be_made_again_from_the_file() -> None:
    made = sample.document_of("faulty")
    assert render_html(DeliveryDocument.from_json(json.dumps(made.to_json())), Lang.EN) == render_html(
        made, Lang.EN
    )


def test_every_word_exists() -> None:
    messages = load_messages()
    paths = (ROOT / "conformance/results/templates").glob("delivery*.j2")
    words = [key for path in paths for key in re.findall(r'\bw\("([a-z_]+)"[,)]', path.read_text("utf-8"))]
    assert len(words) > 50
    assert [key for key in words if f"delivery.{key}" not in messages] == []
