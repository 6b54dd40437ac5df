"""Validity of published keys: a named EC P-256 public key (RFC 7517, 7518)."""

from base64 import urlsafe_b64decode
from collections.abc import Mapping
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, EllipticCurvePublicNumbers

PRIVATE = frozenset({"d", "k", "p", "q", "dp", "dq", "qi"})
COORDINATE_BYTES = 32


def key_fault(jwk: Mapping[str, Any]) -> str | None:
    """The member of the key that makes it unusable; None for a usable key."""
    if private := PRIVATE & jwk.keys():
        return min(private)
    for name, expected in (("kty", "EC"), ("crv", "P-256")):
        if jwk.get(name) != expected:
            return name
    if not isinstance(jwk.get("kid"), str) or not jwk["kid"]:
        return "kid"
    if jwk.get("use", "sig") != "sig":
        return "use"
    return _off_the_curve(jwk)


def _off_the_curve(jwk: Mapping[str, Any]) -> str | None:
    point = {name: _number(jwk.get(name)) for name in ("x", "y")}
    for name, number in point.items():
        if number is None:
            return name
    try:
        EllipticCurvePublicNumbers(point["x"] or 0, point["y"] or 0, SECP256R1()).public_key()
    except ValueError:
        return "y"
    return None


def _number(text: object) -> int | None:
    """A coordinate: 32 bytes in base64url without padding."""
    if not isinstance(text, str) or "=" in text:
        return None
    try:
        content = urlsafe_b64decode(text.encode("ascii") + b"=" * (-len(text) % 4))
    except (ValueError, UnicodeEncodeError):
        return None
    return int.from_bytes(content) if len(content) == COORDINATE_BYTES else None
