"""A problem of a file: where it is, which record it concerns, what is wrong (in two languages)."""

from dataclasses import dataclass
from typing import Any

from conformance.model.errors import UserError
from conformance.model.text import Lines, Message

_LISTED = 20
"""Problems that are shown; `count` tells how many there are."""


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
    rule: str = ""
    """Id of the rule of the lint that is violated; empty outside of the lint."""

    @property
    def place(self) -> str:
        """`file:line path (id)`, as much of it as is known."""
        line = f":{self.line}" if self.line else ""
        return " ".join(p for p in (self.file + line, self.path, f"({self.id})" if self.id else "") if p)


class FileErrors(UserError):  # noqa: N818  # it holds all of them
    """Everything that is wrong with what was read; never only the first thing."""

    headline = "cli.standard_unusable"
    """Message above the problems; its placeholders are `count` and `problems`."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        listed = problems[:_LISTED]
        lines = Lines(Message("cli.problem", {"place": p.place, "what": p.message}) for p in listed)
        summary = "; ".join(f"{p.place} {p.message.key}" for p in problems)
        super().__init__(
            Message(self.headline, {"count": len(problems), "problems": lines}),
            summary=f"{len(problems)} problem(s): {summary}",
        )
        self.problems = problems


class StandardErrors(FileErrors):
    """The standard cannot be used."""


class TargetErrors(FileErrors):
    """The description of the platform under test cannot be used."""

    headline = "cli.target_unusable"


class TrustErrors(FileErrors):
    """The file of trusted keys cannot be used."""

    headline = "cli.trust_unusable"


class MappingErrors(FileErrors):
    """The mapping of a table cannot be used."""

    headline = "cli.mapping_unusable"


def problem(file: str, path: str, record: str, key: str, **args: Any) -> Problem:
    """A problem with a message of `conformance/messages/loader.yaml`."""
    return Problem(file, path, record, Message(f"loader.{key}", args))
