"""Texts and messages of the suite as JSON values in both languages."""

import json
from collections.abc import Callable, Mapping
from typing import Any

from conformance.messages import Messages
from conformance.model.text import Lang, Message, Text
from conformance.results.document_model import MessageText

Words = Callable[..., str]


def rendered(messages: Messages, value: Message) -> Text:
    """The wording of a message in both languages."""
    return Text(messages.render(value, Lang.ZH), messages.render(value, Lang.EN))


def message_text(messages: Messages, value: Message) -> MessageText:
    """A registry message in both languages, with its key and values for machines."""
    return MessageText(key=value.key, args=plain(dict(value.args)), text=rendered(messages, value))


def plain(value: Any) -> Any:
    """The JSON value of anything that a check may report."""
    json_value: Any
    match value:
        case None | bool() | int() | float() | str():
            json_value = value
        case Text():
            json_value = {"zh": value.zh, "en": value.en}
        case Message(key, args):
            json_value = {"key": key, "args": plain(args)}
        case bytes():
            json_value = value.decode("utf-8", "replace")
        case Mapping():
            json_value = {str(key): plain(entry) for key, entry in value.items()}
        case set() | frozenset():
            json_value = sorted((plain(entry) for entry in value), key=str)
        case list() | tuple():
            json_value = [plain(entry) for entry in value]
        case _:
            json_value = str(value)
    return json_value


def script_text(messages: Messages, lang: Lang, key: str) -> str:
    """The JSON of a counted text, `{"text": ..., "forms": {argument: {plural category: ...}}}`."""
    counted = messages.counted_text(key, lang)
    return json.dumps({"text": counted.text, "forms": counted.forms}, ensure_ascii=False)


def words(messages: Messages, lang: Lang, area: str = "report") -> Words:
    """Give the labels of the reports in one language: `words("heading_failures")`."""

    def lookup(key: str, /, **args: Any) -> str:
        return messages.render(Message(f"{area}.{key}", args), lang)

    return lookup
