"""Patterns over columns; a pattern the engine cannot run is checked by the validator, text by text."""

from functools import cache

import jsonschema_rs
import polars as pl
from polars.exceptions import ComputeError

from conformance.data.engine.formats import by_value


@cache
def is_native(pattern: str) -> bool:
    """True if the engine can run the pattern."""
    try:
        pl.Series([""]).str.contains(pattern, strict=True)
    except ComputeError:
        return False
    return True


def by_pattern(pattern: str, column: pl.Series) -> pl.Series:
    """True for texts in which the pattern matches, false for others, null for null."""
    return by_value(jsonschema_rs.Draft202012Validator({"pattern": pattern}).is_valid, column)
