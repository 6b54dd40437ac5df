"""Strict reading of YAML files: scalars of the YAML 1.2 core schema, no duplicate keys, no aliases."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import yaml

BASES = {"0o": 8, "0x": 16}
SCALARS: tuple[tuple[re.Pattern[str], Callable[[str], Any]], ...] = (
    (re.compile(r"null|Null|NULL|~|"), lambda _: None),
    (re.compile(r"true|True|TRUE|false|False|FALSE"), lambda text: text in ("true", "True", "TRUE")),
    (re.compile(r"[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+"), lambda text: int(text, BASES.get(text[:2], 10))),
    (re.compile(r"[-+]?(\.[0-9]+|[0-9]+\.[0-9]*)([eE][-+]?[0-9]+)?|[-+]?[0-9]+[eE][-+]?[0-9]+"), float),
)
"""Plain scalars of the core schema (YAML 1.2.2, 10.3). Dates, `yes`, `on`, octal and base 60 stay strings."""
SPECIAL = frozenset("nN~tTfF-+.0123456789")
"""First characters of plain scalars that may not be strings."""

Next = Callable[[], Any]
"""The next event of the parser. Values are made of events directly: nodes would cost much more."""


class StandardError(Exception):
    """A file of the standard cannot be used."""


def read(path: Path) -> Any:
    """The value of a YAML file."""
    try:
        parser = yaml.CSafeLoader(path.read_bytes())
        try:
            return _document(parser.get_event)
        finally:
            parser.dispose()
    except (OSError, yaml.YAMLError, ValueError, RecursionError) as error:
        raise StandardError(f"{path}: {error}") from error


def _document(following: Next) -> Any:
    """The only document of a file; None where there is none."""
    following()
    if isinstance(following(), yaml.StreamEndEvent):
        return None
    value = _value(following(), following)
    following()
    end = following()
    if not isinstance(end, yaml.StreamEndEvent):
        raise _refusal(end, "a second document")
    return value


def _value(event: Any, following: Next) -> Any:
    if isinstance(event, yaml.AliasEvent):
        raise _refusal(event, "an alias")
    if event.tag is not None:
        raise _refusal(event, f"the tag {event.tag}")
    if isinstance(event, yaml.ScalarEvent):
        return _scalar(event.value) if event.implicit[0] else event.value
    return _mapping(following) if isinstance(event, yaml.MappingStartEvent) else _sequence(following)


def _mapping(following: Next) -> dict[str, Any]:
    mapping: dict[str, Any] = {}
    while not isinstance(event := following(), yaml.MappingEndEvent):
        if not isinstance(event, yaml.ScalarEvent):
            raise _refusal(event, "a key that is no scalar")
        if event.value in mapping:
            raise _refusal(event, f"duplicate key {event.value}")
        mapping[event.value] = _value(following(), following)
    return mapping


def _sequence(following: Next) -> list[Any]:
    sequence = []
    while not isinstance(event := following(), yaml.SequenceEndEvent):
        sequence.append(_value(event, following))
    return sequence


def _scalar(text: str) -> Any:
    if text and text[0] not in SPECIAL:
        return text
    return next((make(text) for shape, make in SCALARS if shape.fullmatch(text)), text)


def _refusal(event: Any, what: str) -> ValueError:
    return ValueError(f"line {event.start_mark.line + 1}: {what}")
