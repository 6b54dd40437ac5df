"""Authorizations: sealed documents, found by id, subject, recipient or evidence."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import (
    Column,
    ForeignKey,
    Integer,
    LargeBinary,
    String,
    Table,
    bindparam,
    insert,
    select,
    update,
)

from reference_impl.store.metadata import METADATA
from reference_impl.store.repository import Document, Repository

Identifiers = Iterable[tuple[str, str]]

AUTHORIZATIONS = Table(
    "authorizations",
    METADATA,
    Column("position", Integer, primary_key=True),
    Column("authorization_id", String, nullable=False, unique=True),
    Column("recipient", String, nullable=False, index=True),
    Column("evidence_ref", String, nullable=False, index=True),
    Column("sealed", LargeBinary, nullable=False),
)

AUTHORIZATION_SUBJECTS = Table(
    "authorization_subjects",
    METADATA,
    Column("subject_ref", String, primary_key=True),
    Column("authorization_id", ForeignKey("authorizations.authorization_id"), primary_key=True),
)


_SEALED = select(AUTHORIZATIONS.c.sealed).where(
    AUTHORIZATIONS.c.authorization_id == bindparam("authorization_id")
)
_INSERT_SUBJECT = insert(AUTHORIZATION_SUBJECTS)


class Authorizations(Repository):
    """The authorizations of one transaction."""

    def get(self, authorization_id: str) -> Any:
        sealed = self._scalar(_SEALED, authorization_id=authorization_id)
        return None if sealed is None else self._keys.open_sealed(sealed, authorization_id)

    def add(self, document: Document) -> None:
        name = document["authorization_id"]
        self._put(
            AUTHORIZATIONS,
            authorization_id=name,
            recipient=document["recipient"],
            evidence_ref=self._evidence_ref(document),
            sealed=self._keys.seal(document, name),
        )
        ids = {(i["scheme"], i["value"]) for i in document["subject"]["ids"]}
        rows = [{"subject_ref": ref, "authorization_id": name} for ref in self._subject_refs(ids)]
        self._connection.execute(_INSERT_SUBJECT, rows)

    def put(self, document: Document) -> None:
        """Replace the document; what it is found by never changes."""
        name = document["authorization_id"]
        sealed = self._keys.seal(document, name)
        self._connection.execute(
            update(AUTHORIZATIONS).where(AUTHORIZATIONS.c.authorization_id == name).values(sealed=sealed)
        )

    def of_subject(self, ids: Identifiers, after: int = 0, limit: int | None = None) -> list[tuple[int, Any]]:
        """Position and document of those of a subject, in the order of their recording."""
        of_subject = select(AUTHORIZATION_SUBJECTS.c.authorization_id).where(
            AUTHORIZATION_SUBJECTS.c.subject_ref.in_(self._subject_refs(ids))
        )
        return self._select(AUTHORIZATIONS.c.authorization_id.in_(of_subject), after, limit)

    def to_recipient(self, recipient: str) -> list[Any]:
        return [document for _, document in self._select(AUTHORIZATIONS.c.recipient == recipient)]

    def on_evidence(self, document: Document) -> list[Any]:
        """Those recorded on the same evidence."""
        same = AUTHORIZATIONS.c.evidence_ref == self._evidence_ref(document)
        return [recorded for _, recorded in self._select(same)]

    def _select(self, where: Any, after: int = 0, limit: int | None = None) -> list[tuple[int, Any]]:
        rows = self._connection.execute(
            select(AUTHORIZATIONS.c.position, AUTHORIZATIONS.c.authorization_id, AUTHORIZATIONS.c.sealed)
            .where(where, AUTHORIZATIONS.c.position > after)
            .order_by(AUTHORIZATIONS.c.position)
            .limit(limit)
        )
        return [(row.position, self._keys.open_sealed(row.sealed, row.authorization_id)) for row in rows]

    def _evidence_ref(self, document: Document) -> str:
        evidence = document["evidence"]
        return self._keys.ref("evidence", evidence["digest_algorithm"], evidence["digest"].lower())

    def _subject_refs(self, ids: Identifiers) -> list[str]:
        return sorted({self._keys.ref("authorization", scheme, value) for scheme, value in ids})
