"""Keys of the platform: encryption at rest, lookups by keyed digest, and its own signing key."""

import hmac
import os
import secrets
from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path
from typing import Any

import orjson
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

ENVIRONMENT_KEY = "FCSP_PLATFORM_KEY"
"""32 bytes in hex. Without it the key is kept in a file beside the database."""
NONCE_BYTES = 12


class KeyStore:
    """Keys derived from the master key (HKDF, RFC 5869), and what is done with them."""

    def __init__(self, master: bytes) -> None:
        self._master = master
        self._cipher = AESGCM(self.derive("content"))
        self._lookup = self.derive("lookup")

    @classmethod
    def open(cls, key_file: Path | None) -> "KeyStore":
        environment_key = os.environ.get(ENVIRONMENT_KEY)
        if environment_key:
            return cls(bytes.fromhex(environment_key))
        if key_file is None:
            raise ValueError(f"a database server needs the key of the platform in {ENVIRONMENT_KEY}")
        return cls(_kept(key_file))

    def derive(self, purpose: str, length: int = 32) -> bytes:
        return HKDF(SHA256(), length, salt=None, info=b"fcsp " + purpose.encode()).derive(self._master)

    def seal(self, value: Any, place: str) -> bytes:
        """Encrypt a JSON value; `place` ties it to its row, so that it cannot be moved to another."""
        nonce = secrets.token_bytes(NONCE_BYTES)
        return nonce + self._cipher.encrypt(nonce, orjson.dumps(value), place.encode())

    def open_sealed(self, sealed: bytes, place: str) -> Any:
        plain = self._cipher.decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], place.encode())
        return orjson.loads(plain)

    def ref(self, *parts: str) -> str:
        """Keyed digest of an identifier: equal for equal ones, and nobody enumerates it without the key."""
        return hmac.digest(self._lookup, orjson.dumps(parts), sha256).hex()

    def public_jwk(self) -> dict[str, str]:
        """Public half of the platform's own signing key."""
        key = self._signing_key()
        members = {name: str(value) for name, value in key.as_dict(private=False).items()}
        return {**members, "kid": key.thumbprint(), "use": "sig", "alg": "ES256"}

    def sign(self, claims: Mapping[str, Any]) -> str:
        """A JWT (RFC 7519) of these claims, signed with the platform's own key."""
        from joserfc import jwt

        key = self._signing_key()
        header = {"alg": "ES256", "typ": "JWT", "kid": key.thumbprint()}
        return jwt.encode(header, dict(claims), key, algorithms=["ES256"])

    def _signing_key(self) -> Any:
        from joserfc.jwk import ECKey

        scalar = int.from_bytes(self.derive("signing", 40)) % (_P256_ORDER - 1) + 1
        return ECKey.import_key(ec.derive_private_key(scalar, ec.SECP256R1()))


_P256_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551


def _kept(path: Path) -> bytes:
    """The key in a file, made on first use and readable by its owner alone."""
    if not path.exists():
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(secrets.token_hex(32))
            file.flush()
            os.fsync(file.fileno())
    return bytes.fromhex(path.read_text().strip())
