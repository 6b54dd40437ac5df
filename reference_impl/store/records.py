"""Collected records: the current version of each, withdrawn ones included, found by subject or by key."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    UniqueConstraint,
    bindparam,
    delete,
    func,
    insert,
    or_,
    select,
    update,
)

from reference_impl.store.metadata import METADATA
from reference_impl.store.repository import Document, Repository

Identity = tuple[str, str, str, str]
"""(client, provider, item, record id)"""

RECORDS = Table(
    "records",
    METADATA,
    Column("row_id", Integer, primary_key=True),
    Column("client_id", String, nullable=False),
    Column("provider", String, nullable=False),
    Column("item_code", String, nullable=False),
    Column("record_id", String, nullable=False),
    Column("record_version", Integer, nullable=False),
    Column("digest", String, nullable=False),
    Column("key_ref", String),
    Column("withdrawn", Boolean, nullable=False),
    Column("in_force", Boolean, nullable=False),
    Column("served_until", String),
    Column("timeliness", String),
    Column("collected_at", String, nullable=False),
    Column("as_of", String, nullable=False),
    Column("source_channel", String, nullable=False),
    Column("sealed", LargeBinary, nullable=False),
    UniqueConstraint("client_id", "provider", "item_code", "record_id"),
    Index("records_by_key", "client_id", "provider", "item_code", "key_ref"),
)

RECORD_SUBJECTS = Table(
    "record_subjects",
    METADATA,
    Column("subject_ref", String, primary_key=True),
    Column("item_code", String, primary_key=True),
    Column("row_id", ForeignKey("records.row_id"), primary_key=True, index=True),
)


@dataclass(frozen=True, slots=True)
class Freshness:
    """The served records of an item: their number, latest moments, channels and timeliness."""

    records: int = 0
    last_collected_at: str | None = None
    channels: tuple[str, ...] = ()
    latest_as_of: str | None = None
    on_time: int = 0
    late: int = 0


class Records(Repository):
    """The current version of each record, tombstones of withdrawn ones included."""

    def find(self, identity: Identity) -> Any:
        return self._connection.execute(_FIND, _names(identity)).one_or_none()

    def key_ref(self, key: Iterable[str]) -> str:
        return self._keys.ref("key", *key)

    def key_is_taken(self, identity: Identity, key_ref: str) -> bool:
        """True if another record of this provider and item has the same key and is not withdrawn."""
        found = self._connection.execute(_SAME_KEY, {**_names(identity), "key_ref": key_ref})
        return found.one_or_none() is not None

    def put(self, identity: Identity, columns: Document, record: Document, row_id: int | None) -> None:
        """Store a record; in place of the row it had before, if there was one."""
        names = _names(identity)
        place = f"{names['item_code']} {names['record_id']}"
        values = {**names, **columns, "sealed": self._keys.seal(record, place)}
        if row_id is None:
            inserted = self._connection.execute(_INSERT, values).inserted_primary_key
            row_id = None if inserted is None else inserted[0]
        else:
            self._connection.execute(update(RECORDS).where(RECORDS.c.row_id == row_id).values(**values))
            self._connection.execute(delete(RECORD_SUBJECTS).where(RECORD_SUBJECTS.c.row_id == row_id))
        refs = {self._keys.ref("subject", i["scheme"], i["value"]) for i in record["subject"]["ids"]}
        item_code = names["item_code"]
        rows = [{"subject_ref": ref, "item_code": item_code, "row_id": row_id} for ref in sorted(refs)]
        self._connection.execute(_INSERT_SUBJECT, rows)

    def of(self, item_code: str, ids: Iterable[tuple[str, str]], today: str) -> list[tuple[Any, str]]:
        """Records of an item in force today, about any of these identifiers; each with `collected_at`."""
        refs = [self._keys.ref("subject", *identifier) for identifier in ids]
        rows = self._connection.execute(_OF_SUBJECT, {"refs": refs, "item_code": item_code, "today": today})
        return [
            (self._keys.open_sealed(row.sealed, f"{item_code} {row.record_id}"), row.collected_at)
            for row in rows
        ]

    def freshness(self) -> dict[str, Freshness]:
        """Freshness of each item with records, by code."""
        c = RECORDS.c
        rows = self._connection.execute(
            select(
                c.item_code,
                c.source_channel,
                func.count(),
                func.max(c.collected_at),
                func.max(c.as_of),
                func.count().filter(c.timeliness == "on_time"),
                func.count().filter(c.timeliness == "late"),
            )
            .where(c.withdrawn.is_(False), c.in_force.is_(True))
            .group_by(c.item_code, c.source_channel)
            .order_by(c.item_code, c.source_channel)
        )
        freshness: dict[str, Freshness] = {}
        for code, channel, count, last, as_of, on_time, late in rows:
            earlier = freshness.get(code, Freshness())
            freshness[code] = Freshness(
                earlier.records + count,
                max(last, earlier.last_collected_at or last),
                (*earlier.channels, channel),
                max(as_of, earlier.latest_as_of or as_of),
                earlier.on_time + on_time,
                earlier.late + late,
            )
        return freshness


# Statements of the hot path are built once: building one costs more than running it.
_OWN = (RECORDS.c.client_id, RECORDS.c.provider, RECORDS.c.item_code)
_DELIVERED = [column == bindparam(column.name) for column in _OWN]
_FIND = select(RECORDS.c.row_id, RECORDS.c.record_version, RECORDS.c.digest, RECORDS.c.withdrawn).where(
    *_DELIVERED, RECORDS.c.record_id == bindparam("record_id")
)
_SAME_KEY = (
    select(RECORDS.c.row_id)
    .where(*_DELIVERED, RECORDS.c.key_ref == bindparam("key_ref"))
    .where(RECORDS.c.record_id != bindparam("record_id"), RECORDS.c.withdrawn.is_(False))
    .limit(1)
)
_OF_SUBJECT = (
    select(RECORDS.c.row_id, RECORDS.c.record_id, RECORDS.c.collected_at, RECORDS.c.sealed)
    .distinct()
    .join_from(RECORD_SUBJECTS, RECORDS, RECORD_SUBJECTS.c.row_id == RECORDS.c.row_id)
    .where(RECORD_SUBJECTS.c.subject_ref.in_(bindparam("refs", expanding=True)))
    .where(RECORD_SUBJECTS.c.item_code == bindparam("item_code"), RECORDS.c.withdrawn.is_(False))
    .where(RECORDS.c.in_force.is_(True))
    .where(or_(RECORDS.c.served_until.is_(None), RECORDS.c.served_until >= bindparam("today")))
    .order_by(RECORDS.c.row_id)
)
_INSERT = insert(RECORDS)
_INSERT_SUBJECT = insert(RECORD_SUBJECTS)


def _names(identity: Identity) -> dict[str, str]:
    return dict(zip(("client_id", "provider", "item_code", "record_id"), identity, strict=True))
