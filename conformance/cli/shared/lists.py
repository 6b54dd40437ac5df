"""Lists that users write: one entry a line."""

from pathlib import Path

from conformance.cli.shared.errors import Failure
from conformance.model.text import Message


def lines_of(file: Path) -> list[str]:
    """The lines, whatever editor saved them: no byte order mark is one, and only line ends end one."""
    try:
        return file.read_text("utf-8-sig").split("\n")
    except UnicodeDecodeError:
        raise Failure.of(Message("scan.values_not_utf8", {"file": str(file)})) from None
