"""Errors that a user can act on, each with its message in both languages and its exit code."""

from conformance.model.text import Message

USAGE = 2
"""Exit code of a command that refuses its input or configuration."""


class UserError(Exception):
    """A refusal: nothing was done, or not all of it, for a reason that the user can remove."""

    def __init__(self, message: Message, code: int = USAGE, *, summary: str = "") -> None:
        """`summary`: one line in English for tracebacks and logs; the key of the message by default."""
        super().__init__(summary or message.key)
        self.message = message
        self.code = code
