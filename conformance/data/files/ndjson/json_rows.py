"""Strict JSON objects from lines (RFC 8259): input that JSON parsers interpret differently is refused."""

import json
from typing import Any

import orjson

from conformance.data.batch import Unreadable


class _RefusedError(ValueError):
    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def row_of(line: bytes, *, last: bool = False) -> dict[str, Any] | Unreadable:
    """The object on a line (without line end), or the reason it is unreadable.

    `last`: the file ends with this line, without a line end.
    """
    if not line.strip(b" \t\r\n"):
        return Unreadable("blank")
    try:
        text = line.decode("utf-8")
    except UnicodeDecodeError:
        return Unreadable("encoding")
    try:
        orjson.loads(line)  # stricter than `json` about numbers, surrogates and depth
        value = json.loads(text, object_pairs_hook=_unique_members, parse_constant=_refuse_constant)
    except _RefusedError as refused:
        return Unreadable(refused.reason)
    except (ValueError, RecursionError):
        return Unreadable(_failure_reason(text, last=last))
    return value if isinstance(value, dict) else Unreadable("no_object")


def _unique_members(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) < len(pairs):
        raise _RefusedError("duplicate_member")
    return members


def _refuse_constant(_: str) -> Any:
    raise _RefusedError("no_number")


def _failure_reason(text: str, *, last: bool) -> str:
    if last:
        return "truncated"
    if text.startswith("\ufeff"):
        return "byte_order_mark"
    try:
        json.loads(text, parse_constant=_refuse_constant)
    except _RefusedError as refused:
        return refused.reason
    except (ValueError, RecursionError):
        return "no_json"
    return "no_json"
