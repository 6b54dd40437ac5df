"""A problem of a file: where it is, which record it concerns, what is wrong (in two languages)."""

from dataclasses import dataclass
from typing import Any

from conformance.model.text import Message


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong in one file."""

    file: str
    """Path below the root of the standard, with slashes."""
    path: str
    """JSON pointer within the file; empty for the whole file."""
    id: str
    """Id of the record concerned; empty where there is none."""
    message: Message
    line: int | None = None
    """Line in the file, from 1."""

    @property
    def place(self) -> str:
        """`file:line path (id)`, as much of it as is known."""
        line = f":{self.line}" if self.line else ""
        return " ".join(p for p in (self.file + line, self.path, f"({self.id})" if self.id else "") if p)


class FileErrors(Exception):  # noqa: N818  # it holds all of them
    """Everything that is wrong with what was read; never only the first thing."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        super().__init__(
            f"{len(problems)} problem(s): " + "; ".join(f"{p.place} {p.message.key}" for p in problems)
        )
        self.problems = problems


class StandardErrors(FileErrors):
    """The standard cannot be used."""


class TargetErrors(FileErrors):
    """The description of the platform under test cannot be used."""


class MappingErrors(FileErrors):
    """The mapping of a table cannot be used."""


def problem(file: str, path: str, record: str, key: str, **args: Any) -> Problem:
    """A problem with a message of `conformance/messages/loader.yaml`."""
    return Problem(file, path, record, Message(f"loader.{key}", args))
