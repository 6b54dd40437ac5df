"""Authorizations: sealed documents, found by id, subject, recipient or evidence."""

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import Connection, insert, select, update

from reference_impl.store.keys import Vault
from reference_impl.store.tables import AUTHORIZATION_SUBJECTS as SUBJECTS
from reference_impl.store.tables import AUTHORIZATIONS as TABLE

Document = Mapping[str, Any]
Identifiers = Iterable[tuple[str, str]]


class Authorizations:
    """The authorizations of one transaction."""

    def __init__(self, connection: Connection, vault: Vault) -> None:
        self._connection = connection
        self._vault = vault

    def get(self, authorization_id: str) -> Any:
        row = self._connection.execute(
            select(TABLE.c.sealed).where(TABLE.c.authorization_id == authorization_id)
        ).one_or_none()
        return None if row is None else self._vault.open_sealed(row.sealed, authorization_id)

    def add(self, document: Document) -> None:
        name = document["authorization_id"]
        self._connection.execute(
            insert(TABLE).values(
                authorization_id=name,
                recipient=document["recipient"],
                evidence_ref=self._evidence_ref(document),
                sealed=self._vault.seal(document, name),
            )
        )
        ids = {(i["scheme"], i["value"]) for i in document["subject"]["ids"]}
        rows = [{"subject_ref": ref, "authorization_id": name} for ref in self._subject_refs(ids)]
        self._connection.execute(insert(SUBJECTS), rows)

    def put(self, document: Document) -> None:
        """Replace the document; what it is found by never changes."""
        name = document["authorization_id"]
        sealed = self._vault.seal(document, name)
        self._connection.execute(update(TABLE).where(TABLE.c.authorization_id == name).values(sealed=sealed))

    def of_subject(self, ids: Identifiers, after: int = 0, limit: int | None = None) -> list[tuple[int, Any]]:
        """Position and document of those of a subject, in the order of their recording."""
        of_subject = select(SUBJECTS.c.authorization_id).where(
            SUBJECTS.c.subject_ref.in_(self._subject_refs(ids))
        )
        return self._select(TABLE.c.authorization_id.in_(of_subject), after, limit)

    def to_recipient(self, recipient: str) -> list[Any]:
        return [document for _, document in self._select(TABLE.c.recipient == recipient)]

    def on_evidence(self, document: Document) -> list[Any]:
        """Those recorded on the same evidence."""
        same = TABLE.c.evidence_ref == self._evidence_ref(document)
        return [document for _, document in self._select(same)]

    def _select(self, where: Any, after: int = 0, limit: int | None = None) -> list[tuple[int, Any]]:
        rows = self._connection.execute(
            select(TABLE.c.position, TABLE.c.authorization_id, TABLE.c.sealed)
            .where(where, TABLE.c.position > after)
            .order_by(TABLE.c.position)
            .limit(limit)
        )
        return [(row.position, self._vault.open_sealed(row.sealed, row.authorization_id)) for row in rows]

    def _evidence_ref(self, document: Document) -> str:
        evidence = document["evidence"]
        return self._vault.ref("evidence", evidence["digest_algorithm"], evidence["digest"].lower())

    def _subject_refs(self, ids: Identifiers) -> list[str]:
        return sorted({self._vault.ref("authorization", scheme, value) for scheme, value in ids})
