"""A key is usable or the member at fault is named; each case is wrong in one way."""

from base64 import urlsafe_b64encode
from typing import Any

import pytest
from joserfc.jwk import ECKey

from conformance.oracles.keys import key_fault

KEY: dict[str, Any] = {**ECKey.generate_key("P-256").as_dict(private=False), "kid": "one"}


def without(name: str) -> dict[str, Any]:
    return {n: v for n, v in KEY.items() if n != name}


@pytest.mark.parametrize("key", [KEY, {**KEY, "use": "sig"}, {**KEY, "alg": "ES256", "x5t": "..."}])
def test_a_key_that_can_verify(key: dict[str, Any]) -> None:
    assert key_fault(key) is None


@pytest.mark.parametrize(
    ("key", "fault"),
    [
        ({}, "kty"),
        ({**KEY, "kty": "RSA"}, "kty"),
        ({**KEY, "crv": "P-384"}, "crv"),
        (without("kid"), "kid"),
        ({**KEY, "kid": ""}, "kid"),
        ({**KEY, "kid": 7}, "kid"),
        ({**KEY, "use": "enc"}, "use"),
        ({**KEY, "d": "AA"}, "d"),
        (without("x"), "x"),
        (without("y"), "y"),
        ({**KEY, "x": KEY["x"][2:]}, "x"),
        ({**KEY, "x": KEY["x"] + "="}, "x"),
        ({**KEY, "x": 1}, "x"),
        ({**KEY, "x": "\u4e2d"}, "x"),
        ({**KEY, "y": KEY["x"]}, "y"),
        ({**KEY, "y": urlsafe_b64encode(b"\0" * 32).decode().rstrip("=")}, "y"),
    ],
)
def test_a_key_that_cannot(key: dict[str, Any], fault: str) -> None:
    assert key_fault(key) == fault
