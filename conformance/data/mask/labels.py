"""Disclosed values as texts of a table, from which they can be told again, and as on the wire."""

from collections.abc import Mapping
from typing import Any

import orjson

from conformance.model.shapes import Form
from conformance.oracles.desensitization import Disclosed

FORMS = tuple(Form)
CODES = {form: code for code, form in enumerate(FORMS)}
"""Forms as numbers, for columns of them."""


def label(interval: Mapping[str, Any]) -> str:
    """An interval as text: `[500000,1000000) CNY`; an end that is open is empty."""
    low, high = (("" if interval[end] is None else str(interval[end])) for end in ("min", "max"))
    return f"{'[' if low else '('}{low},{high}) {interval['unit']}"


def interval(told: str) -> dict[str, Any]:
    """The interval that a text of `label` means."""
    ends, _, unit = told.partition(") ")
    low, _, high = ends[1:].partition(",")
    return {"min": int(low) if low else None, "max": int(high) if high else None, "unit": unit}


def text(shown: Disclosed) -> str | None:
    """A disclosed value as the text of a table; None for one without value."""
    value = shown.value
    if value is None or isinstance(value, str):
        return value
    if shown.form is Form.BUCKET:
        return label(value)
    return orjson.dumps(value).decode()


def wire(shown: Disclosed) -> dict[str, Any]:
    """A disclosed value as in a reply to a query."""
    if shown.form is Form.WITHHELD:
        return {"form": "withheld"}
    if shown.form is Form.BUCKET:
        return {"form": "bucket", **shown.value}
    return {"form": str(shown.form), "value": shown.value}
