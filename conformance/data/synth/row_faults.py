"""Field faults: invalid values derived from a valid one, as in the suite plus kinds common in files."""

from collections.abc import Iterator, Mapping
from typing import Any

from conformance.model.shapes import JsonSchema
from conformance.synth.faults import faults
from conformance.synth.values import fits

Wrong = tuple[str, Any]
"""Fault kind and invalid value."""

_CHECKED = frozenset({"uscc", "org-code", "resident-id", "patent-no"})
_DAYS = frozenset({"calendar-date", "date"})
PREFERRED: Mapping[str, tuple[str, ...]] = {
    "too_long": ("maxLength",),
    "empty": ("minLength",),
    "": ("type", "enum", "format", "pattern", "not", "minimum", "maximum", "maxLength", "minLength"),
}
"""By fault kind: keywords in order of preference to name the fault."""


def wrong_values(schema: JsonSchema, legal: Any) -> Iterator[Wrong]:
    """Yield candidate faults of a valid value; the oracles decide which are faults."""
    for kind, value, below in faults(schema, legal):
        if not below:
            yield _finer(kind, schema.get("format", "")), value
    if isinstance(legal, str) and "enum" not in schema:
        yield from _texts(schema, legal)


def _finer(kind: str, format_: str) -> str:
    if kind == "bad_format" and format_ in _CHECKED:
        return "bad_check_digit"
    if kind == "bad_format" and format_ in _DAYS:
        return "impossible_date"
    return kind


def _texts(schema: JsonSchema, legal: str) -> Iterator[Wrong]:
    if schema.get("format") in _DAYS:
        yield "bad_date", f"{legal[:4]}-2-3"
        yield "sentinel_date", "9999-9-9"
    yield "control_character", f"{legal[:1]}\x01{legal[1:]}"
    if not fits(schema, legal.lower()):
        yield "lower_case", legal.lower()
    if "format" in schema or not fits(schema, "\\N"):
        yield "null_marker", "\\N"
