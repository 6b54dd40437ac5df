"""Deliveries, and the outcome of each of their records."""

from collections.abc import Iterable
from typing import Any

import orjson
from sqlalchemy import Column, ForeignKey, Integer, LargeBinary, String, Table, insert, select

from reference_impl.store.metadata import METADATA
from reference_impl.store.repository import Document, Repository

BATCHES = Table(
    "batches",
    METADATA,
    Column("batch_id", String, primary_key=True),
    Column("client_id", String, nullable=False),
    Column("document", LargeBinary, nullable=False),
)

OUTCOMES = Table(
    "outcomes",
    METADATA,
    Column("batch_id", ForeignKey("batches.batch_id"), primary_key=True),
    Column("index", Integer, primary_key=True, autoincrement=False),
    Column("document", LargeBinary, nullable=False),
)


class Batches(Repository):
    """Deliveries and the outcome of each of their records."""

    def add(self, client_id: str, document: Document, outcomes: Iterable[Document]) -> None:
        name = document["batch_id"]
        self._put(BATCHES, batch_id=name, client_id=client_id, document=orjson.dumps(document))
        rows = [{"batch_id": name, "index": o["index"], "document": orjson.dumps(o)} for o in outcomes]
        if rows:
            self._connection.execute(insert(OUTCOMES), rows)

    def get(self, batch_id: str) -> tuple[str, Any] | None:
        """Client id of the sender, and the summary of a delivery."""
        c = BATCHES.c
        row = self._connection.execute(
            select(c.client_id, c.document).where(c.batch_id == batch_id)
        ).one_or_none()
        return row and (row.client_id, orjson.loads(row.document))

    def outcomes(self, batch_id: str, after: int, limit: int) -> list[Any]:
        c = OUTCOMES.c
        rows = self._connection.execute(
            select(c.document).where(c.batch_id == batch_id, c.index > after).order_by(c.index).limit(limit)
        )
        return [orjson.loads(row.document) for row in rows]
