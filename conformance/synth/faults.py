"""Faulty values of one field: each breaks its schema in exactly one way."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from conformance.model.shapes import JsonSchema
from conformance.synth.values import fits

Fault = tuple[str, Any, str]
"""Kind of fault, faulty value, and JSON pointer (RFC 6901) below the field, empty for the field itself."""

UNKNOWN = "unknown_member"
_NO_CODE = "NO_SUCH_CODE"
_FOREIGN_TEXTS = ("!", "\x01", "-", "x y", " ", "示例")


def faults(schema: JsonSchema, legal: Any) -> Iterator[Fault]:
    """All faults of a field with this schema, derived from a legal value of it."""
    yield "wrong_type", _of_another_type(legal), ""
    yield "null", None, ""
    if "enum" in schema:
        yield "unknown_code", _NO_CODE if isinstance(legal, str) else -1, ""
    elif isinstance(legal, str):
        yield from _of_string(schema, legal)
    elif isinstance(legal, dict):
        yield from _of_object(schema, legal)
    elif isinstance(legal, int) and not isinstance(legal, bool):
        yield from _of_integer(schema)


def _of_string(schema: JsonSchema, legal: str) -> Iterator[Fault]:
    wrong = _BY_FORMAT.get(schema.get("format", ""))
    if wrong is not None:
        yield "bad_format", wrong(legal), ""
    else:
        yield from _first_unfit(schema, "bad_format", _FOREIGN_TEXTS)
    if schema.get("format") == "calendar-date":
        yield from _first_unfit(schema, "sentinel_date", ("9999-09-09",))
    if {"format", "pattern", "not"} & schema.keys():
        yield from _first_unfit(schema, "full_width", ("１" + legal[1:],))
    if "format" in schema or not fits(schema, legal + "\n"):
        yield "trailing_newline", legal + "\n", ""
    if "maxLength" in schema:
        yield "too_long", legal + (legal[-1:] or "x") * (schema["maxLength"] + 1 - len(legal)), ""
    if schema.get("minLength", 0) > 0:
        yield "empty", "", ""


def _of_object(schema: JsonSchema, legal: Mapping[str, Any]) -> Iterator[Fault]:
    if schema.get("additionalProperties") is False:
        yield "additional_member", {**legal, UNKNOWN: True}, f"/{UNKNOWN}"
    for name in sorted(schema.get("properties", {}))[:1]:
        yield "wrong_type", {**legal, name: _of_another_type(legal.get(name, True))}, f"/{name}"


def _of_integer(schema: JsonSchema) -> Iterator[Fault]:
    if "minimum" in schema:
        yield "too_small", schema["minimum"] - 1, ""
    if "maximum" in schema:
        yield "too_large", schema["maximum"] + 1, ""


def _first_unfit(schema: JsonSchema, kind: str, candidates: tuple[str, ...]) -> Iterator[Fault]:
    """The first candidate that certainly breaks the schema, if there is one."""
    yield from ((kind, c, "") for c in [c for c in candidates if not fits(schema, c)][:1])


def _of_another_type(legal: Any) -> Any:
    return 12345 if isinstance(legal, (str, bool, dict, list)) else "text"


def _other_check(legal: str) -> str:
    """The same identifier with a wrong check character (ISO 7064, GB 32100, GB 11714, GB 11643)."""
    return legal[:-1] + ("1" if legal[-1:] != "1" else "2")


_BY_FORMAT: Mapping[str, Callable[[str], str]] = {
    "uscc": _other_check,
    "resident-id": _other_check,
    "org-code": _other_check,
    "patent-no": _other_check,
    "calendar-date": lambda _: "2021-02-30",
    "date": lambda _: "2021-02-30",
    "year-month": lambda _: "202113",
    "datetime-cst": lambda _: "2021-01-01T00:00:00Z",
    "decimal": lambda _: "1,000.00",
}
