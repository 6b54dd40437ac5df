"""Text conversions declared by a mapping. Text that cannot be converted stays unchanged."""

import re
from datetime import date
from decimal import Context, Decimal

from conformance.model.mapping import Conversion

BLANK = " \t\r\n\u3000\u00a0\ufeff"
"""Characters stripped from both ends of a text, for single texts and columns alike."""
REFUSED = "?"
"""Prefix for a text that is not a mapped code; no code of any code set begins with it."""
_YEAR, _SHORT = "([0-9]{4})", "([0-9]{1,2})"
_MIDNIGHT = r"[ T]0{1,2}:00(?::00(?:\.0+)?)?"
_CLOCK = "[ T]([01]?[0-9]|2[0-3]):([0-5][0-9]):([0-5][0-9])(?:[.]0+)?"
_DAYS = {
    "y-m-d": f"{_YEAR}-{_SHORT}-{_SHORT}",
    "y/m/d": f"{_YEAR}/{_SHORT}/{_SHORT}",
    "y.m.d": f"{_YEAR}[.]{_SHORT}[.]{_SHORT}",
    "ymd": "([0-9]{4})([0-9]{2})([0-9]{2})",
    "y年m月d日": f"{_YEAR}年{_SHORT}月{_SHORT}日",
    "y-m-d 0:0:0": f"{_YEAR}-{_SHORT}-{_SHORT}{_MIDNIGHT}",
    "y/m/d 0:0:0": f"{_YEAR}/{_SHORT}/{_SHORT}{_MIDNIGHT}",
}
_MOMENTS = {
    "y-m-d h:m:s": f"{_YEAR}-{_SHORT}-{_SHORT}{_CLOCK}",
    "y/m/d h:m:s": f"{_YEAR}/{_SHORT}/{_SHORT}{_CLOCK}",
    "ymdhms": "([0-9]{4})([0-9]{2})([0-9]{2})([01][0-9]|2[0-3])([0-5][0-9])([0-5][0-9])",
    "y-m-d": _DAYS["y-m-d"],
}
_AMOUNT = r"[-+]?[0-9]{1,40}(?:\.[0-9]{1,40})?"
_EXACT = Context(prec=120)


def convert(text: str | None, conversion: Conversion) -> str | None:
    """The converted text; None (or the default) for blank text and null markers."""
    if text is not None and conversion.strip:
        text = text.strip(BLANK)
    if not text or text in conversion.absent:
        return conversion.default
    if conversion.codes is not None:
        text = conversion.codes.get(text, REFUSED + text if conversion.refuse else text)
    if conversion.dates:
        text = _day(text, conversion.dates) or text
    if conversion.moments:
        text = _moment(text, conversion.moments) or text
    if conversion.scale is not None and re.fullmatch(_AMOUNT, text):
        text = _scale(text, conversion.scale)
    return _to_capitals(text) if conversion.upper else text


def _day(text: str, ways: tuple[str, ...]) -> str | None:
    for way in ways:
        if match := re.fullmatch(_DAYS[way], text):
            return _iso(*match.groups())
    return None


def _moment(text: str, layouts: tuple[str, ...]) -> str | None:
    for layout in layouts:
        if match := re.fullmatch(_MOMENTS[layout], text):
            year, month, day, *clock = match.groups()
            time = ":".join(part.zfill(2) for part in clock) or "00:00:00"
            day_text = _iso(year, month, day)
            return f"{day_text}T{time}+08:00" if day_text else None
    return None


def _iso(year: str, month: str, day: str) -> str | None:
    try:
        return date(int(year), int(month), int(day)).isoformat()
    except ValueError:
        return None


def _scale(text: str, scale: int) -> str:
    """The scaled number, exact, without an exponent or trailing zeros."""
    product = format(_EXACT.multiply(Decimal(text), Decimal(scale)), "f")
    return product.rstrip("0").rstrip(".") if "." in product else product


def _to_capitals(text: str) -> str:
    return "".join(c.upper() if "a" <= c <= "z" else c for c in text)
