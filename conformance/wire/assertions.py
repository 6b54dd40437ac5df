"""Turns symbolic assertions into signed ones (JWT; RFC 7523)."""

import hashlib
import hmac
from base64 import urlsafe_b64encode
from dataclasses import asdict
from typing import Any

import orjson
from joserfc import jwt

from conformance.model.wire import ClientAssertion, SubjectAssertion
from conformance.wire.keys import KeyStore


class Signer:
    """Signs with the keys of the store; equal assertions of one case have equal identifiers: a replay."""

    def __init__(self, keys: KeyStore, issuer: str, nonce: str) -> None:
        self._keys = keys
        self._issuer = issuer
        """The simulated issuer of subject assertions."""
        self._nonce = nonce

    def sign(
        self, assertion: ClientAssertion | SubjectAssertion, audience: str, now: float, scope: str
    ) -> str:
        """The signed assertion; `scope` is what its identifier is unique in besides its own content."""
        issued = int(now)
        claims = {
            **self._who(assertion),
            "aud": audience if assertion.audience is None else assertion.audience,
            "jti": self._identifier(assertion, scope),
            "iat": min(issued, issued + assertion.expires_in),
            "exp": issued + assertion.expires_in,
        }
        algorithm = assertion.algorithm if isinstance(assertion, ClientAssertion) else "ES256"
        return self._signed(algorithm, assertion.signer, claims)

    def _who(self, assertion: ClientAssertion | SubjectAssertion) -> dict[str, Any]:
        if isinstance(assertion, ClientAssertion):
            return {"iss": assertion.client_id, "sub": assertion.client_id}
        subject = {
            "type": assertion.subject_type,
            "scheme": assertion.scheme,
            "value": assertion.value,
        }
        return {
            "iss": self._issuer,
            "sub": _digest(self._nonce, assertion.agent or f"{assertion.scheme}|{assertion.value}"),
            "fcsp_subject": subject,
            "capacity": assertion.capacity,
            "assurance": assertion.assurance,
        }

    def _identifier(self, assertion: ClientAssertion | SubjectAssertion, scope: str) -> str:
        content = orjson.dumps(asdict(assertion), option=orjson.OPT_SORT_KEYS).decode()
        return _digest(self._nonce, scope, type(assertion).__name__, content)

    def _signed(self, algorithm: str, signer: str, claims: dict[str, Any]) -> str:
        key = self._keys.key(signer)
        header = {"alg": algorithm, "typ": "JWT", "kid": key.thumbprint()}
        unsigned = f"{_part(orjson.dumps(header))}.{_part(orjson.dumps(claims))}"
        match algorithm:
            case "none":
                return f"{unsigned}."
            case "HS256":
                # The public key taken for a shared secret: a platform that believes the header accepts it.
                secret = key.as_pem(private=False)
                return f"{unsigned}.{_part(hmac.digest(secret, unsigned.encode(), 'sha256'))}"
            case _:
                return jwt.encode(header, claims, key, algorithms=[algorithm])


def _part(content: bytes) -> str:
    return urlsafe_b64encode(content).decode().rstrip("=")


def _digest(*parts: str) -> str:
    return hashlib.sha256("|".join(parts).encode()).hexdigest()[:32]
