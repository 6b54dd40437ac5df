"""Access tokens by their keyed digest, and the assertions that were exchanged for them."""

from typing import Any

from sqlalchemy import Column, Integer, LargeBinary, String, Table, bindparam, delete, select

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


_EXPIRED_TOKENS = delete(TOKENS).where(TOKENS.c.expires_at <= bindparam("now"))
_VALID_TOKEN = select(TOKENS.c.sealed).where(
    TOKENS.c.token_ref == bindparam("token_ref"), TOKENS.c.expires_at > bindparam("now")
)
_EXPIRED_ASSERTIONS = delete(ASSERTIONS).where(ASSERTIONS.c.expires_at <= bindparam("now"))
_USED_ASSERTION = select(ASSERTIONS.c.jti).where(
    ASSERTIONS.c.issuer == bindparam("issuer"), ASSERTIONS.c.jti == bindparam("jti")
)


class Tokens(Repository):
    """Access tokens by their digest, and the assertions that were used for them."""

    def add(self, token: str, expires_at: int, content: Document, now: int) -> None:
        self._connection.execute(_EXPIRED_TOKENS, {"now": now})
        ref = self._keys.ref("token", token)
        self._put(TOKENS, token_ref=ref, expires_at=expires_at, sealed=self._keys.seal(content, ref))

    def get(self, token: str, now: int) -> Any:
        ref = self._keys.ref("token", token)
        sealed = self._scalar(_VALID_TOKEN, token_ref=ref, now=now)
        return None if sealed is None else self._keys.open_sealed(sealed, ref)

    def use_assertion(self, issuer: str, jti: str, expires_at: int, now: int) -> bool:
        """Note an assertion as used; false when it was used before."""
        self._connection.execute(_EXPIRED_ASSERTIONS, {"now": now})
        if self._scalar(_USED_ASSERTION, issuer=issuer, jti=jti) is not None:
            return False
        self._put(ASSERTIONS, issuer=issuer, jti=jti, expires_at=expires_at)
        return True
