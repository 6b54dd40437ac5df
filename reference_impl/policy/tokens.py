"""Checks of the claims of assertions (RFC 7523), by name."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

Claims = Mapping[str, Any]

MAX_LIFETIME = 300
"""Longest lifetime of an assertion, in seconds."""
SKEW = 10
"""Tolerated skew of a sender's clock, in seconds."""


@dataclass(frozen=True, slots=True)
class Expected:
    """Expected values of the claims."""

    issuer: str
    """Identity of the sender."""
    audience: str
    """Identity of this platform."""
    now: datetime


ClaimCheck = Callable[[Claims, Expected], bool]


def issuer(claims: Claims, expected: Expected) -> bool:
    return claims.get("iss") == expected.issuer


def audience(claims: Claims, expected: Expected) -> bool:
    """One audience only: an assertion that also opens another platform could be replayed from there."""
    return claims.get("aud") in (expected.audience, [expected.audience])


def expiry(claims: Claims, expected: Expected) -> bool:
    now = expected.now.timestamp()
    return _number(claims.get("exp")) and now < claims["exp"] <= now + MAX_LIFETIME + SKEW


def issued(claims: Claims, expected: Expected) -> bool:
    latest = expected.now.timestamp() + SKEW
    begins = claims.get("nbf", 0)
    return _number(claims.get("iat")) and claims["iat"] <= latest and _number(begins) and begins <= latest


def identifier(claims: Claims, _expected: Expected) -> bool:
    jti = claims.get("jti")
    return isinstance(jti, str) and 0 < len(jti) <= 256


def same_party(claims: Claims, _expected: Expected) -> bool:
    return claims.get("sub") == claims.get("iss")


def names_subject(claims: Claims, _expected: Expected) -> bool:
    subject = claims.get("fcsp_subject")
    names = ("type", "scheme", "value")
    return isinstance(subject, dict) and all(_text(subject.get(name)) for name in names)


def names_signer(claims: Claims, _expected: Expected) -> bool:
    return all(_text(claims.get(name)) for name in ("sub", "capacity", "assurance"))


COMMON = (issuer, audience, expiry, issued, identifier)
CLIENT_CHECKS: Mapping[str, ClaimCheck] = {check.__name__: check for check in (*COMMON, same_party)}
SUBJECT_CHECKS: Mapping[str, ClaimCheck] = {
    check.__name__: check for check in (*COMMON, names_subject, names_signer)
}


def acceptable(checks: Mapping[str, ClaimCheck], claims: Claims, expected: Expected) -> bool:
    return all(check(claims, expected) for check in checks.values())


def _number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _text(value: object) -> bool:
    return isinstance(value, str) and bool(value)
