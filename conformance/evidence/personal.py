"""Personal data of unknown origin: identity numbers and mobile numbers, and what looks like a token."""

import re
from calendar import monthrange
from collections.abc import Callable

RESIDENT_ID = re.compile(r"(?<![0-9A-Za-z])[1-9][0-9]{16}[0-9Xx](?![0-9A-Za-z])")
MOBILE = re.compile(r"(?<![0-9A-Za-z.])(?:\+?86[- ]?)?1[3-9][0-9]{9}(?![0-9A-Za-z]|\.[0-9])")
JWT = re.compile(r"eyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]*")
COMMITMENT = re.compile(r"\{commitment:(?P<kind>resident_id|mobile)-(?P<digest>[0-9a-f]+)\}")
SHORTEST = 11
"""Characters of the shortest personal-looking value, a mobile number."""
WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
CHECK_CHARACTERS = "10X98765432"


def is_resident_id(text: str) -> bool:
    """GB 11643: a calendar date of birth and a matching check character."""
    return _check_character(text[:17]) == text[17].upper() and _is_birth_date(text[6:14])


def replace(text: str, commitment: Callable[[str, str], str]) -> str:
    """The text with each personal-looking value replaced by `commitment(kind, value)`."""
    if len(text) < SHORTEST:
        return text
    text = RESIDENT_ID.sub(
        lambda m: commitment("resident_id", m[0].upper()) if is_resident_id(m[0]) else m[0], text
    )
    return MOBILE.sub(lambda m: commitment("mobile", m[0][-11:]), text)


def found_in(text: str) -> tuple[str, ...]:
    """The personal-looking values of a text, in order."""
    if len(text) < SHORTEST:
        return ()
    ids = tuple(m[0] for m in RESIDENT_ID.finditer(text) if is_resident_id(m[0]))
    return (*ids, *(m[0][-11:] for m in MOBILE.finditer(text)))


def looks_personal(text: str) -> bool:
    """True for a text with a mobile number, or an identity number, even a mistyped one (GB 11643)."""
    ids = any(_is_birth_date(m[0][6:14]) for m in RESIDENT_ID.finditer(text))
    return ids or MOBILE.search(text) is not None


def stand_in(label: str) -> str | None:
    """A value of nobody that is as well-formed as the committed one; None for what is no commitment."""
    match = COMMITMENT.fullmatch(label)
    if match is None:
        return None
    number = int(match["digest"], 16)
    if match["kind"] == "mobile":
        return f"139{number % 10**8:08}"
    body = f"990000{1950 + number % 50}{1 + number % 12:02}{1 + number % 28:02}{number // 2**32 % 1000:03}"
    return body + _check_character(body)


def _check_character(body: str) -> str:
    total = sum(int(digit) * weight for digit, weight in zip(body, WEIGHTS, strict=True))
    return CHECK_CHARACTERS[total % 11]


def _is_birth_date(text: str) -> bool:
    year, month, day = int(text[:4]), int(text[4:6]), int(text[6:])
    return 1850 <= year <= 2199 and 1 <= month <= 12 and 1 <= day <= monthrange(year, month)[1]
