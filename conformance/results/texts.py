"""Texts and messages of the suite as JSON values in both languages."""

from collections.abc import Callable, Mapping
from typing import Any

from conformance.messages import Messages
from conformance.model.text import Lang, Message, Text

Words = Callable[..., str]


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


def words(messages: Messages, lang: Lang, area: str = "report") -> Words:
    """Give the labels of the reports in one language: `words("heading_failures")`."""

    def lookup(key: str, /, **args: Any) -> str:
        return messages.render(Message(f"{area}.{key}", args), lang)

    return lookup
