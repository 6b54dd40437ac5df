"""Kinds of columns of Parquet: which values of JSON one holds, what it says of them, and as which arrays."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from random import Random
from typing import Any

import pyarrow as pa

Array = Callable[[Sequence[Any], Random], Any]


def _all(_: Any) -> bool:
    return True


@dataclass(frozen=True, slots=True)
class Kind:
    """A way to hold values of one type."""

    name: str
    type: type
    array: Array
    holds: Callable[[Any], bool] = _all
    """Whether it holds a value of the type."""
    says: Callable[[Any], Any] | None = None
    """What it says of a value, where that is not the value itself."""

    def fits(self, value: Any) -> bool:
        return value is None or (type(value) is self.type and self.holds(value))


def _texts(values: Sequence[Any], random: Random) -> Any:
    match random.randrange(8):
        case 0:
            return pa.array(values, pa.large_string())
        case 1:
            return pa.array(values, pa.string_view())
        case 2:
            return pa.array(values, pa.string()).dictionary_encode()
        case 3:
            return pa.array(values, pa.large_string()).dictionary_encode()
        case 4:
            return pa.array(values, pa.string()).cast(random.choice((pa.binary(), pa.large_binary())))
        case _:
            return pa.array(values, pa.string())


def _integers(values: Sequence[Any], random: Random) -> Any:
    array = pa.array(values, pa.int64())
    narrow = random.choice((pa.int64(), pa.int64(), pa.int32(), pa.int16(), pa.uint32(), pa.uint8()))
    try:
        return array.cast(narrow)
    except pa.ArrowInvalid:
        return array


def _wholes(values: Sequence[Any], random: Random) -> Any:
    """Whole numbers as databases export them."""
    kind = random.choice((pa.decimal128(19, 0), pa.decimal128(38, 0), pa.decimal256(40, 0)))
    return pa.array([None if value is None else Decimal(value) for value in values], kind)


_AMOUNT = re.compile(r"(-?)([0-9]{1,18}(?:\.([0-9]{1,6}))?)")


def _is_amount(text: str) -> bool:
    """A plain decimal, as it is written; there is no negative zero."""
    amount = _AMOUNT.fullmatch(text)
    integer_part = amount[2].partition(".")[0] if amount else "00"
    zero = amount is None or not Decimal(amount[2])
    return (
        amount is not None
        and not (amount[1] and zero)
        and (integer_part == "0" or not integer_part.startswith("0"))
    )


def _shortest(text: str) -> str:
    """A column has one scale for all of its values: zeros at the end say nothing."""
    return text.rstrip("0").rstrip(".") if "." in text else text


def _amounts(values: Sequence[Any], random: Random) -> Any:
    kind = random.choice((pa.decimal128(38, 6), pa.decimal128(24, 6), pa.decimal256(60, 6)))
    return pa.array([None if value is None else Decimal(value) for value in values], kind)


def _is_day(text: str) -> bool:
    return re.fullmatch("[0-9]{4}-[0-9]{2}-[0-9]{2}", text, re.ASCII) is not None and _parses(date, text)


def _days(values: Sequence[Any], random: Random) -> Any:
    days = [None if value is None else date.fromisoformat(value) for value in values]
    return pa.array(days, random.choice((pa.date32(), pa.date64())))


def _is_moment(text: str) -> bool:
    shape = r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\+08:00"
    return re.fullmatch(shape, text) is not None and not text.startswith("0001") and _parses(datetime, text)


def _moments(values: Sequence[Any], random: Random) -> Any:
    moments = [None if value is None else datetime.fromisoformat(value) for value in values]
    zone = random.choice(("UTC", "Asia/Shanghai", "+08:00"))
    return pa.array(moments, pa.timestamp(random.choice(("s", "ms", "us")), zone))


def _parses(kind: type[date], text: str) -> bool:
    try:
        kind.fromisoformat(text)
    except ValueError:
        return False
    return True


TEXT = Kind("text", str, _texts)
INTEGER = Kind("integer", int, _integers, lambda value: -(2**63) <= value < 2**63)
WHOLE = Kind("whole", int, _wholes, INTEGER.holds)
"""For columns that are to hold integers; in any other a decimal is a text."""
NUMBER = Kind(
    "number", int, lambda values, _: pa.array(values, pa.float64()), lambda v: abs(v) < 2**53, float
)
"""Integers as libraries write them where some are absent: 5.0 is one."""
LARGE = Kind("large", int, lambda values, _: pa.array(values, pa.uint64()), lambda v: 2**63 <= v < 2**64)
REAL = Kind("real", float, lambda values, _: pa.array(values, pa.float64()))
BOOLEAN = Kind("boolean", bool, lambda values, _: pa.array(values, pa.bool_()))
DAY = Kind("day", str, _days, _is_day)
MOMENT = Kind("moment", str, _moments, _is_moment)
AMOUNT = Kind("amount", str, _amounts, _is_amount, _shortest)


def flags(names: Sequence[str]) -> Kind:
    """An object of truth values, all of which are members of each row: null where one is absent."""
    struct_type = pa.struct([(name, pa.bool_()) for name in names])

    def holds(value: dict[str, Any]) -> bool:
        return value.keys() <= set(names) and {*map(type, value.values())} <= {bool, type(None)}

    def says(value: dict[str, Any]) -> dict[str, Any]:
        return {name: flag for name, flag in value.items() if flag is not None}

    return Kind("flags", dict, lambda values, _: pa.array(values, struct_type), holds, says)


def plain(value: Any) -> Kind | None:
    """The kind for a value of which no more is known; None where there is none."""
    return next((kind for kind in (TEXT, INTEGER, LARGE, REAL, BOOLEAN) if kind.fits(value)), None)
