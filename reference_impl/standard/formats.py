"""The formats of the standard as checks of strings: identifiers, dates, decimals."""

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime

USCC_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
USCC_WEIGHTS = tuple(3**n % 31 for n in range(17))
USCC = re.compile(rf"[{USCC_ALPHABET}]{{2}}[0-9]{{6}}[{USCC_ALPHABET}]{{10}}")
ORG_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)
ORG = re.compile(r"[0-9A-Z]{8}-?[0-9X]")
PATENT = re.compile(r"ZL(?:[0-9]{4})?[0-9]{8}[0-9X]")
RESIDENT = re.compile(r"[1-9][0-9]{16}[0-9X]")
CALENDAR_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
YEAR_MONTH = re.compile(r"[0-9]{4}(0[1-9]|1[0-2])")
DECIMAL = re.compile(r"-?(0|[1-9][0-9]*)(\.[0-9]+)?")
MOMENT = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2})(\.[0-9]+)?\+08:00")


def is_uscc(text: str) -> bool:
    """GB 32100: check character modulo 31."""
    if not USCC.fullmatch(text):
        return False
    total = sum(USCC_ALPHABET.index(c) * w for c, w in zip(text[:17], USCC_WEIGHTS, strict=True))
    return text[17] == USCC_ALPHABET[-total % 31]


def is_org_code(text: str) -> bool:
    """GB 11714: check character modulo 11."""
    if not ORG.fullmatch(text):
        return False
    total = sum(int(c, 36) * w for c, w in zip(text[:8], ORG_WEIGHTS, strict=True))
    return text[-1] == "0123456789X"[-total % 11]


def is_resident_id(text: str) -> bool:
    """GB 11643: ISO 7064 MOD 11-2, and a date of birth that exists."""
    if not RESIDENT.fullmatch(text) or not _exists(f"{text[6:10]}-{text[10:12]}-{text[12:14]}"):
        return False
    total = sum(int(c) * 2 ** (17 - at) for at, c in enumerate(text[:17]))
    return text[17] == "0123456789X"[(1 - total) % 11]


def is_patent_no(text: str) -> bool:
    """ZC 0006-2003: digits weighted 2 to 9 and again from 2, check character modulo 11."""
    if not PATENT.fullmatch(text):
        return False
    total = sum(int(c) * (2 + at % 8) for at, c in enumerate(text[2:-1]))
    return text[-1] == "0123456789X"[total % 11]


def is_calendar_date(text: str) -> bool:
    return bool(CALENDAR_DATE.fullmatch(text)) and _exists(text)


def is_year_month(text: str) -> bool:
    return bool(YEAR_MONTH.fullmatch(text)) and text[:4] != "0000"


def is_decimal(text: str) -> bool:
    return bool(DECIMAL.fullmatch(text))


def is_moment(text: str) -> bool:
    """RFC 3339 in China time."""
    match = MOMENT.fullmatch(text)
    return match is not None and _parses(datetime.fromisoformat, match[1])


def _exists(text: str) -> bool:
    return _parses(date.fromisoformat, text)


def _parses(parse: Callable[[str], object], text: str) -> bool:
    try:
        parse(text)
    except ValueError:
        return False
    return True


CHECKERS: Mapping[str, Callable[[str], bool]] = {
    "uscc": is_uscc,
    "org-code": is_org_code,
    "resident-id": is_resident_id,
    "calendar-date": is_calendar_date,
    "date": is_calendar_date,
    "decimal": is_decimal,
    "datetime-cst": is_moment,
    "year-month": is_year_month,
    "patent-no": is_patent_no,
}
