"""Guards over the messages: both languages, the same placeholders, none missing, none that nothing shows."""

import pytest

from conformance import checks, monitors
from conformance.cli.shared.program import command_paths
from conformance.loader import load_standard, read_yaml
from conformance.model.standard import Standard
from tests.repository.keys import asked_for, fragments, messages, placeholders, uses
from tests.repository.tracked import ROOT, tracked

PURPOSES = "purposes."
ABOUT_ITEMS = read_yaml(ROOT / "schemas/meta/item.schema.yaml")["$defs"]["about"]["properties"]
"""What may be said of an item: each value has its name in the sheets."""


@pytest.fixture(scope="module")
def standard() -> Standard:
    return load_standard(ROOT)


def test_each_message_has_both_languages() -> None:
    assert len(messages()) > 300
    assert [key for key, texts in messages().items() if set(texts) != {"zh", "en"}] == []
    assert [
        key for key, texts in messages().items() if not all(text.strip() for text in texts.values())
    ] == []


def test_both_languages_have_the_same_placeholders() -> None:
    differ = [key for key, t in messages().items() if placeholders(t["zh"]) != placeholders(t["en"])]
    assert differ == []


def test_each_key_in_code_has_its_message() -> None:
    assert len(uses()) > 150
    assert [f"{use.place}: {use.key}" for use in uses() if use.key not in messages()] == []


def test_each_message_gets_the_values_it_shows() -> None:
    told = [use for use in uses() if use.args is not None and use.key in messages()]
    assert len(told) > 80
    short = {f"{u.place}: {u.key}": placeholders(messages()[u.key]["en"]) - (u.args or set()) for u in told}
    assert {place: missing for place, missing in short.items() if missing} == {}


def test_each_message_is_shown_by_something(standard: Standard) -> None:
    words = fragments() | {r.part for r in standard.requirements.values()}
    words |= {c.force for c in standard.clauses.values()}
    words |= {word for value in ABOUT_ITEMS.values() for word in value.get("enum", ())}
    words |= {"_".join(path) for path in command_paths()}
    other_areas = [key for key in messages() if not key.startswith(PURPOSES)]
    assert [key for key in other_areas if not asked_for(key, words)] == []


def test_an_idle_message_would_be_seen() -> None:
    words = fragments()
    assert asked_for("report.verdict_passed", words)
    assert asked_for("doctor.dns_timeout_advice", words)
    assert not asked_for("doctor.no_such_thing_advice", words)
    assert not asked_for("report.verdict_" + "splendid", words)


def test_each_check_and_monitor_has_its_purpose_and_none_is_left_over(standard: Standard) -> None:
    judges = {c.name for c in checks.collect()} | {m.name for m in monitors.collect(standard)}
    purposes = {key.removeprefix(PURPOSES) for key in messages() if key.startswith(PURPOSES)}
    assert judges
    assert tracked("conformance/messages/purposes.yaml")
    assert sorted(judges - purposes) == []
    assert sorted(purposes - judges) == []
