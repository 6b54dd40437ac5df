"""How a file that cannot be read, or not further, is reported."""

from conformance.data.files.delivery import File
from conformance.loader import FileErrors, Problem
from conformance.model.text import Message

_SHOWN = 200


class ReadErrors(FileErrors):
    """What stops the reading of a file. All rows before it have been handed over."""

    headline = "cli.files_unusable"


def trouble(file: File, message: Message, line: int | None = None) -> Problem:
    """A problem of a file, at a line where there is one."""
    return Problem(file.display_path, "", "", message, line)


def stop(file: File, message: Message, line: int | None = None) -> ReadErrors:
    """The error that ends the reading of a file."""
    return ReadErrors((trouble(file, message, line),))


def short(error: Exception) -> str:
    """What a library says of an error, on one line."""
    said = str(error).splitlines()
    return said[0][:_SHOWN] if said else type(error).__name__
