"""Batches of queries: their lines, sealed, and how far each batch is."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import orjson
from sqlalchemy import Connection, delete, insert, select, update

from reference_impl.store.keys import Vault
from reference_impl.store.tables import QUERY_BATCHES as BATCHES
from reference_impl.store.tables import QUERY_LINES as LINES

Problem = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class QueryBatch:
    """One batch; `kept_until` in POSIX seconds."""

    query_batch_id: str
    client_id: str
    lines: int
    finished: int
    submitted_at: str
    kept_until: int


@dataclass(frozen=True, slots=True)
class QueryLine:
    """One query of a batch; `problem` is how it was refused, if it was."""

    index: int
    body: Any
    problem: Problem | None


class QueryBatches:
    """The batches of one transaction."""

    def __init__(self, connection: Connection, vault: Vault) -> None:
        self._connection = connection
        self._vault = vault

    def add(self, batch: QueryBatch, bodies: Iterable[Any]) -> None:
        values = {name: getattr(batch, name) for name in QueryBatch.__slots__}
        self._connection.execute(insert(BATCHES).values(**values))
        name = batch.query_batch_id
        rows = [
            {"query_batch_id": name, "index": n, "sealed": self._vault.seal(body, f"{name} {n}")}
            for n, body in enumerate(bodies)
        ]
        self._connection.execute(insert(LINES), rows)

    def get(self, query_batch_id: str, now: int) -> QueryBatch | None:
        """The batch, unless its time is over."""
        found = self._connection.execute(
            select(BATCHES).where(BATCHES.c.query_batch_id == query_batch_id, BATCHES.c.kept_until > now)
        ).one_or_none()
        return _batch(found) if found else None

    def unfinished(self) -> QueryBatch | None:
        """The oldest batch that has work left."""
        found = self._connection.execute(
            select(BATCHES).where(BATCHES.c.finished < BATCHES.c.lines).order_by(BATCHES.c.position).limit(1)
        ).one_or_none()
        return _batch(found) if found else None

    def lines(self, query_batch_id: str, after: int, limit: int) -> list[QueryLine]:
        rows = self._connection.execute(
            select(LINES.c.index, LINES.c.sealed, LINES.c.problem)
            .where(LINES.c.query_batch_id == query_batch_id, LINES.c.index > after)
            .order_by(LINES.c.index)
            .limit(limit)
        )
        return [
            QueryLine(
                index,
                self._vault.open_sealed(sealed, f"{query_batch_id} {index}"),
                orjson.loads(problem) if problem else None,
            )
            for index, sealed, problem in rows
        ]

    def advance(self, batch: QueryBatch, problems: Mapping[int, Problem], worked_on: int) -> None:
        """Note the refused ones of the next `worked_on` lines, and that these are done."""
        for index, problem in problems.items():
            self._connection.execute(
                update(LINES)
                .where(LINES.c.query_batch_id == batch.query_batch_id, LINES.c.index == index)
                .values(problem=orjson.dumps(problem))
            )
        self._connection.execute(
            update(BATCHES)
            .where(BATCHES.c.query_batch_id == batch.query_batch_id)
            .values(finished=batch.finished + worked_on)
        )

    def forget(self, now: int) -> None:
        """Remove the batches whose time is over, with their lines."""
        ended = select(BATCHES.c.query_batch_id).where(BATCHES.c.kept_until <= now)
        self._connection.execute(delete(LINES).where(LINES.c.query_batch_id.in_(ended)))
        self._connection.execute(delete(BATCHES).where(BATCHES.c.kept_until <= now))


def _batch(row: Any) -> QueryBatch:
    return QueryBatch(**{name: getattr(row, name) for name in QueryBatch.__slots__})
