"""Every text the suite shows, by key, in Chinese and in English; one YAML file for each area."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from string import Formatter
from typing import Any

import yaml

from conformance.messages.plurals import CountedText
from conformance.model.text import Lang, Lines, Message, Text

_FOLDER = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class Messages:
    """Templates by key (`<file stem>.<key>`)."""

    templates: Mapping[str, Text]
    """Of counted texts, with their forms for `other`."""
    plurals: Mapping[tuple[str, Lang], CountedText] = field(default_factory=dict)

    def render(self, message: Message, lang: Lang) -> str:
        """The text of a message. What cannot be filled in is shown as key and values, never raised."""
        template = self.templates.get(message.key)
        if template is None:
            return _bare(message, lang)
        try:
            values = {name: self._shown(value, lang) for name, value in message.args.items()}
            plurals = self.plurals.get((message.key, lang))
            text = template.in_(lang) if plurals is None else plurals.template(message.args, lang)
            return Formatter().vformat(text, (), values)
        except (LookupError, ValueError, TypeError, AttributeError):
            return _bare(message, lang)

    def counted_text(self, key: str, lang: Lang) -> CountedText:
        """The unfilled text with its plural forms, for a script that counts. Raises KeyError."""
        return self.plurals.get((key, lang)) or CountedText(self.templates[key].in_(lang), {})

    def _shown(self, value: Any, lang: Lang) -> Any:
        """Values in the reader's language: texts are chosen, messages within messages are rendered."""
        if isinstance(value, Text):
            return value.in_(lang)
        if isinstance(value, Message):
            return self.render(value, lang)
        if isinstance(value, Lines):
            return "\n".join(self.render(line, lang) for line in value)
        if isinstance(value, (list, tuple, set, frozenset)):
            return ", ".join(str(self._shown(part, lang)) for part in value)
        return value

    def __contains__(self, key: object) -> bool:
        return key in self.templates


def _bare(message: Message, lang: Lang) -> str:
    args = ", ".join(f"{k}={v.in_(lang) if isinstance(v, Text) else v}" for k, v in message.args.items())
    return f"{message.key} ({args})" if args else message.key


@cache
def load_messages(folder: Path = _FOLDER, areas: tuple[str, ...] = ("*",)) -> Messages:
    """The message files of a folder, merged; `areas` are their stems. Read once in a process."""
    templates: dict[str, Text] = {}
    plurals: dict[tuple[str, Lang], CountedText] = {}
    for path in sorted(path for area in areas for path in folder.glob(f"{area}.yaml")):
        entries = yaml.load(path.read_text("utf-8"), Loader=yaml.CBaseLoader) or {}  # noqa: S506  # strings only
        for name, entry in entries.items():
            key = f"{path.stem}.{name}"
            texts = {lang: _counted(entry[lang]) for lang in Lang}
            templates[key] = Text(*(texts[lang].template({}, lang) for lang in Lang))
            plurals |= {(key, lang): text for lang, text in texts.items() if text.forms}
    return Messages(templates, plurals)


def _counted(entry: str | Mapping[str, Any]) -> CountedText:
    """A text of a message file: a template, or one with the forms of its counted phrases."""
    if isinstance(entry, str):
        return CountedText(entry, {})
    return CountedText(entry["text"], {name: forms for name, forms in entry.items() if name != "text"})
