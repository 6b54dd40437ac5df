"""Texts of the suite in both languages, and strings of a platform made harmless to look at."""

import re
from collections.abc import Callable, Mapping
from typing import Any

from conformance.messages import Messages
from conformance.model.text import Lang, Message, Text

Words = Callable[..., str]

# Control characters, bidirectional overrides, zero-width and unpaired surrogates: with them a platform
# could forge or scramble what a reader sees. Line feed and tab stay.
_UNSAFE = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufffe\uffff\ud800-\udfff]"
)


def both(text: Text) -> dict[str, str]:
    return {"zh": text.zh, "en": text.en}


def message(messages: Messages, value: Message) -> dict[str, Any]:
    """Render a registry message in both languages, keeping its key and values for machines."""
    text = {lang.value: messages.render(value, lang) for lang in Lang}
    return {"key": value.key, "args": plain(dict(value.args)), "text": text}


def plain(value: Any) -> Any:
    """Turn any value a check may report into a JSON value."""
    found: Any
    match value:
        case None | bool() | int() | float() | str():
            found = value
        case Text():
            found = both(value)
        case Message(key, args):
            found = {"key": key, "args": plain(args)}
        case bytes():
            found = value.decode("utf-8", "replace")
        case Mapping():
            found = {str(key): plain(entry) for key, entry in value.items()}
        case set() | frozenset():
            found = sorted((plain(entry) for entry in value), key=str)
        case list() | tuple():
            found = [plain(entry) for entry in value]
        case _:
            found = str(value)
    return found


def visible(text: str) -> str:
    """Spell out characters that would act on the reader's screen instead of standing on it."""
    return _UNSAFE.sub(lambda found: f"\\u{ord(found.group()):04x}", text)


def one_line(text: str) -> str:
    """Visible, and without breaks: a name of a file may hold some, to look like lines of the report."""
    return visible(text).replace("\n", "\\n").replace("\t", "\\t")


def words(messages: Messages, lang: Lang, area: str = "report") -> Words:
    """Give the labels of the reports in one language: `words("heading_failures")`."""

    def lookup(key: str, /, **args: Any) -> str:
        return messages.render(Message(f"{area}.{key}", args), lang)

    return lookup
