"""Disclosed values as text in a table, which can be parsed back, and as JSON on the wire."""

from collections.abc import Mapping
from typing import Any

import orjson

from conformance.model.shapes import Form
from conformance.oracles.desensitization import Disclosed

FORMS = tuple(Form)
CODES = {form: code for code, form in enumerate(FORMS)}
"""Forms as integers, for columns of them: positions in `FORMS`."""


def interval_text(interval: Mapping[str, Any]) -> str:
    """An interval as text: `[500000,1000000) CNY`; an open end is empty."""
    low, high = (("" if interval[end] is None else str(interval[end])) for end in ("min", "max"))
    return f"{'[' if low else '('}{low},{high}) {interval['unit']}"


def parse_interval(text: str) -> dict[str, Any]:
    """The interval that `interval_text` wrote."""
    ends, _, unit = text.partition(") ")
    low, _, high = ends[1:].partition(",")
    return {"min": int(low) if low else None, "max": int(high) if high else None, "unit": unit}


def value_text(disclosed: Disclosed) -> str | None:
    """A disclosed value as the text of a table; None for one without value."""
    value = disclosed.value
    if value is None or isinstance(value, str):
        return value
    if disclosed.form is Form.BUCKET:
        return interval_text(value)
    return orjson.dumps(value).decode()


def wire_value(disclosed: Disclosed) -> dict[str, Any]:
    """A disclosed value as a JSON object, as in the reply to a query."""
    if disclosed.form is Form.WITHHELD:
        return {"form": "withheld"}
    if disclosed.form is Form.BUCKET:
        return {"form": "bucket", **disclosed.value}
    return {"form": str(disclosed.form), "value": disclosed.value}
