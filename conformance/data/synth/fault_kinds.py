"""Fault kinds, the formats that can represent them, and fault variants."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from conformance.data.synth.request import OutputFormat

Row = dict[str, Any]
Changed = Row | str
"""A faulty row as its members, or as the text of a line that is not a JSON object."""
Change = Callable[[Row, int], Changed | None]
"""Function from a valid row and random bits to the faulty row; None if not applicable to this row."""

DUPLICATE_KEY = "duplicate_key"
IN_TEXT = frozenset({"duplicate_member", "broken_line", "not_a_number"})
IN_JSON = frozenset({"wrong_type", "null", "unknown_member"}) | IN_TEXT
NOT_IN: Mapping[OutputFormat, frozenset[str]] = {
    OutputFormat.NDJSON: frozenset(),
    OutputFormat.PARQUET: IN_JSON,
    OutputFormat.CSV: IN_JSON | {"empty"},
}
"""Fault kinds that a format cannot represent. An empty CSV cell is an absent member."""


KINDS = IN_JSON | {
    DUPLICATE_KEY,
    "bad_check_digit",
    "bad_date",
    "bad_format",
    "control_character",
    "cross_field",
    "empty",
    "full_width",
    "impossible_date",
    "lower_case",
    "missing_required",
    "null_marker",
    "sentinel_date",
    "too_large",
    "too_long",
    "too_small",
    "trailing_newline",
    "unknown_code",
}
"""All fault kinds."""


@dataclass(frozen=True, slots=True)
class FaultVariant:
    """One way to make a row faulty."""

    kind: str
    field: str
    rule: str
    """Id of the rule that the judge must report, possibly among others."""
    change: Change
    needs_own_subject: bool = False
    """True if the key is part of the fault, so that the row needs its own subject."""
