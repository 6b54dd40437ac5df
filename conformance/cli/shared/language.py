"""The language of the reader: `--lang`, else the environment."""

import os
from collections.abc import Sequence
from functools import cache

from conformance.messages import Messages, load_messages
from conformance.model.text import Lang, Message

OPTION = "--lang"


def default_lang() -> Lang:
    """`FCSP_LANG`, else the locale of the session, else English."""
    name = os.environ.get("FCSP_LANG") or os.environ.get("LC_ALL") or os.environ.get("LANG") or ""
    return Lang.ZH if name.lower().startswith("zh") else Lang.EN


def language(words: Sequence[str]) -> Lang:
    """The language that a command line asks for, whether or not the rest of it can be parsed."""
    for place in range(len(words)):
        for length in (1, 2):
            if is_language(words[place : place + length]):
                return Lang(words[place + length - 1].rpartition("=")[2])
    return default_lang()


def is_language(words: Sequence[str]) -> bool:
    """True for `--lang=zh`, or for `--lang` and `zh`, with any known language."""
    match words:
        case [word]:
            return word.startswith(f"{OPTION}=") and word.partition("=")[2] in set(Lang)
        case [word, value]:
            return word == OPTION and value in set(Lang)
    return False


@cache
def help_messages() -> Messages:
    """Messages of the area `cli` alone: enough for help and usage, and quick to read."""
    return load_messages(areas=("cli",))


def help_text(lang: Lang, key: str, /, **args: object) -> str:
    """A message of the area `cli`."""
    return help_messages().render(Message(f"cli.{key}", args), lang)
