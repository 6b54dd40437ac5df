"""The kinds of faults, which formats can carry them, and what one of them does to a row."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from conformance.data.synth.request import OutputFormat

Row = dict[str, Any]
Changed = Row | str
"""A wrong row by its members, or as the text of a line that is no JSON object."""
Change = Callable[[Row, int], Changed | None]
"""Makes a row wrong, with some random bits; None where this row cannot be."""

DUPLICATE_KEY = "duplicate_key"
IN_TEXT = frozenset({"duplicate_member", "broken_line", "not_a_number"})
IN_JSON = frozenset({"wrong_type", "null", "unknown_member"}) | IN_TEXT
NOT_IN: Mapping[OutputFormat, frozenset[str]] = {
    OutputFormat.NDJSON: frozenset(),
    OutputFormat.PARQUET: IN_JSON,
    OutputFormat.CSV: IN_JSON | {"empty"},
}
"""What a format cannot carry. An empty cell of a CSV file is an absent member."""


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
"""All kinds of faults there are."""


@dataclass(frozen=True, slots=True)
class FaultVariant:
    """One way in which a row may be wrong."""

    kind: str
    field: str
    rule: str
    """The reason that a judge has to give, perhaps among others."""
    change: Change
    needs_own_subject: bool = False
    """The key is part of the fault, so that the row needs a subject of its own."""
