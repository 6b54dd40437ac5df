"""Batches of queries: their lines, sealed, and how far each batch is."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import orjson
from sqlalchemy import Column, ForeignKey, Integer, LargeBinary, String, Table, delete, insert, select, update

from reference_impl.store.metadata import METADATA
from reference_impl.store.repository import Repository

Problem = Mapping[str, Any]

QUERY_BATCHES = Table(
    "query_batches",
    METADATA,
    Column("position", Integer, primary_key=True),
    Column("query_batch_id", String, nullable=False, unique=True),
    Column("client_id", String, nullable=False),
    Column("lines", Integer, nullable=False),
    Column("finished", Integer, nullable=False),
    Column("submitted_at", String, nullable=False),
    Column("kept_until", Integer, nullable=False, index=True),
)

QUERY_LINES = Table(
    "query_lines",
    METADATA,
    Column("query_batch_id", ForeignKey("query_batches.query_batch_id"), primary_key=True),
    Column("index", Integer, primary_key=True, autoincrement=False),
    Column("sealed", LargeBinary, nullable=False),
    Column("problem", LargeBinary),
)


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


class QueryBatches(Repository):
    """The batches of one transaction."""

    def add(self, batch: QueryBatch, bodies: Iterable[Any]) -> None:
        values = {name: getattr(batch, name) for name in QueryBatch.__slots__}
        self._connection.execute(insert(QUERY_BATCHES).values(**values))
        name = batch.query_batch_id
        rows = [
            {"query_batch_id": name, "index": n, "sealed": self._keys.seal(body, f"{name} {n}")}
            for n, body in enumerate(bodies)
        ]
        self._connection.execute(insert(QUERY_LINES), rows)

    def get(self, query_batch_id: str, now: int) -> QueryBatch | None:
        """The batch, unless its time is over."""
        row = self._connection.execute(
            select(QUERY_BATCHES).where(
                QUERY_BATCHES.c.query_batch_id == query_batch_id, QUERY_BATCHES.c.kept_until > now
            )
        ).one_or_none()
        return _batch(row) if row else None

    def unfinished(self) -> QueryBatch | None:
        """The oldest batch that has work left."""
        row = self._connection.execute(
            select(QUERY_BATCHES)
            .where(QUERY_BATCHES.c.finished < QUERY_BATCHES.c.lines)
            .order_by(QUERY_BATCHES.c.position)
            .limit(1)
        ).one_or_none()
        return _batch(row) if row else None

    def lines(self, query_batch_id: str, after: int, limit: int) -> list[QueryLine]:
        rows = self._connection.execute(
            select(QUERY_LINES.c.index, QUERY_LINES.c.sealed, QUERY_LINES.c.problem)
            .where(QUERY_LINES.c.query_batch_id == query_batch_id, QUERY_LINES.c.index > after)
            .order_by(QUERY_LINES.c.index)
            .limit(limit)
        )
        return [
            QueryLine(
                index,
                self._keys.open_sealed(sealed, f"{query_batch_id} {index}"),
                orjson.loads(problem) if problem else None,
            )
            for index, sealed, problem in rows
        ]

    def advance(self, batch: QueryBatch, problems: Mapping[int, Problem], worked_on: int) -> None:
        """Note the refused ones of the next `worked_on` lines, and that these are done."""
        for index, problem in problems.items():
            self._connection.execute(
                update(QUERY_LINES)
                .where(QUERY_LINES.c.query_batch_id == batch.query_batch_id, QUERY_LINES.c.index == index)
                .values(problem=orjson.dumps(problem))
            )
        self._connection.execute(
            update(QUERY_BATCHES)
            .where(QUERY_BATCHES.c.query_batch_id == batch.query_batch_id)
            .values(finished=batch.finished + worked_on)
        )

    def forget(self, now: int) -> None:
        """Remove the batches whose time is over, with their lines."""
        ended = select(QUERY_BATCHES.c.query_batch_id).where(QUERY_BATCHES.c.kept_until <= now)
        self._connection.execute(delete(QUERY_LINES).where(QUERY_LINES.c.query_batch_id.in_(ended)))
        self._connection.execute(delete(QUERY_BATCHES).where(QUERY_BATCHES.c.kept_until <= now))


def _batch(row: Any) -> QueryBatch:
    return QueryBatch(**{name: getattr(row, name) for name in QueryBatch.__slots__})
