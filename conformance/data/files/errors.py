"""Errors for files that cannot be read, or not to their end."""

from conformance.data.files.delivery import File
from conformance.loader import FileErrors, Problem
from conformance.model.text import Message

_SHOWN = 200


class ReadErrors(FileErrors):
    """A file cannot be read further. All rows before the problem have been yielded."""

    headline = "cli.files_unusable"


def trouble(file: File, message: Message, line: int | None = None) -> Problem:
    """A problem of a file, with its line if known."""
    return Problem(file.display_path, "", "", message, line)


def stop(file: File, message: Message, line: int | None = None) -> ReadErrors:
    """The error that ends the reading of a file."""
    return ReadErrors((trouble(file, message, line),))


def short(error: Exception) -> str:
    """Message of a library error, on one line."""
    said = str(error).splitlines()
    return said[0][:_SHOWN] if said else type(error).__name__
