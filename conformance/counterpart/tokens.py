"""The credential of a platform that calls: a JWT of its own, judged by the keys of its descriptor."""

import json
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from threading import Lock
from typing import Any

from joserfc import jws
from joserfc.errors import JoseError
from joserfc.jwk import ECKey

LONGEST_SECONDS = 300
SKEW = 60
Claims = Mapping[str, Any]


@dataclass(slots=True)
class Platform:
    """Accepted callers: issuer and keys as the descriptor states them, and the audience that we are."""

    issuer: str
    jwks: Mapping[str, Any]
    audience: str
    now: Callable[[], float] = time.time
    used_ids: set[str] = field(default_factory=set)
    lock: Lock = field(default_factory=Lock)

    def faults(self, authorization: str | None) -> tuple[str, ...]:
        """Faults of the header `Authorization`, each in one word."""
        scheme, _, token = (authorization or "").partition(" ")
        if scheme.lower() != "bearer" or not token.strip():
            return ("missing",)
        claims = self._verified(token.strip())
        return ("signature",) if claims is None else tuple(self._wrong(claims))

    def _verified(self, token: str) -> Claims | None:
        for jwk in self.jwks.get("keys", ()):
            try:
                key = ECKey.import_key(dict(jwk))
                return _object(jws.deserialize_compact(token, key, algorithms=["ES256"]).payload)
            except (JoseError, ValueError, TypeError, KeyError, RecursionError):
                continue
        return None

    def _wrong(self, claims: Claims) -> Iterator[str]:
        now = self.now()
        if claims.get("iss") != self.issuer or claims.get("sub") != self.issuer:
            yield "issuer"
        audience = claims.get("aud")
        if self.audience not in (audience if isinstance(audience, list) else [audience]):
            yield "audience"
        ends = claims.get("exp")
        if not isinstance(ends, int | float) or isinstance(ends, bool) or ends <= now - SKEW:
            yield "ended"
        elif ends > now + LONGEST_SECONDS + SKEW:
            yield "lifetime"
        if not self._first_use(claims.get("jti")):
            yield "identifier"

    def _first_use(self, identifier: Any) -> bool:
        if not isinstance(identifier, str) or not identifier:
            return False
        with self.lock:
            is_known = identifier in self.used_ids
            self.used_ids.add(identifier)
            return not is_known


def _object(payload: bytes) -> Claims:
    claims = json.loads(payload)
    if not isinstance(claims, dict):
        raise TypeError("the claims are no object")
    return claims
