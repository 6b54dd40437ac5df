"""Saying things in the reader's language: results to stdout, progress to stderr."""

import os
import sys
from typing import Any

from conformance.messages import Messages, load_messages
from conformance.messages.visible import visible
from conformance.model.text import Lang, Message


def colored() -> bool:
    """Whether stdout is a terminal, and nobody asked for it to be plain."""
    return sys.stdout.isatty() and not os.environ.get("NO_COLOR")


class Voice:
    """Renders messages of the area `cli` and writes them."""

    def __init__(self, lang: Lang, messages: Messages | None = None) -> None:
        self.lang = lang
        self.messages = messages or load_messages()

    def text(self, key: str, /, **args: Any) -> str:
        return self.render(Message(f"cli.{key}", args))

    def render(self, message: Message) -> str:
        return visible(self.messages.render(message, self.lang))

    def say(self, key: str, /, **args: Any) -> None:
        self.line(self.text(key, **args))

    def note(self, key: str, /, **args: Any) -> None:
        """To stderr: for people who watch, not for what reads the output."""
        sys.stderr.write(self.text(key, **args) + "\n")
        sys.stderr.flush()

    @staticmethod
    def line(text: str = "") -> None:
        sys.stdout.write(text + "\n")
        sys.stdout.flush()
