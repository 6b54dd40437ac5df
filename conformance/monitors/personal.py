"""Recognizing personal identifiers in a URL: by their form and check digit, plain or encoded."""

import base64
import binascii
import re
from collections.abc import Collection, Iterator
from datetime import date
from functools import lru_cache
from urllib.parse import parse_qsl, unquote, unquote_plus, urlsplit

from conformance.oracles.formats import is_resident_id

_TOKEN = re.compile(r"[0-9A-Za-z]+")
_MOBILE = re.compile(r"(?:(?:00)?86)?1[3-9][0-9]{9}")
_CARD = re.compile(r"[0-9]{16,19}")
_PROVINCE = re.compile(r"1[1-5]|2[1-3]|3[1-7]|4[1-6]|5[0-4]|6[1-5]|71|8[12]")
_BASE64 = re.compile(r"[A-Za-z0-9+/_-]{12,}={0,2}")
_HEX = re.compile(r"(?:[0-9a-fA-F]{2}){8,}")
_DEPTH = 3
"""Encodings within encodings that are undone."""
_SHORTEST = 2


def kinds(url: str, card_prefixes: Collection[str], known_values: Collection[str] = ()) -> frozenset[str]:
    """The kinds of personal identifier a URL holds; `known_values` are personal whatever their form."""
    return frozenset(
        kind for part in _readings_of(url) for kind in _in_text(part, tuple(card_prefixes), known_values)
    )


def is_old_resident_id(text: str) -> bool:
    """The form of 15 digits: it has no check digit, so province and birth date must make sense."""
    if not re.fullmatch(r"[0-9]{15}", text) or not _PROVINCE.fullmatch(text[:2]):
        return False
    try:
        date(1900 + int(text[6:8]), int(text[8:10]), int(text[10:12]))
    except ValueError:
        return False
    return True


def is_bank_card(text: str, prefixes: tuple[str, ...]) -> bool:
    """16 to 19 digits of a known issuer with the check digit of ISO/IEC 7812."""
    if not _CARD.fullmatch(text) or not text.startswith(prefixes):
        return False
    digits = [int(c) for c in reversed(text)]
    doubled = (sum(divmod(2 * digit, 10)) for digit in digits[1::2])
    return (sum(digits[::2]) + sum(doubled)) % 10 == 0


def _in_text(text: str, card_prefixes: tuple[str, ...], known_values: Collection[str]) -> Iterator[str]:
    for token in _TOKEN.findall(text):
        if is_resident_id(token.upper()) or is_old_resident_id(token):
            yield "resident_id"
        elif _MOBILE.fullmatch(token):
            yield "mobile"
        elif is_bank_card(token, card_prefixes):
            yield "bank_card"
    if any(len(value) >= _SHORTEST and value in text for value in known_values):
        yield "planted"


@lru_cache(maxsize=4096)
def _readings_of(url: str) -> tuple[str, ...]:
    """Each part of a URL in every reading; most URLs of a run are seen many times."""
    return tuple(_parts(url))


def _parts(url: str) -> Iterator[str]:
    """The URL's own parts, each in every reading; parts are taken apart before they are decoded."""
    try:
        split = urlsplit(url)
    except ValueError:
        yield from _readings(url, _DEPTH)
        return
    pieces = [split.netloc, *split.path.split("/"), split.fragment]
    pieces += [text for pair in parse_qsl(split.query, keep_blank_values=True) for text in pair]
    for piece in filter(None, pieces):
        yield from _readings(piece, _DEPTH)


def _readings(text: str, depth: int) -> Iterator[str]:
    yield text
    if depth:
        for inner in {*_decoded(text)} - {text}:
            yield from _readings(inner, depth - 1)


def _decoded(text: str) -> Iterator[str]:
    yield unquote(text)
    yield unquote_plus(text)
    for match in _BASE64.findall(text):
        yield from _utf8(_from_base64(match))
    for match in _HEX.findall(text):
        yield from _utf8(bytes.fromhex(match))


def _from_base64(text: str) -> bytes:
    standard = text.rstrip("=").translate(str.maketrans("-_", "+/"))
    try:
        return base64.b64decode(standard + "=" * (-len(standard) % 4), validate=True)
    except binascii.Error:
        return b""


def _utf8(content: bytes) -> Iterator[str]:
    try:
        yield content.decode("utf-8")
    except UnicodeDecodeError:
        return
