"""Formats of the standard over columns. A format without a kernel is checked once per distinct text."""

from collections.abc import Callable, Mapping
from functools import cache, partial

import jsonschema_rs
import numpy as np
import polars as pl
from numpy.typing import NDArray

from conformance.data.engine.byte_matrix import Octets, judge_by_length, table
from conformance.oracles.formats import CHECKERS

Mask = NDArray[np.bool_]
_DIGITS = "0123456789"
_USCC_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_DAYS = np.array([0, 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31] + [0] * 87, dtype=np.int16)
_TEN, _HYPHEN = 10, ord("-")


def of_format(name: str, column: pl.Series) -> pl.Series:
    """True for texts in the format, false for others, null for null."""
    kernel = _KERNELS.get(name)
    return kernel(column) if kernel else by_value(CHECKERS.get(name) or _foreign_format(name), column)


def by_value(check: Callable[[str], bool], column: pl.Series) -> pl.Series:
    """Results of a predicate, called once per distinct text; null for null."""
    known = column.unique().drop_nulls()
    good = known.filter(pl.Series([check(text) for text in known], dtype=pl.Boolean))
    return column.is_in(good.implode())


def _foreign_format(name: str) -> Callable[[str], bool]:
    """Predicate for a JSON Schema format outside this standard, as the single-row validator checks it."""
    return jsonschema_rs.Draft202012Validator({"format": name}, validate_formats=True).is_valid


@cache
def _digits() -> NDArray[np.int16]:
    return table(_DIGITS)


def _numbers(octets: Octets) -> tuple[NDArray[np.int16], Mask]:
    """Digit values of texts, and the mask of texts that consist of digits."""
    digits = _digits()[octets]
    whole: Mask = np.all(digits < _TEN, axis=1)
    return digits, whole


def _is_uscc(octets: Octets) -> Mask:
    """Unified social credit code with check character (GB 32100-2015, modulus 31); shape `(texts, 18)`."""
    values = _uscc_table()[octets]
    in_alphabet = (values < len(_USCC_ALPHABET)).all(axis=1) & (values[:, 2:8] < _TEN).all(axis=1)
    weights = np.array([pow(3, n, 31) for n in range(17)], dtype=np.int32)
    is_valid: Mask = in_alphabet & (values[:, 17] == (-(values[:, :17] @ weights)) % 31)
    return is_valid


@cache
def _uscc_table() -> NDArray[np.int16]:
    return table(_USCC_ALPHABET)


def _is_resident_id(octets: Octets) -> Mask:
    """Citizen identification number with date of birth (GB 11643-1999; check: ISO 7064 MOD 11-2)."""
    digits, all_digits = _numbers(octets[:, :17])
    weights = np.array([pow(2, 17 - n, 11) for n in range(17)], dtype=np.int32)
    check = table(_DIGITS + "X")[octets[:, 17]]
    has_birth_date = _is_day(digits[:, 6:14])
    is_valid: Mask = all_digits & (digits[:, 0] > 0) & has_birth_date & (check == (1 - digits @ weights) % 11)
    return is_valid


def _is_date(octets: Octets) -> Mask:
    hyphens = (octets[:, 4] == _HYPHEN) & (octets[:, 7] == _HYPHEN)
    digits, whole = _numbers(octets[:, [0, 1, 2, 3, 5, 6, 8, 9]])
    found: Mask = hyphens & whole & _is_day(digits)
    return found


def _is_day(digits: NDArray[np.int16]) -> Mask:
    """True for YYYYMMDD that is a calendar day from the year 1 on; undefined for non-digits."""
    year = digits[:, :4] @ np.array([1000, 100, 10, 1], dtype=np.int32)
    month, day = (digits[:, n] * np.int32(10) + digits[:, n + 1] for n in (4, 6))
    leap = (year % 4 == 0) & ((year % 100 != 0) | (year % 400 == 0))
    last = _DAYS[np.clip(month, 0, 99)] + ((month == 2) & leap)
    is_valid: Mask = (year > 0) & (day > 0) & (day <= last)
    return is_valid


def _is_year_month(octets: Octets) -> Mask:
    digits, whole = _numbers(octets)
    month = digits[:, 4] * np.int32(10) + digits[:, 5]
    found: Mask = whole & (digits[:, :4].any(axis=1)) & (month > 0) & (month <= 12)
    return found


def _is_patent_no(octets: Octets) -> Mask:
    """Patent number `ZL...` with check character (ZC 0006-2003, modulus 11)."""
    prefix = (octets[:, 0] == ord("Z")) & (octets[:, 1] == ord("L"))
    digits, all_digits = _numbers(octets[:, 2:-1])
    weights = np.array([2, 3, 4, 5, 6, 7, 8, 9, 2, 3, 4, 5], dtype=np.int32)[: digits.shape[1]]
    is_valid: Mask = prefix & all_digits & (table(_DIGITS + "X")[octets[:, -1]] == (digits @ weights) % 11)
    return is_valid


def _is_decimal(column: pl.Series) -> pl.Series:
    negative_zero = column.str.contains(r"^-[0.]*$")
    return column.str.contains(r"^-?(0|[1-9][0-9]*)(\.[0-9]+)?$") & ~negative_zero


def _is_moment(column: pl.Series) -> pl.Series:
    """RFC 3339 date-time with offset +08:00."""
    time = r"^.{10}T([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](\.[0-9]{1,9})?\+08:00$"
    return judge_by_length(column.str.slice(0, 10), {10: _is_date}) & column.str.contains(time)


_KERNELS: Mapping[str, Callable[[pl.Series], pl.Series]] = {
    "uscc": partial(judge_by_length, judges={18: _is_uscc}),
    "resident-id": partial(judge_by_length, judges={18: _is_resident_id}),
    "calendar-date": partial(judge_by_length, judges={10: _is_date}),
    "year-month": partial(judge_by_length, judges={6: _is_year_month}),
    "patent-no": partial(judge_by_length, judges={11: _is_patent_no, 15: _is_patent_no}),
    "decimal": _is_decimal,
    "datetime-cst": _is_moment,
}
LENGTHS: Mapping[str, int] = {"uscc": 18, "resident-id": 18, "calendar-date": 10, "year-month": 6}
"""Length in characters of formats with a single length."""
