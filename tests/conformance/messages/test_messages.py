"""Every text of the suite exists in both languages with the same placeholders, and shows what it is given."""

import ast
import re
from pathlib import Path
from string import Formatter

import pytest

from conformance.loader import read_yaml
from conformance.messages import Messages, load_messages
from conformance.model.text import Lang, Message, Text

FOLDER = Path(__file__).parents[3] / "conformance" / "messages"
MESSAGES = load_messages()
SOURCES = FOLDER.parent


def placeholders(template: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(template) if name is not None}


def test_there_are_messages() -> None:
    assert len(MESSAGES.templates) > 50


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*.yaml")), ids=lambda p: p.stem)
def test_file_is_strict_and_complete(path: Path) -> None:
    for key, entry in read_yaml(path).items():
        assert re.fullmatch(r"[a-z][a-z0-9_]*", key)
        assert entry.keys() == {"zh", "en"}, key
        texts = [text if isinstance(text, str) else text["text"] for text in entry.values()]
        assert all(isinstance(text, str) and text.strip() for text in texts), key


@pytest.mark.parametrize("key", sorted(MESSAGES.templates))
def test_both_languages_have_the_same_placeholders(key: str) -> None:
    template = MESSAGES.templates[key]
    assert placeholders(template.zh) == placeholders(template.en)


@pytest.mark.parametrize("key", sorted(k for k in MESSAGES.templates if k.startswith("loader.")))
def test_each_language_is_that_language(key: str) -> None:
    template = MESSAGES.templates[key]
    assert re.search(r"[\u4e00-\u9fff]", template.zh)
    assert not re.search(r"[\u4e00-\u9fff]", template.en)


def test_every_message_of_the_loader_is_shown_by_something() -> None:
    used_keys = set()
    for path in (p for part in ("loader", "oracles", "workspace") for p in (SOURCES / part).rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                used_keys.add(node.value.removeprefix("loader."))
    loader_keys = {key.removeprefix("loader.") for key in MESSAGES.templates if key.startswith("loader.")}
    built = {key for key in loader_keys if key.startswith("unknown_")}

    assert len(loader_keys) > 30
    assert loader_keys - used_keys - built == set(), "messages that nothing shows"


def test_a_message_is_rendered_in_either_language() -> None:
    messages = Messages({"a.b": Text("缺少{name}", "{name} is missing")})

    assert messages.render(Message("a.b", {"name": "x"}), Lang.ZH) == "缺少x"
    assert messages.render(Message("a.b", {"name": "x"}), Lang.EN) == "x is missing"


def test_values_are_shown_in_the_reader_s_language() -> None:
    messages = Messages({"a.b": Text("{x}", "{x}"), "a.c": Text("内", "inner")})

    assert messages.render(Message("a.b", {"x": Text("甲", "one")}), Lang.ZH) == "甲"
    assert messages.render(Message("a.b", {"x": Message("a.c")}), Lang.EN) == "inner"
    assert messages.render(Message("a.b", {"x": ["p", "q"]}), Lang.EN) == "p, q"


@pytest.mark.parametrize(
    "message",
    [
        Message("no.such", {"x": 1}),
        Message("a.b", {}),
        Message("a.b", {"other": "{x}"}),
        Message("a.broken", {"x": 1}),
        Message("a.deep", {"x": None}),
    ],
)
def test_what_cannot_be_filled_in_is_shown_not_raised(message: Message) -> None:
    messages = Messages(
        {"a.b": Text("{x}", "{x}"), "a.broken": Text("{x", "{x"), "a.deep": Text("{x.y}", "{x.y}")}
    )
    text = messages.render(message, Lang.EN)

    assert message.key in text
    assert all(str(value) in text for value in message.args.values())


def test_braces_in_values_are_not_templates() -> None:
    messages = Messages({"a.b": Text("{x}", "{x}")})

    assert messages.render(Message("a.b", {"x": "{y} {0}"}), Lang.EN) == "{y} {0}"


def test_a_counted_phrase_has_the_form_of_its_number() -> None:
    def rendered(lang: Lang, count: int) -> str:
        return MESSAGES.render(Message("delivery.more_files", {"count": count}), lang)

    assert rendered(Lang.EN, 1) == "1 more file, see result.json."
    assert rendered(Lang.EN, 0) == "0 more files, see result.json."
    assert rendered(Lang.EN, 2) == "2 more files, see result.json."
    assert rendered(Lang.ZH, 1) == "另有 1 个文件，见 result.json。"


def test_two_counted_phrases_of_one_text_are_independent() -> None:
    args = {"requirements": 1, "cases": 2}
    assert MESSAGES.render(Message("report.shown", args), Lang.EN) == "1 requirement and 2 cases shown"


@pytest.mark.parametrize(("key", "lang"), sorted(MESSAGES.plurals))
def test_each_form_names_the_number_that_it_is_for(key: str, lang: Lang) -> None:
    for name, forms in MESSAGES.plurals[key, lang].forms.items():
        assert forms.keys() == {"one", "other"}
        assert forms["one"] != forms["other"]
        assert all(name in placeholders(form) for form in forms.values())


COUNTED_NOUN = re.compile(
    r"\{(\w+)(?::,)?\} (?:more |new |other )?"
    r"(?:batch|bytes|cases|cells|characters|checks|columns|entries|exchanges|fields|files|items|lanes|mutants"
    r"|places|platforms|problems|records|requests|requirements|rows|rules|values)\b|\(s\)"
)
NEVER_ONE = frozenset(
    [
        "checks.batch_too_large",  # limits in the thousands
        "checks.no_oversize",
        "cli.cells_total",
        "doctor.http_endless",
        "doctor.limits_ok",
        "files.corrupt",
        "files.cut",
        "files.header_broken",
        "gap.long",
        "loader.reference_pairs",
        "mask.key_needed",
        "synth.rate",
        "wire.too_large",
    ]
)


def test_every_counted_noun_has_its_forms() -> None:
    """A text such as "{count} files" without a form for one would say "1 files"."""
    uncounted = {
        key: template.en
        for key, template in MESSAGES.templates.items()
        if COUNTED_NOUN.search(template.en) and (key, Lang.EN) not in MESSAGES.plurals
    }
    assert {key: text for key, text in uncounted.items() if key not in NEVER_ONE} == {}
    assert COUNTED_NOUN.search("{count} files")
