"""Lines on which the members and entries of a JSON text begin; `json` does not give them."""

import json
import re

from conformance.loader.files import Pointer

_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|[{}\[\],:]|[^\s{}\[\],:"]+')


def json_lines(text: str) -> dict[Pointer, int]:
    """Line of each member (of its name) and array entry by its pointer, from 1; `text` is valid JSON."""
    lines: dict[Pointer, int] = {}
    path: list[str | int] = []
    number, offset, expects_name = 1, 0, False
    for token in _TOKEN.finditer(text):
        number += text.count("\n", offset, token.start())
        offset, symbol = token.start(), token[0]
        if symbol in "{[":
            lines.setdefault(tuple(path), number)
            path.append("" if symbol == "{" else 0)
            expects_name = symbol == "{"
        elif symbol in "}]":
            path.pop()
            expects_name = False
        elif symbol == ",":
            path[-1], expects_name = _next_entry(path[-1])
        elif expects_name:
            path[-1], expects_name = json.loads(symbol), False
            lines[tuple(path)] = number
        elif symbol != ":":
            lines.setdefault(tuple(path), number)
    return lines


def _next_entry(part: str | int) -> tuple[str | int, bool]:
    """Index after a comma; for an object, a name is expected instead."""
    return (part + 1, False) if isinstance(part, int) else ("", True)
