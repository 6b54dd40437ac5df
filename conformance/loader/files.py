"""Reading YAML strictly: YAML 1.2 core, no duplicate keys, no aliases, no tags, errors with their line."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml
from yaml.composer import ComposerError

from conformance.loader.problem import FileErrors, Problem
from conformance.model.text import Message

Pointer = tuple[str | int, ...]

_TAG = "tag:yaml.org,2002:"
_SCALARS: tuple[tuple[str, str, str], ...] = (
    ("null", r"^(?:~|null|Null|NULL|)$", "~nN\0"),
    ("bool", r"^(?:true|True|TRUE|false|False|FALSE)$", "tTfF"),
    ("int", r"^(?:[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+)$", "-+0123456789"),
    ("float", r"^[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?$", "-+.0123456789"),
)


_BY_FIRST: Mapping[str, tuple[tuple[str, re.Pattern[str]], ...]] = {
    first: tuple((name, re.compile(pattern)) for name, pattern, starts in _SCALARS if first in starts)
    for first in {*"".join(starts for _, _, starts in _SCALARS)}
}
"""Types of plain scalars by their first character; `2026-01-01` and `no` are strings, as in YAML 1.2."""


@dataclass(frozen=True, slots=True)
class Document:
    """A file's value, and the line on which each part of it begins."""

    value: Any
    lines: Mapping[Pointer, int]

    def line(self, pointer: Pointer) -> int | None:
        """The line of the part, or of the nearest part around it."""
        return next(
            (self.lines[pointer[:n]] for n in range(len(pointer), -1, -1) if pointer[:n] in self.lines), None
        )


@dataclass(slots=True)
class _Builder:
    """Turns the events of the C parser into plain values and notes everything it refuses.

    No nodes are made in between: they cost several times what the values do.
    """

    file: str
    next: Callable[[], Any]
    lines: dict[Pointer, int] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    def document(self) -> Any:
        """The value of the only document; None where there is none."""
        self.next()
        if isinstance(self.next(), yaml.StreamEndEvent):
            return None
        value = self.build(self.next(), ())
        self.next()
        end = self.next()
        if not isinstance(end, yaml.StreamEndEvent):
            raise ComposerError(None, None, "expected a single document", end.start_mark)
        return value

    def build(self, event: Any, at: Pointer) -> Any:
        self.lines[at] = event.start_mark.line + 1
        kind = type(event)
        if kind is yaml.ScalarEvent:
            return self.scalar(event, at)
        if kind is yaml.MappingStartEvent:
            return self.mapping(at)
        return self.sequence(at) if kind is yaml.SequenceStartEvent else self.refuse(event, at, "yaml_alias")

    def mapping(self, at: Pointer) -> dict[str, Any]:
        result: dict[str, Any] = {}
        while type(event := self.next()) is not yaml.MappingEndEvent:
            if type(event) is not yaml.ScalarEvent:
                self.refuse(event, at, "yaml_key")
                self.build(event, at)
                self.build(self.next(), at)
                continue
            key = event.value
            if key in result:
                self.refuse(event, (*at, key), "yaml_duplicate", name=key)
            result[key] = self.build(self.next(), (*at, key))
        return result

    def sequence(self, at: Pointer) -> list[Any]:
        result: list[Any] = []
        while type(event := self.next()) is not yaml.SequenceEndEvent:
            result.append(self.build(event, (*at, len(result))))
        return result

    def scalar(self, event: Any, at: Pointer) -> Any:
        text: str = event.value
        match _kind(event, text):
            case "str":
                return text
            case "null":
                return None
            case "bool":
                return text.lower() == "true"
            case "int":
                return int(text, 0) if text[:2] in ("0o", "0x") else int(text)
            case "float":
                return float(text)
        return self.refuse(event, at, "yaml_tag", name=event.tag)

    def refuse(self, event: Any, at: Pointer, key: str, **args: Any) -> None:
        line = event.start_mark.line + 1
        self.problems.append(Problem(self.file, pointer_text(at), "", Message(f"loader.{key}", args), line))


def _kind(event: Any, text: str) -> str:
    """The type of a scalar: what its tag says, else, where it stands without quotes, what it looks like."""
    if event.tag not in (None, "!"):
        return str(event.tag).removeprefix(_TAG)
    if event.implicit[0]:
        for name, pattern in _BY_FIRST.get(text[:1] or "\0", ()):
            if pattern.match(text):
                return name
    return "str"


def pointer_text(pointer: Pointer) -> str:
    """The JSON pointer of a path."""
    return "".join("/" + str(part).replace("~", "~0").replace("/", "~1") for part in pointer)


def read_document(path: Path, shown: str | None = None) -> Document:
    """The file's value with its lines, or FileErrors with all that is wrong, named as `shown`."""
    file = shown or path.as_posix()
    try:
        document, problems = _parse(file, path.read_bytes().decode("utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise FileErrors(
            (Problem(file, "", "", Message("loader.unreadable", {"reason": str(error)})),)
        ) from error
    except (yaml.YAMLError, RecursionError) as error:
        raise FileErrors((_syntax(file, error),)) from error
    if problems:
        raise FileErrors(tuple(problems))
    return document


def read_yaml(path: Path, shown: str | None = None) -> Any:
    """The file's value."""
    return read_document(path, shown).value


def _parse(file: str, text: str) -> tuple[Document, list[Problem]]:
    loader = yaml.CSafeLoader(text)
    try:
        builder = _Builder(file, loader.get_event)
        return Document(builder.document(), builder.lines), builder.problems
    finally:
        loader.dispose()


def _syntax(file: str, error: Exception) -> Problem:
    mark = getattr(error, "problem_mark", None)
    reason = getattr(error, "problem", None) or type(error).__name__
    message = Message("loader.yaml_syntax", {"reason": reason})
    return Problem(file, "", "", message, mark.line + 1 if mark else None)
