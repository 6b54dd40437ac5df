"""Small repositories: each speaks of one kind of thing, and all of one request share a transaction."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import orjson
from sqlalchemy import Connection, Table, bindparam, delete, func, insert, or_, select, update

from reference_impl.store import tables as t
from reference_impl.store.authorizations import Authorizations
from reference_impl.store.keys import Vault
from reference_impl.store.query_batches import QueryBatches

Document = Mapping[str, Any]
Identity = tuple[str, str, str, str]
"""(client, provider, item, record id)"""


@dataclass(frozen=True, slots=True)
class Freshness:
    """What is served of an item: how much, since when and of when, by which channels, how many in time."""

    records: int = 0
    last_collected_at: str | None = None
    channels: tuple[str, ...] = ()
    latest_as_of: str | None = None
    on_time: int = 0
    late: int = 0


class Store:
    """The repositories of one transaction."""

    def __init__(self, connection: Connection, vault: Vault) -> None:
        self.network = Network(connection)
        self.institutions = Institutions(connection)
        self.tokens = Tokens(connection, vault)
        self.idempotency = Idempotency(connection, vault)
        self.authorizations = Authorizations(connection, vault)
        self.batches = Batches(connection)
        self.query_batches = QueryBatches(connection, vault)
        self.records = Records(connection, vault)
        self.audit = Audit(connection)


class _Repository:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def _one(self, column: Any, *where: Any) -> Any:
        return self._connection.execute(select(column).where(*where)).scalar_one_or_none()

    def _put(self, table: Table, **values: Any) -> None:
        self._connection.execute(insert(table).values(**values))


class _SealedRepository(_Repository):
    def __init__(self, connection: Connection, vault: Vault) -> None:
        super().__init__(connection)
        self._vault = vault


class Network(_Repository):
    """Notices of the network, in the order of arrival."""

    def add(self, notice_id: str, kind: str, document: Document) -> None:
        last = self._connection.execute(select(func.max(t.NETWORK.c.position))).scalar() or 0
        self._put(
            t.NETWORK, notice_id=notice_id, position=last + 1, kind=kind, document=orjson.dumps(document)
        )

    def kinds(self, among: Iterable[str]) -> list[tuple[str, Any]]:
        """Kind and document of the notices of these kinds, oldest first."""
        rows = self._connection.execute(
            select(t.NETWORK.c.kind, t.NETWORK.c.document)
            .where(t.NETWORK.c.kind.in_(list(among)))
            .order_by(t.NETWORK.c.position)
        )
        return [(row.kind, orjson.loads(row.document)) for row in rows]


class Institutions(_Repository):
    """Admitted institutions."""

    def get(self, institution_id: str) -> Any:
        found = self._one(t.INSTITUTIONS.c.document, t.INSTITUTIONS.c.institution_id == institution_id)
        return None if found is None else orjson.loads(found)

    def put(self, document: Document) -> None:
        name = document["institution_id"]
        self._connection.execute(delete(t.INSTITUTIONS).where(t.INSTITUTIONS.c.institution_id == name))
        self._put(t.INSTITUTIONS, institution_id=name, document=orjson.dumps(document))


class Tokens(_SealedRepository):
    """Access tokens by their digest, and the assertions that were used for them."""

    def add(self, token: str, expires_at: int, content: Document, now: int) -> None:
        self._connection.execute(delete(t.TOKENS).where(t.TOKENS.c.expires_at <= now))
        ref = self._vault.ref("token", token)
        self._put(t.TOKENS, token_ref=ref, expires_at=expires_at, sealed=self._vault.seal(content, ref))

    def get(self, token: str, now: int) -> Any:
        ref = self._vault.ref("token", token)
        sealed = self._one(t.TOKENS.c.sealed, t.TOKENS.c.token_ref == ref, t.TOKENS.c.expires_at > now)
        return None if sealed is None else self._vault.open_sealed(sealed, ref)

    def use_assertion(self, issuer: str, jti: str, expires_at: int, now: int) -> bool:
        """Note an assertion as used; false when it was used before."""
        self._connection.execute(delete(t.ASSERTIONS).where(t.ASSERTIONS.c.expires_at <= now))
        same = (t.ASSERTIONS.c.issuer == issuer, t.ASSERTIONS.c.jti == jti)
        if self._one(t.ASSERTIONS.c.jti, *same) is not None:
            return False
        self._put(t.ASSERTIONS, issuer=issuer, jti=jti, expires_at=expires_at)
        return True


class Idempotency(_SealedRepository):
    """Replies to creating requests by their idempotency key."""

    def get(self, client_id: str, operation: str, key: str) -> tuple[str, Any] | None:
        c = t.IDEMPOTENCY.c
        row = self._connection.execute(
            select(c.body_digest, c.sealed).where(
                c.client_id == client_id, c.operation == operation, c.key == key
            )
        ).one_or_none()
        return row and (row.body_digest, self._vault.open_sealed(row.sealed, f"{operation} {key}"))

    def forget(self, now: int) -> None:
        """Forget the keys whose time is over; called before any is looked up."""
        self._connection.execute(delete(t.IDEMPOTENCY).where(t.IDEMPOTENCY.c.expires_at <= now))

    def drop(self, client_id: str, operation: str, key: str) -> None:
        """Forget one key."""
        c = t.IDEMPOTENCY.c
        own = (c.client_id == client_id, c.operation == operation, c.key == key)
        self._connection.execute(delete(t.IDEMPOTENCY).where(*own))

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
            t.IDEMPOTENCY,
            client_id=client_id,
            operation=operation,
            key=key,
            expires_at=expires_at,
            body_digest=body_digest,
            sealed=self._vault.seal(reply, f"{operation} {key}"),
        )


class Batches(_Repository):
    """Deliveries and the outcome of each of their records."""

    def add(self, client_id: str, document: Document, outcomes: Iterable[Document]) -> None:
        name = document["batch_id"]
        self._put(t.BATCHES, batch_id=name, client_id=client_id, document=orjson.dumps(document))
        rows = [{"batch_id": name, "index": o["index"], "document": orjson.dumps(o)} for o in outcomes]
        if rows:
            self._connection.execute(insert(t.OUTCOMES), rows)

    def get(self, batch_id: str) -> tuple[str, Any] | None:
        """Who delivered it, and what became of it."""
        c = t.BATCHES.c
        found = self._connection.execute(
            select(c.client_id, c.document).where(c.batch_id == batch_id)
        ).one_or_none()
        return found and (found.client_id, orjson.loads(found.document))

    def outcomes(self, batch_id: str, after: int, limit: int) -> list[Any]:
        c = t.OUTCOMES.c
        rows = self._connection.execute(
            select(c.document).where(c.batch_id == batch_id, c.index > after).order_by(c.index).limit(limit)
        )
        return [orjson.loads(row.document) for row in rows]


class Records(_SealedRepository):
    """The current version of each record, tombstones of withdrawn ones included."""

    def find(self, identity: Identity) -> Any:
        return self._connection.execute(_FIND, _names(identity)).one_or_none()

    def key_ref(self, key: Iterable[str]) -> str:
        return self._vault.ref("key", *key)

    def key_is_taken(self, identity: Identity, key_ref: str) -> bool:
        """Whether another record of this provider and item has the same key and is not withdrawn."""
        found = self._connection.execute(_SAME_KEY, {**_names(identity), "key_ref": key_ref})
        return found.one_or_none() is not None

    def put(self, identity: Identity, columns: Document, record: Document, row_id: int | None) -> None:
        """Store a record; in place of the row it had before, if there was one."""
        names = _names(identity)
        place = f"{names['item_code']} {names['record_id']}"
        values = {**names, **columns, "sealed": self._vault.seal(record, place)}
        if row_id is None:
            inserted = self._connection.execute(_INSERT, values).inserted_primary_key
            row_id = None if inserted is None else inserted[0]
        else:
            self._connection.execute(update(t.RECORDS).where(t.RECORDS.c.row_id == row_id).values(**values))
            self._connection.execute(delete(t.RECORD_SUBJECTS).where(t.RECORD_SUBJECTS.c.row_id == row_id))
        refs = {self._vault.ref("subject", i["scheme"], i["value"]) for i in record["subject"]["ids"]}
        item_code = names["item_code"]
        rows = [{"subject_ref": ref, "item_code": item_code, "row_id": row_id} for ref in sorted(refs)]
        self._connection.execute(_INSERT_SUBJECT, rows)

    def of(self, item_code: str, ids: Iterable[tuple[str, str]], today: str) -> list[tuple[Any, str]]:
        """Records of an item in force today, about any of these identifiers; each with `collected_at`."""
        refs = [self._vault.ref("subject", *identifier) for identifier in ids]
        r, s = t.RECORDS.c, t.RECORD_SUBJECTS.c
        rows = self._connection.execute(
            select(r.row_id, r.record_id, r.collected_at, r.sealed)
            .distinct()
            .join_from(t.RECORD_SUBJECTS, t.RECORDS, s.row_id == r.row_id)
            .where(s.subject_ref.in_(refs), s.item_code == item_code, r.withdrawn.is_(False))
            .where(r.in_force.is_(True), or_(r.served_until.is_(None), r.served_until >= today))
            .order_by(r.row_id)
        )
        return [
            (self._vault.open_sealed(row.sealed, f"{item_code} {row.record_id}"), row.collected_at)
            for row in rows
        ]

    def freshness(self) -> dict[str, Freshness]:
        """What is served of each item that has records."""
        c = t.RECORDS.c
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
        found: dict[str, Freshness] = {}
        for code, channel, count, last, as_of, on_time, late in rows:
            known = found.get(code, Freshness())
            found[code] = Freshness(
                known.records + count,
                max(last, known.last_collected_at or last),
                (*known.channels, channel),
                max(as_of, known.latest_as_of or as_of),
                known.on_time + on_time,
                known.late + late,
            )
        return found


class Audit(_Repository):
    """The chained log."""

    def head(self) -> tuple[int, str | None]:
        c = t.AUDIT.c
        row = self._connection.execute(select(c.seq, c.hash).order_by(c.seq.desc()).limit(1)).one_or_none()
        return (row.seq, row.hash) if row else (0, None)

    def add(self, event: Document) -> None:
        self._put(t.AUDIT, seq=event["seq"], hash=event["hash"], document=orjson.dumps(event))

    def page(self, after: int, limit: int) -> list[Any]:
        c = t.AUDIT.c
        rows = self._connection.execute(select(c.document).where(c.seq > after).order_by(c.seq).limit(limit))
        return [orjson.loads(row.document) for row in rows]


# Statements of the hot path are built once: building one costs more than running it.
_OWN = (t.RECORDS.c.client_id, t.RECORDS.c.provider, t.RECORDS.c.item_code)
_DELIVERED = [column == bindparam(column.name) for column in _OWN]
_FIND = select(
    t.RECORDS.c.row_id, t.RECORDS.c.record_version, t.RECORDS.c.digest, t.RECORDS.c.withdrawn
).where(*_DELIVERED, t.RECORDS.c.record_id == bindparam("record_id"))
_SAME_KEY = (
    select(t.RECORDS.c.row_id)
    .where(*_DELIVERED, t.RECORDS.c.key_ref == bindparam("key_ref"))
    .where(t.RECORDS.c.record_id != bindparam("record_id"), t.RECORDS.c.withdrawn.is_(False))
    .limit(1)
)
_INSERT = insert(t.RECORDS)
_INSERT_SUBJECT = insert(t.RECORD_SUBJECTS)


def _names(identity: Identity) -> dict[str, str]:
    return dict(zip(("client_id", "provider", "item_code", "record_id"), identity, strict=True))
