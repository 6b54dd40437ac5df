"""The operators on numbers and dates: intervals, rounding, truncation. Exact arithmetic throughout."""

import re
from bisect import bisect_right
from collections.abc import Mapping
from datetime import date as calendar_date
from decimal import Decimal
from fractions import Fraction
from typing import Any

_DECIMAL = re.compile(r"-?(0|[1-9][0-9]{0,17})(\.[0-9]{1,18})?")
_DATE = re.compile(r"([0-9]{4})-([0-9]{2})(?:-([0-9]{2}))?|([0-9]{4})([0-9]{2})([0-9]{2})?")


class FallbackError(Exception):
    """The operator cannot treat the value."""


def number(value: Any) -> Fraction:
    """The number a JSON integer or a decimal string stands for."""
    if isinstance(value, bool) or not isinstance(value, (int, str)):
        raise FallbackError
    if isinstance(value, int) and abs(value) >= 10**18:
        raise FallbackError
    if not _DECIMAL.fullmatch(str(value)):
        raise FallbackError
    return Fraction(str(value))


def bucket(value: Any, p: Mapping[str, Any]) -> dict[str, Any]:
    """The interval `[min, max)` around a number with its unit; null where open. Raises FallbackError."""
    edges = p["edges"]
    at = bisect_right(edges, number(value))
    low = edges[at - 1] if at else None
    return {"min": low, "max": edges[at] if at < len(edges) else None, "unit": p["unit"]}


def round_to(value: Any, p: Mapping[str, Any]) -> str:
    """A number rounded to a step, down or half away from zero, as a plain decimal. Raises FallbackError."""
    step = Fraction(p["to"])
    ratio = number(value) / step
    if p["mode"] == "floor":
        count = ratio.__floor__()
    else:
        size = (abs(ratio) + Fraction(1, 2)).__floor__()
        count = size if ratio >= 0 else -size
    return _plain(count * step)


def _plain(exact: Fraction) -> str:
    places = 0
    while exact * 10**places % 1:
        places += 1
    return format(Decimal(int(exact * 10**places)).scaleb(-places), "f") if exact else "0"


def date(value: Any, p: Mapping[str, Any]) -> str:
    """Year, quarter or month of a date (`2026`, `2026-Q1`, `2026-03`). Raises FallbackError."""
    if not isinstance(value, str) or not (match := _DATE.fullmatch(value)):
        raise FallbackError
    year, month, day = (match[1], match[2], match[3]) if match[1] else (match[4], match[5], match[6])
    try:
        calendar_date(int(year), int(month), int(day or 1))
    except ValueError as error:
        raise FallbackError from error
    quarter = (int(month) + 2) // 3
    return {"year": year, "quarter": f"{year}-Q{quarter}", "month": f"{year}-{month}"}[str(p["to"])]
