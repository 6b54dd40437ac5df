"""Columns of identifiers with valid check characters, from the ranges reserved in `codes/reserved.yaml`.

Each number below a limit gives a distinct identifier.
"""

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from functools import cache
from typing import Any

import numpy as np
import polars as pl
import pyarrow as pa
from numpy.typing import NDArray

from conformance.data.synth.counter_random import Places, shuffle
from conformance.synth.identities import USCC_ALPHABET, Reserved

Octets = NDArray[np.uint8]
_BASE = len(USCC_ALPHABET)
_BODY = 6
_BODIES: int = _BASE**_BODY
_FIRST_BIRTH, _BIRTHS, _SEQUENCES = date(1950, 1, 1), 20_000, 999
_ORG_WEIGHTS = np.array((3, 7, 9, 10, 5, 8, 4, 2))
_RESIDENT_WEIGHTS = np.array([pow(2, 17 - n, 11) for n in range(17)])
_PATENT_WEIGHTS = np.array((2, 3, 4, 5, 6, 7, 8, 9, 2, 3, 4, 5))
_USCC_WEIGHTS = np.array([pow(3, n, 31) for n in range(17)])


def texts(octets: Octets) -> pl.Series:
    """A text column from a matrix of ASCII codes; shape `(texts, length)`."""
    height, width = octets.shape
    offsets = np.arange(0, (height + 1) * width, width, dtype=np.int64)
    buffers = pa.py_buffer(offsets), pa.py_buffer(np.ascontiguousarray(octets))
    return pl.Series(values=pa.LargeStringArray.from_buffers(height, *buffers))


def digits(numbers: Places, width: int, base: int = 10) -> Places:
    """Digits of each number, most significant first; shape `(len(numbers), width)`."""
    powers = np.array([base ** (width - 1 - n) for n in range(width)], dtype=np.int64)
    return (numbers[:, None] // powers) % base


def numerals(numbers: Places, width: int) -> pl.Series:
    """Numbers as text with leading zeros."""
    return texts((digits(numbers, width) + ord("0")).astype(np.uint8))


def uscc(numbers: Places, reserved: Reserved, leads: list[str]) -> pl.Series:
    """Unified social credit codes (GB 32100-2015, modulus 31); `leads`: first two characters per row."""
    divisions = reserved["uscc"]["divisions"]
    values = np.empty((len(numbers), 18), np.int64)
    values[:, :2] = _values("".join(leads)).reshape(-1, 2)
    values[:, 2:8] = _values("".join(divisions)).reshape(-1, 6)[numbers % len(divisions)]
    values[:, 8:17] = _org_code(numbers // len(divisions), reserved)
    values[:, 17] = -(values[:, :17] @ _USCC_WEIGHTS) % _BASE
    return texts(_characters(USCC_ALPHABET)[values])


def uscc_limit(reserved: Reserved) -> int:
    """Number of distinct unified social credit codes."""
    divisions: list[str] = reserved["uscc"]["divisions"]
    return _BODIES * len(divisions)


def _org_code(numbers: Places, reserved: Reserved) -> Places:
    """Organization codes (GB 11714-1997, modulus 11) as values of the GB 32100 alphabet; shape `(n, 9)`."""
    values = np.empty((len(numbers), 9), np.int64)
    values[:, :2] = _values(reserved["org_code_prefix"])
    values[:, 2:8] = digits(shuffle(numbers % _BODIES, _BODIES), _BODY, _BASE)
    weighed = _in_base_36()[values[:, :8]] @ _ORG_WEIGHTS
    values[:, 8] = _values("0123456789X")[-weighed % 11]
    return values


def org_code(numbers: Places, reserved: Reserved) -> pl.Series:
    """Organization codes without a hyphen (GB 11714-1997)."""
    return texts(_characters(USCC_ALPHABET)[_org_code(numbers, reserved)])


def resident_id(numbers: Places, reserved: Reserved) -> pl.Series:
    """Citizen identification numbers (GB 11643-1999, ISO 7064 MOD 11-2) of a nonexistent area."""
    place = shuffle(numbers % RESIDENTS, RESIDENTS)
    values = np.empty((len(numbers), 18), np.int64)
    values[:, :6] = [int(c) for c in reserved["resident_id_area"]]
    values[:, 6:14] = _births()[place // _SEQUENCES]
    values[:, 14:17] = digits(place % _SEQUENCES + 1, 3)
    values[:, 17] = (1 - values[:, :17] @ _RESIDENT_WEIGHTS) % 11
    return texts(_characters("0123456789X")[values])


RESIDENTS = _BIRTHS * _SEQUENCES


def family_farm_code(numbers: Places, reserved: Reserved) -> pl.Series:
    """Family farm codes: the reserved prefix and 12 digits."""
    return str(reserved["family_farm_code_prefix"]) + numerals(numbers % 10**12, 12)


def patent_no(numbers: Places, reserved: Reserved) -> pl.Series:
    """Patent numbers (ZC 0006-2003, modulus 11) of a year without applications."""
    values = np.empty((len(numbers), 13), np.int64)
    values[:, :4] = [int(c) for c in str(reserved["patent_year"])]
    values[:, 4:12] = digits(numbers % PATENTS, 8)
    values[:, 12] = (values[:, :12] @ _PATENT_WEIGHTS) % 11
    return "ZL" + texts(_characters("0123456789X")[values])


PATENTS = 10**8
BY_FORMAT: Mapping[str, tuple[Callable[[Places, Reserved], pl.Series], Callable[[Reserved], int]]] = {
    "uscc": (
        lambda numbers, reserved: uscc(numbers, reserved, [reserved["uscc"]["leads"]["enterprise"]]),
        uscc_limit,
    ),
    "org-code": (org_code, lambda _: _BODIES),
    "resident-id": (resident_id, lambda _: RESIDENTS),
    "patent-no": (patent_no, lambda _: PATENTS),
}
"""By format: column function, and number of distinct identifiers."""


def _values(text: str) -> NDArray[np.int64]:
    return np.array([USCC_ALPHABET.index(c) for c in text], dtype=np.int64)


def _characters(alphabet: str) -> Octets:
    return np.frombuffer(alphabet.encode(), np.uint8)


def _in_base_36() -> NDArray[np.int64]:
    return np.array([int(c, 36) for c in USCC_ALPHABET], dtype=np.int64)


@cache
def _births() -> NDArray[Any]:
    days = (_FIRST_BIRTH + timedelta(days=n) for n in range(_BIRTHS))
    return np.array([[int(c) for c in f"{day:%Y%m%d}"] for day in days], dtype=np.int64)
