"""The audit log: events, each chained to its predecessor."""

from typing import Any

import orjson
from sqlalchemy import Column, Integer, LargeBinary, String, Table, select

from reference_impl.store.metadata import METADATA
from reference_impl.store.repository import Document, Repository

AUDIT = Table(
    "audit",
    METADATA,
    Column("seq", Integer, primary_key=True, autoincrement=False),
    Column("hash", String, nullable=False),
    Column("document", LargeBinary, nullable=False),
)


_HEAD = select(AUDIT.c.seq, AUDIT.c.hash).order_by(AUDIT.c.seq.desc()).limit(1)


class Audit(Repository):
    """The chained log."""

    def head(self) -> tuple[int, str | None]:
        row = self._connection.execute(_HEAD).one_or_none()
        return (row.seq, row.hash) if row else (0, None)

    def add(self, event: Document) -> None:
        self._put(AUDIT, seq=event["seq"], hash=event["hash"], document=orjson.dumps(event))

    def page(self, after: int, limit: int) -> list[Any]:
        c = AUDIT.c
        rows = self._connection.execute(select(c.document).where(c.seq > after).order_by(c.seq).limit(limit))
        return [orjson.loads(row.document) for row in rows]
