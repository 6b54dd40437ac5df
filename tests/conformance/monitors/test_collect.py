"""All monitors together: silent on good exchanges, each citing a requirement, in both languages."""

import re
from pathlib import Path

import pytest

from conformance import monitors
from conformance.messages import load_messages
from conformance.model.standard import Standard
from conformance.model.text import Lang, Message
from conformance.model.wire import Exchange
from tests.conformance.monitors.exchanges import failure, good, problem, query, with_header

HTML = "text/html; charset=utf-8"


@pytest.mark.parametrize("exchange", good(), ids=lambda e: f"{e.request.operation}-{e.reply.status}")
def test_good_exchanges_raise_nothing(standard: Standard, exchange: Exchange) -> None:
    for monitor in monitors.collect(standard):
        assert not monitor.observe(exchange), monitor.name


def test_the_good_exchanges_cover_every_operation(standard: Standard) -> None:
    assert {e.request.operation for e in good()} == set(standard.api.operations)


def test_each_monitor_cites_a_tested_requirement(standard: Standard) -> None:
    cited = {m.name: m.requirement for m in monitors.collect(standard)}
    assert cited == {
        "contract": "DOC-005",
        "problem_details": "DOC-004",
        "url_privacy": "SEC-004",
        "errors_reveal_nothing": "SEC-012",
        "replies_about_a_subject_are_not_stored": "SEC-013",
        "replies_are_hardened": "SEC-014",
    }
    assert all(standard.requirements[name].verification == "test" for name in cited.values())


@pytest.mark.parametrize("exchange", [query(), failure(problem("internal_error", 500), 500)])
def test_pages_of_a_gateway_are_not_judged(standard: Standard, exchange: Exchange) -> None:
    page = with_header(exchange, "content-type", HTML)
    assert {m.observe(page) for m in monitors.collect(standard)} == {None}


def test_problem_details_says_nothing_of_success(standard: Standard) -> None:
    relevant = {m.name for m in monitors.collect(standard) if m.observe(query()) is not None}
    about_a_subject = "replies_about_a_subject_are_not_stored"
    assert relevant == {"contract", "url_privacy", about_a_subject, "replies_are_hardened"}


def test_every_message_exists_in_both_languages_and_none_in_vain() -> None:
    texts = load_messages()
    sources = "".join(p.read_text("utf-8") for p in Path(monitors.__file__).parent.glob("*.py"))
    for key in (k for k in texts.templates if k.startswith("monitors.")):
        name = key.removeprefix("monitors.")
        name_in_source = name if not name.startswith("url_") else name.removeprefix("url_")
        assert re.search(rf'"{name_in_source}"', sources), f"{key} is used nowhere"
        message = Message(key, {"operation": "createQuery", "keyword": "pattern"})
        zh, en = (texts.render(message, lang) for lang in (Lang.ZH, Lang.EN))
        assert re.search(r"[一-鿿]", zh)
        assert "createQuery" in zh
        assert "createQuery" in en
