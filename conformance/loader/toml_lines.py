"""Lines on which the tables and members of a TOML file begin; `tomllib` does not tell them."""

import re
from collections.abc import Iterator

from conformance.loader.files import Pointer

_NAME = r"""(?:[A-Za-z0-9_-]+|"[^"]*"|'[^']*')"""
_TABLE = re.compile(rf"\s*\[\s*({_NAME}(?:\s*\.\s*{_NAME})*)\s*\]\s*(?:#.*)?$")
_MEMBER = re.compile(rf"\s*({_NAME}(?:\s*\.\s*{_NAME})*)\s*=")


def toml_lines(text: str) -> dict[Pointer, int]:
    """Line of each table and member by its pointer, from 1. Arrays of tables and inline members have none.

    A line within a multi-line string may be taken for a member; the first line of a pointer counts.
    """
    lines: dict[Pointer, int] = {}
    table: Pointer = ()
    for number, line in enumerate(text.splitlines(), 1):
        if match := _TABLE.match(line):
            table = tuple(_names(match[1]))
            lines.setdefault(table, number)
        elif match := _MEMBER.match(line):
            lines.setdefault((*table, *_names(match[1])), number)
    return lines


def _names(dotted: str) -> Iterator[str]:
    return (name.strip("\"'") for name in re.findall(_NAME, dotted))
