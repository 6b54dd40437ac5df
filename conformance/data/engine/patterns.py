"""Patterns over columns; one that this engine does not read is judged text by text by the validator."""

from functools import cache

import jsonschema_rs
import polars as pl
from polars.exceptions import ComputeError

from conformance.data.engine.formats import by_value


@cache
def is_native(pattern: str) -> bool:
    """Whether the engine reads the pattern."""
    try:
        pl.Series([""]).str.contains(pattern, strict=True)
    except ComputeError:
        return False
    return True


def by_pattern(pattern: str, column: pl.Series) -> pl.Series:
    """Whether the pattern matches somewhere in each text; null where there is no text."""
    return by_value(jsonschema_rs.Draft202012Validator({"pattern": pattern}).is_valid, column)
