"""Text in the two languages of the standard, and messages that are looked up in the one registry."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Annotated, Any

from conformance.model.json_form import JsonForm


class Lang(StrEnum):
    """A language in which all user-visible text exists."""

    ZH = "zh"
    EN = "en"


@dataclass(frozen=True, slots=True)
class Text:
    """One sentence in Chinese and in English."""

    zh: str
    en: str

    def in_(self, lang: Lang) -> str:
        """The sentence in one language."""
        return self.zh if lang is Lang.ZH else self.en


def _write_args(args: Mapping[str, Any]) -> dict[str, Any]:
    return {name: _write_argument(value) for name, value in args.items()}


def _read_args(data: Mapping[str, Any]) -> dict[str, Any]:
    return {name: _read_argument(value) for name, value in data.items()}


def _write_argument(value: Any) -> Any:
    match value:
        case Text(zh, en):
            return {"text": {"zh": zh, "en": en}}
        case Message(key, args):
            return {"message": {"key": key, "args": _write_args(args)}}
        case _:
            return value


def _read_argument(data: Any) -> Any:
    match data:
        case {"text": {"zh": zh, "en": en}}:
            return Text(zh, en)
        case {"message": {"key": key, "args": args}}:
            return Message(key, _read_args(args))
        case _:
            return data


@dataclass(frozen=True, slots=True)
class Message:
    """A registry key with the values that fill its template; rendered only where it is shown."""

    key: str
    args: Annotated[Mapping[str, Any], JsonForm(_write_args, _read_args)] = field(default_factory=dict)


class Lines(tuple[Message, ...]):
    """Messages as the value of a placeholder, rendered below each other; other sequences get commas."""

    __slots__ = ()
