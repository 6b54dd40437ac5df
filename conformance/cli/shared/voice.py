"""Output in the reader's language: results to stdout, remarks for people who watch to stderr."""

import os
import shutil
import sys

from conformance.messages import Messages, load_messages
from conformance.messages.visible import visible
from conformance.model.text import Lang, Message


def colored() -> bool:
    """True if stdout takes colors: `NO_COLOR` forbids them, `FORCE_COLOR` asks for them, a terminal has them.

    A variable that is empty does not count (no-color.org, force-color.org); neither does `FORCE_COLOR=0`.
    """
    if os.environ.get("NO_COLOR"):
        return False
    return os.environ.get("FORCE_COLOR", "") not in {"", "0"} or sys.stdout.isatty()


def terminal_width(fallback: int) -> int:
    """Columns of the terminal; `fallback` where there is none."""
    return shutil.get_terminal_size((fallback, 24)).columns


class Voice:
    """Renders messages and writes them."""

    def __init__(self, lang: Lang, messages: Messages | None = None) -> None:
        self.lang = lang
        self.messages = messages or load_messages()

    def text(self, key: str, /, **args: object) -> str:
        """A message of the area `cli`."""
        return self.render(Message(f"cli.{key}", args))

    def render(self, message: Message) -> str:
        """A message of any area, with control characters made visible."""
        return visible(self.messages.render(message, self.lang))

    def say(self, key: str, /, **args: object) -> None:
        """Write a message of the area `cli` to stdout."""
        self.line(self.text(key, **args))

    def show(self, message: Message) -> None:
        """Write a message of any area to stdout."""
        self.line(self.render(message))

    def note(self, key: str, /, **args: object) -> None:
        """Write a message of the area `cli` to stderr."""
        sys.stderr.write(self.text(key, **args) + "\n")
        sys.stderr.flush()

    @staticmethod
    def line(text: str = "") -> None:
        """Write a line to stdout."""
        sys.stdout.write(text + "\n")
        sys.stdout.flush()
