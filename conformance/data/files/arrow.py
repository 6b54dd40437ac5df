"""Arrow arrays as columns: text unchanged, dates and decimals as text, everything else as JSON values."""

import math
from collections.abc import Sequence
from datetime import datetime
from typing import Any

import numpy as np
import polars as pl
import pyarrow as pa
import pyarrow.types as kinds

from conformance.data.batch import Type
from conformance.data.files.columns import Column, ExactColumn, MixedColumn


def column(name: str, array: Any, target_type: Type) -> tuple[Column, Sequence[int]]:
    """The column, and the rows whose bytes are not valid UTF-8."""
    if kinds.is_dictionary(array.type):
        array = array.dictionary_decode()
    if _is_text(array.type):
        return _text_column(name, array)
    return _typed_column(name, array, target_type), ()


def _typed_column(name: str, array: Any, target_type: Type) -> Column:
    kind = array.type
    is_whole_decimal = kinds.is_decimal(kind) and target_type is Type.INTEGER and kind.scale == 0
    if kinds.is_boolean(kind):
        return ExactColumn(name, pl.Series(name, array), Type.BOOLEAN)
    if kinds.is_integer(kind) or is_whole_decimal:
        return _integers(name, array)
    if (texts := _standard_text(array)) is not None:
        return ExactColumn(name, texts.alias(name), Type.TEXT)
    return MixedColumn(name, tuple(map(json, _values(array))))


def _values(array: Any) -> list[Any]:
    """Values with maps as objects; lists of pairs if any map in the column repeats a key."""
    try:
        values: list[Any] = array.to_pylist(maps_as_pydicts="strict")
    except KeyError:
        values = array.to_pylist()
    return values


def _is_text(kind: Any) -> bool:
    return any(is_(kind) for is_ in (kinds.is_string, kinds.is_large_string, kinds.is_string_view)) or any(
        is_(kind) for is_ in (kinds.is_binary, kinds.is_large_binary, kinds.is_binary_view)
    )


def _text_column(name: str, array: Any) -> tuple[Column, Sequence[int]]:
    """A text column, validated once here because later stages assume valid UTF-8."""
    try:
        text = array if _is_string(array.type) else array.cast(pa.large_string())
        if not _is_ascii(text):
            text.validate(full=True)
    except pa.ArrowInvalid:
        return _decode_each(name, array)
    return ExactColumn(name, pl.Series(name, text, dtype=pl.String), Type.TEXT), ()


def _is_ascii(text: Any) -> bool:
    """True if all bytes of a column are ASCII, which is cheaper to test than UTF-8 validity."""
    if kinds.is_string_view(text.type):
        return False
    data = text.buffers()[2]  # the buffer of the whole column, even if `text` is a slice
    return bool(np.frombuffer(data or b"", np.int8).min(initial=0) >= 0)


def _is_string(kind: Any) -> bool:
    return bool(kinds.is_string(kind) or kinds.is_large_string(kind) or kinds.is_string_view(kind))


def _decode_each(name: str, array: Any) -> tuple[Column, Sequence[int]]:
    texts: list[str | None] = []
    bad = []
    for row, value in enumerate(array.cast(pa.large_binary()).to_pylist()):
        try:
            texts.append(None if value is None else value.decode("utf-8"))
        except UnicodeDecodeError:
            texts.append(None)
            bad.append(row)
    return ExactColumn(name, pl.Series(name, texts, dtype=pl.String), Type.TEXT), bad


def _integers(name: str, array: Any) -> Column:
    try:
        return ExactColumn(name, pl.Series(name, array.cast(pa.int64()), dtype=pl.Int64), Type.INTEGER)
    except pa.ArrowInvalid:  # an unsigned integer beyond Int64
        integers = (None if value is None else int(value) for value in array.to_pylist())
        return MixedColumn(name, tuple(map(json, integers)))


def _standard_text(array: Any) -> pl.Series | None:
    """Dates, timestamps, times and decimals in the text form of the standard; None for other types."""
    kind = array.type
    if kinds.is_null(kind):
        return pl.Series(array).cast(pl.String)
    if kinds.is_date(kind):
        return pl.Series(array).cast(pl.Date).dt.to_string("iso")
    if kinds.is_timestamp(kind):
        return _moments(pl.Series(array))
    if kinds.is_time(kind):
        return pl.Series(array).dt.to_string("iso")
    if kinds.is_decimal(kind):
        return pl.Series([_decimal(value) for value in array.to_pylist()], dtype=pl.String)
    return None


def _moments(series: pl.Series) -> pl.Series:
    """Timestamps as RFC 3339 text in UTC+08:00; without an offset if the column has no time zone.

    The fixed offset is deliberate: Asia/Shanghai observed other offsets in the past, such as summer time.
    """
    zone = getattr(series.dtype, "time_zone", None)
    if zone is None:
        return series.dt.to_string("iso:strict").str.replace(r"\.0+$", "")
    local = series.dt.convert_time_zone("+08:00").dt.replace_time_zone(None)
    return local.dt.to_string("iso:strict").str.replace(r"\.0+$", "") + "+08:00"


def _decimal(value: Any) -> str | None:
    """Decimal text without an exponent or trailing zeros."""
    if value is None:
        return None
    text = format(value, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def json(value: Any) -> Any:
    """A Python value as a JSON value; text where JSON has no representation (RFC 8259).

    Struct columns give all objects the same members, so a null inside an object means an absent member.
    """
    if isinstance(value, dict):
        return {str(name): json(part) for name, part in value.items() if part is not None}
    if isinstance(value, list | tuple):
        return [json(part) for part in value]
    if isinstance(value, float):
        return value if math.isfinite(value) else str(value)
    if isinstance(value, bool | str | None):
        return value
    if isinstance(value, int):
        return value if -(2**63) <= value < 2**64 else str(value)
    return value.isoformat() if isinstance(value, datetime) else str(value)
