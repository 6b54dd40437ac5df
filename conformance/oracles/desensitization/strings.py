"""The operators on strings: masks, names, parts, addresses, tokens."""

from collections.abc import Iterable, Mapping
from typing import Any

from cryptography.hazmat.primitives.hashes import SM3
from cryptography.hazmat.primitives.hmac import HMAC

from conformance.oracles.desensitization.characters import MIDDLE_DOT, units
from conformance.oracles.desensitization.numbers import FallbackError

_SEPARATOR = "\x1f"
_SHORTEST_KEY = 16
_TOKEN_DIGITS = 22


def mask(text: str, p: Mapping[str, Any]) -> str:
    """The first and last units of a text, the others replaced by a symbol. Raises FallbackError."""
    parts = units(text)
    masked_count = len(parts) - p["first"] - p["last"]
    if masked_count < p["min_hidden"]:
        raise FallbackError
    stars: str = p["char"] * (masked_count if p["fill"] == "same" else p["fill"])
    return "".join(parts[: p["first"]]) + stars + "".join(parts[len(parts) - p["last"] :])


def cn_name(text: str, p: Mapping[str, Any], compound: Iterable[str]) -> str:
    """The surname of a Chinese name, compound ones whole, then asterisks. Raises FallbackError."""
    parts = units(text)
    is_compound = len(parts) > 2 and text[:2] in compound and MIDDLE_DOT not in text
    surname_length = 2 if is_compound else 1
    if len(parts) - surname_length < 1:
        raise FallbackError
    return "".join(parts[:surname_length]) + "*" * min(int(p["max_fill"]), len(parts) - surname_length)


def parts(text: str, p: Mapping[str, Any]) -> str:
    """The first parts of a separated text, each later one replaced. Raises FallbackError."""
    sides = text.split(p["on"])
    if len(sides) != p["count"] or not all(sides):
        raise FallbackError
    joiner: str = p["on"]
    return joiner.join(part if n < p["keep"] else p["fill"] for n, part in enumerate(sides))


def address(text: str, p: Mapping[str, Any], divisions: Mapping[str, Mapping[str, str]]) -> str:
    """The divisions (GB/T 2260) at the head of an address, then asterisks. Raises FallbackError."""
    province = _longest(text, (c for c, d in divisions.items() if d["level"] == "province"), divisions)
    if province is None:
        raise FallbackError
    prefix: str = divisions[province]["name"]
    if p["level"] != "province":
        prefix += _below(text[len(prefix) :], p["level"], province, divisions)
    return prefix + "*" * int(p["fill"]) if len(text) > len(prefix) else text


def _below(remainder: str, level: str, province: str, divisions: Mapping[str, Mapping[str, str]]) -> str:
    """The names below the province that are kept."""
    has_cities = any(divisions[c]["level"] == "prefecture" for c in _children(province, divisions))
    if level == "city" and not has_cities:
        return ""
    city = _longest(remainder, _children(province, divisions), divisions)
    if city is None:
        raise FallbackError
    city_name = divisions[city]["name"]
    if level == "city" or divisions[city]["level"] == "county":
        return city_name
    district = _longest(remainder[len(city_name) :], _children(city, divisions), divisions)
    if district is None:
        raise FallbackError
    return city_name + divisions[district]["name"]


def _children(code: str, divisions: Mapping[str, Mapping[str, str]]) -> list[str]:
    return [c for c, d in divisions.items() if d.get("parent") == code]


def _longest(text: str, codes: Iterable[str], divisions: Mapping[str, Mapping[str, str]]) -> str | None:
    found = [c for c in codes if text.startswith(divisions[c]["name"])]
    return max(found, key=lambda c: len(divisions[c]["name"]), default=None)


def token(text: str, p: Mapping[str, Any], key: bytes, recipient: str) -> str:
    """A keyed token for one recipient: HMAC (RFC 2104) with SM3 (GB/T 32905). Raises FallbackError."""
    if len(key) < _SHORTEST_KEY or not recipient or _SEPARATOR in recipient + text:
        raise FallbackError
    mac = HMAC(key, SM3())
    mac.update(_SEPARATOR.join((p["domain"], recipient, text)).encode())
    return f"tk_{mac.finalize().hex()[:_TOKEN_DIGITS]}"
