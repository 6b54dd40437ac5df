"""Replies to creating requests, by idempotency key."""

from typing import Any

from sqlalchemy import Column, Integer, LargeBinary, String, Table, bindparam, delete, select

from reference_impl.store.metadata import METADATA
from reference_impl.store.repository import Document, Repository

IDEMPOTENCY = Table(
    "idempotency",
    METADATA,
    Column("client_id", String, primary_key=True),
    Column("operation", String, primary_key=True),
    Column("key", String, primary_key=True),
    Column("expires_at", Integer, nullable=False, index=True),
    Column("body_digest", String, nullable=False),
    Column("sealed", LargeBinary, nullable=False),
)


_SAME = [IDEMPOTENCY.c[name] == bindparam(name) for name in ("client_id", "operation", "key")]
_REPLY = select(IDEMPOTENCY.c.body_digest, IDEMPOTENCY.c.sealed).where(*_SAME)
_EXPIRED = delete(IDEMPOTENCY).where(IDEMPOTENCY.c.expires_at <= bindparam("now"))


class Idempotency(Repository):
    """Replies to creating requests by their idempotency key."""

    def get(self, client_id: str, operation: str, key: str) -> tuple[str, Any] | None:
        names = {"client_id": client_id, "operation": operation, "key": key}
        row = self._connection.execute(_REPLY, names).one_or_none()
        return row and (row.body_digest, self._keys.open_sealed(row.sealed, f"{operation} {key}"))

    def forget(self, now: int) -> None:
        """Forget the keys whose time is over; called before any is looked up."""
        self._connection.execute(_EXPIRED, {"now": now})

    def drop(self, client_id: str, operation: str, key: str) -> None:
        """Forget one key."""
        c = IDEMPOTENCY.c
        own = (c.client_id == client_id, c.operation == operation, c.key == key)
        self._connection.execute(delete(IDEMPOTENCY).where(*own))

    def put(  # noqa: PLR0913 - a row
        self,
        client_id: str,
        operation: str,
        key: str,
        *,
        expires_at: int,
        body_digest: str,
        reply: Document,
    ) -> None:
        self._put(
            IDEMPOTENCY,
            client_id=client_id,
            operation=operation,
            key=key,
            expires_at=expires_at,
            body_digest=body_digest,
            sealed=self._keys.seal(reply, f"{operation} {key}"),
        )
