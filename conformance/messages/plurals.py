"""Plural forms of counted phrases, chosen by the rules of Unicode CLDR."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from babel import Locale

from conformance.model.text import Lang

OTHER = "other"
"""The plural category that every language has."""


@dataclass(frozen=True, slots=True)
class CountedText:
    """A template whose placeholders in `forms` stand for counted phrases."""

    text: str
    forms: Mapping[str, Mapping[str, str]]
    """By argument and plural category, e.g. `{"count": {"one": "{count} row", "other": "{count} rows"}}`."""

    def template(self, args: Mapping[str, Any], lang: Lang) -> str:
        """The template with the forms that fit the values of its arguments."""
        template = self.text
        for name, forms in self.forms.items():
            phrase = forms.get(plural_category(args.get(name), lang), forms[OTHER])
            template = template.replace(f"{{{name}}}", phrase, 1)
        return template


def plural_category(value: Any, lang: Lang) -> str:
    """CLDR category of a number (`one`, `other`); `other` for all that is not a number."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return OTHER
    return _locale(lang).plural_form(value)


@cache
def _locale(lang: Lang) -> Locale:
    return Locale.parse(lang.value)
