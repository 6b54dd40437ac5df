"""Access tokens by their keyed digest, and the assertions that were exchanged for them."""

from typing import Any

from sqlalchemy import Column, Integer, LargeBinary, String, Table, delete

from reference_impl.store.metadata import METADATA
from reference_impl.store.repository import Document, Repository

TOKENS = Table(
    "tokens",
    METADATA,
    Column("token_ref", String, primary_key=True),
    Column("expires_at", Integer, nullable=False, index=True),
    Column("sealed", LargeBinary, nullable=False),
)

ASSERTIONS = Table(
    "assertions",
    METADATA,
    Column("issuer", String, primary_key=True),
    Column("jti", String, primary_key=True),
    Column("expires_at", Integer, nullable=False, index=True),
)


class Tokens(Repository):
    """Access tokens by their digest, and the assertions that were used for them."""

    def add(self, token: str, expires_at: int, content: Document, now: int) -> None:
        self._connection.execute(delete(TOKENS).where(TOKENS.c.expires_at <= now))
        ref = self._keys.ref("token", token)
        self._put(TOKENS, token_ref=ref, expires_at=expires_at, sealed=self._keys.seal(content, ref))

    def get(self, token: str, now: int) -> Any:
        ref = self._keys.ref("token", token)
        sealed = self._one(TOKENS.c.sealed, TOKENS.c.token_ref == ref, TOKENS.c.expires_at > now)
        return None if sealed is None else self._keys.open_sealed(sealed, ref)

    def use_assertion(self, issuer: str, jti: str, expires_at: int, now: int) -> bool:
        """Note an assertion as used; false when it was used before."""
        self._connection.execute(delete(ASSERTIONS).where(ASSERTIONS.c.expires_at <= now))
        conditions = (ASSERTIONS.c.issuer == issuer, ASSERTIONS.c.jti == jti)
        if self._one(ASSERTIONS.c.jti, *conditions) is not None:
            return False
        self._put(ASSERTIONS, issuer=issuer, jti=jti, expires_at=expires_at)
        return True
