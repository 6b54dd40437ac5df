"""An Arrow array as a column: text as it is, days and decimals as text, all else as its JSON value."""

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
    """The column, and the rows of which the text is no text."""
    if kinds.is_dictionary(array.type):
        array = array.dictionary_decode()
    if _is_text(array.type):
        return _text(name, array)
    return _other(name, array, target_type), ()


def _other(name: str, array: Any, target_type: Type) -> Column:
    kind = array.type
    is_whole_decimal = kinds.is_decimal(kind) and target_type is Type.INTEGER and kind.scale == 0
    if kinds.is_boolean(kind):
        return ExactColumn(name, pl.Series(name, array), Type.BOOLEAN)
    if kinds.is_integer(kind) or is_whole_decimal:
        return _integers(name, array)
    if (texts := _written(array)) is not None:
        return ExactColumn(name, texts.alias(name), Type.TEXT)
    return MixedColumn(name, tuple(map(json, _values(array))))


def _values(array: Any) -> list[Any]:
    """The values, maps as objects; those of a column in which a map has a key twice stay lists of pairs."""
    try:
        values: list[Any] = array.to_pylist(maps_as_pydicts="strict")
    except KeyError:
        values = array.to_pylist()
    return values


def _is_text(kind: Any) -> bool:
    return any(is_(kind) for is_ in (kinds.is_string, kinds.is_large_string, kinds.is_string_view)) or any(
        is_(kind) for is_ in (kinds.is_binary, kinds.is_large_binary, kinds.is_binary_view)
    )


def _text(name: str, array: Any) -> tuple[Column, Sequence[int]]:
    """Bytes that are no UTF-8 would be taken on trust further on, so each column is looked through once."""
    try:
        text = array if _says_text(array.type) else array.cast(pa.large_string())
        if not _is_ascii(text):
            text.validate(full=True)
    except pa.ArrowInvalid:
        return _mended(name, array)
    return ExactColumn(name, pl.Series(name, text, dtype=pl.String), Type.TEXT), ()


def _is_ascii(text: Any) -> bool:
    """Whether all bytes of a column are ASCII, which is told quicker than whether they are UTF-8."""
    if kinds.is_string_view(text.type):
        return False
    data = text.buffers()[2]  # of the whole column, where this is a part of it
    return bool(np.frombuffer(data or b"", np.int8).min(initial=0) >= 0)


def _says_text(kind: Any) -> bool:
    return bool(kinds.is_string(kind) or kinds.is_large_string(kind) or kinds.is_string_view(kind))


def _mended(name: str, array: Any) -> tuple[Column, Sequence[int]]:
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
    except pa.ArrowInvalid:  # an unsigned number that is too large
        integers = (None if value is None else int(value) for value in array.to_pylist())
        return MixedColumn(name, tuple(map(json, integers)))


def _written(array: Any) -> pl.Series | None:
    """Days, moments, times and decimals in the one way in which the standard writes them."""
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
    """With a zone, the time in China; without, no zone is made up.

    The offset is that of the text in all years; the zone of Shanghai had others, such as summer time.
    """
    zone = getattr(series.dtype, "time_zone", None)
    if zone is None:
        return series.dt.to_string("iso:strict").str.replace(r"\.0+$", "")
    local = series.dt.convert_time_zone("+08:00").dt.replace_time_zone(None)
    return local.dt.to_string("iso:strict").str.replace(r"\.0+$", "") + "+08:00"


def _decimal(value: Any) -> str | None:
    """Without an exponent, and without zeros that say nothing."""
    if value is None:
        return None
    text = format(value, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def json(value: Any) -> Any:
    """A value of Python as JSON; what JSON cannot say, as text.

    All objects of a column have the same members, so a null in one of them is a member that is absent.
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
