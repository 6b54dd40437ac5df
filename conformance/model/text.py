"""Text in the two languages of the standard, and messages that are looked up in the one registry."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any


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
        return self.zh if lang is Lang.ZH else self.en


@dataclass(frozen=True, slots=True)
class Message:
    """A registry key with the values that fill its template; rendered only where it is shown."""

    key: str
    args: Mapping[str, Any] = field(default_factory=dict)
