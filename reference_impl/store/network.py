"""Notices of the network, in the order of their arrival."""

from collections.abc import Iterable
from typing import Any

import orjson
from sqlalchemy import Column, Integer, LargeBinary, String, Table, bindparam, func, select

from reference_impl.store.metadata import METADATA
from reference_impl.store.repository import Document, Repository

NETWORK = Table(
    "network",
    METADATA,
    Column("notice_id", String, primary_key=True),
    Column("position", Integer, nullable=False, unique=True),
    Column("kind", String, nullable=False),
    Column("document", LargeBinary, nullable=False),
)


_OF_KINDS = (
    select(NETWORK.c.kind, NETWORK.c.document)
    .where(NETWORK.c.kind.in_(bindparam("kinds", expanding=True)))
    .order_by(NETWORK.c.position)
)


class Network(Repository):
    """Notices of the network, in the order of arrival."""

    def add(self, notice_id: str, kind: str, document: Document) -> None:
        last = self._connection.execute(select(func.max(NETWORK.c.position))).scalar() or 0
        self._put(NETWORK, notice_id=notice_id, position=last + 1, kind=kind, document=orjson.dumps(document))

    def kinds(self, among: Iterable[str]) -> list[tuple[str, Any]]:
        """Kind and document of the notices of these kinds, oldest first."""
        rows = self._connection.execute(_OF_KINDS, {"kinds": list(among)})
        return [(row.kind, orjson.loads(row.document)) for row in rows]
