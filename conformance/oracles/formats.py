"""The standard's own string formats, each as a full match on the whole string."""

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from operator import mul

_USCC_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_USCC_VALUES = {character: value for value, character in enumerate(_USCC_ALPHABET)}
_USCC_WEIGHTS = tuple(pow(3, n, 31) for n in range(17))
_ORG_CODE_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)
_RESIDENT_ID_WEIGHTS = tuple(pow(2, 17 - n, 11) for n in range(17))
_PATENT_WEIGHTS = (2, 3, 4, 5, 6, 7, 8, 9, 2, 3, 4, 5)
_USCC = re.compile(r"[0-9A-HJ-NPQRTUWXY]{2}[0-9]{6}[0-9A-HJ-NPQRTUWXY]{10}")
_ORG_CODE = re.compile(r"[0-9A-Z]{8}-?[0-9X]")
_RESIDENT_ID = re.compile(r"[1-9][0-9]{16}[0-9X]")
_PATENT_NO = re.compile(r"ZL([0-9]{8}|[0-9]{12})[0-9X]")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_CHINA = timedelta(hours=8)


def is_uscc(text: str) -> bool:
    """GB 32100-2015: 17 characters without I, O, S, V, Z and a check character modulo 31."""
    if not _USCC.fullmatch(text):
        return False
    total = sum(map(mul, map(_USCC_VALUES.__getitem__, text[:17]), _USCC_WEIGHTS))
    return text[17] == _USCC_ALPHABET[-total % 31]


def is_org_code(text: str) -> bool:
    """GB 11714-1997: eight characters and a check character modulo 11, with or without the hyphen."""
    if not _ORG_CODE.fullmatch(text):
        return False
    total = sum(int(c, 36) * w for c, w in zip(text, _ORG_CODE_WEIGHTS, strict=False))
    return text[-1] == "0123456789X"[-total % 11]


def is_resident_id(text: str) -> bool:
    """GB 11643-1999: area, a birth date of the calendar, sequence, and a check digit of ISO 7064 MOD 11-2."""
    if not _RESIDENT_ID.fullmatch(text):
        return False
    if not is_calendar_date(f"{text[6:10]}-{text[10:12]}-{text[12:14]}"):
        return False
    total = sum(int(c) * w for c, w in zip(text, _RESIDENT_ID_WEIGHTS, strict=False))
    return text[17] == "0123456789X"[(1 - total) % 11]


def is_patent_no(text: str) -> bool:
    """ZC 0006-2003: ZL, eight or twelve digits, and a check character modulo 11; without the point."""
    if not _PATENT_NO.fullmatch(text):
        return False
    total = sum(int(c) * w for c, w in zip(text[2:-1], _PATENT_WEIGHTS, strict=False))
    return text[-1] == "0123456789X"[total % 11]


def is_calendar_date(text: str) -> bool:
    """YYYY-MM-DD of a day that exists."""
    if not _DATE.fullmatch(text):
        return False
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


def is_datetime_cst(text: str) -> bool:
    """RFC 3339 in China's time: an existing instant with offset +08:00."""
    pattern = r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,9})?\+08:00"
    if not re.fullmatch(pattern, text):
        return False
    try:
        return datetime.fromisoformat(re.sub(r"\.[0-9]+", "", text)).utcoffset() == _CHINA
    except ValueError:
        return False


def is_year_month(text: str) -> bool:
    """YYYYMM of a month that exists."""
    return re.fullmatch(r"[0-9]{4}(0[1-9]|1[0-2])", text) is not None and text[:4] != "0000"


def is_decimal(text: str) -> bool:
    """A canonical decimal string: no exponent, no leading zeros, no negative zero."""
    return re.fullmatch(r"-?(0|[1-9][0-9]*)(\.[0-9]+)?", text) is not None and not _is_negative_zero(text)


def is_line(text: str) -> bool:
    """One line: no control characters, no white space at either end."""
    return re.search(r"[\x00-\x1f\x7f]", text) is None and text == text.strip()


def _is_negative_zero(text: str) -> bool:
    return text.startswith("-") and not text.strip("-0.")


CHECKERS: Mapping[str, Callable[[str], bool]] = {
    "uscc": is_uscc,
    "org-code": is_org_code,
    "resident-id": is_resident_id,
    "calendar-date": is_calendar_date,
    "datetime-cst": is_datetime_cst,
    "year-month": is_year_month,
    "decimal": is_decimal,
    "patent-no": is_patent_no,
    "line": is_line,
}
