"""Signed assertions: ES256 and nothing else, verified with keys that were installed beforehand."""

from collections.abc import Mapping
from typing import Any

ALGORITHM = "ES256"


def peek(assertion: str) -> Mapping[str, Any]:
    """The claims before verification: good for choosing the key, for nothing else."""
    from joserfc import jws
    from joserfc.errors import JoseError

    try:
        return _object(jws.extract_compact(assertion.encode()).payload)
    except (JoseError, ValueError, TypeError, RecursionError):
        return {}


def verify(assertion: str, jwks: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """The claims, if one of the keys signed them with ES256 and nothing critical is unknown to us."""
    from joserfc import jws
    from joserfc.errors import JoseError

    try:
        header = jws.extract_compact(assertion.encode()).protected
    except (JoseError, ValueError, TypeError, RecursionError):
        return None
    if header.get("alg") != ALGORITHM or "crit" in header:
        return None
    for key in _candidates(jwks, header.get("kid")):
        try:
            return _object(jws.deserialize_compact(assertion, key, algorithms=[ALGORITHM]).payload)
        except (JoseError, ValueError, TypeError, RecursionError):
            continue
    return None


def _candidates(jwks: Mapping[str, Any], kid: object) -> list[Any]:
    from joserfc.errors import JoseError
    from joserfc.jwk import ECKey

    keys = []
    for jwk in jwks.get("keys", ()):
        try:
            key = ECKey.import_key(dict(jwk))
        except (JoseError, ValueError, TypeError, KeyError):
            continue
        if kid is None or kid in (jwk.get("kid"), key.thumbprint()):
            keys.append(key)
    return keys


def _object(payload: bytes) -> dict[str, Any]:
    from reference_impl.wire.body import strict

    claims = strict(payload)
    if not isinstance(claims, dict):
        raise TypeError("claims are not a JSON object")
    return claims
