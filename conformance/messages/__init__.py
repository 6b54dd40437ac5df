"""Every text the suite shows, by key, in Chinese and in English; one YAML file for each area."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from string import Formatter
from typing import Any

import yaml

from conformance.model.text import Lang, Lines, Message, Text

_FOLDER = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class Messages:
    """Templates by key (`<file stem>.<key>`)."""

    templates: Mapping[str, Text]

    def render(self, message: Message, lang: Lang) -> str:
        """The text of a message. What cannot be filled in is shown as key and values, never raised."""
        template = self.templates.get(message.key)
        if template is None:
            return _bare(message, lang)
        try:
            values = {name: self._shown(value, lang) for name, value in message.args.items()}
            return Formatter().vformat(template.in_(lang), (), values)
        except (LookupError, ValueError, TypeError, AttributeError):
            return _bare(message, lang)

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
    for path in sorted(path for area in areas for path in folder.glob(f"{area}.yaml")):
        entries = yaml.load(path.read_text("utf-8"), Loader=yaml.CBaseLoader) or {}  # noqa: S506  # strings only
        templates |= {f"{path.stem}.{key}": Text(entry["zh"], entry["en"]) for key, entry in entries.items()}
    return Messages(templates)
