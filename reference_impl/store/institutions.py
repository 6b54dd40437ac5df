"""Admitted institutions, by their id."""

from typing import Any

import orjson
from sqlalchemy import Column, LargeBinary, String, Table, bindparam, delete, select

from reference_impl.store.metadata import METADATA
from reference_impl.store.repository import Document, Repository

INSTITUTIONS = Table(
    "institutions",
    METADATA,
    Column("institution_id", String, primary_key=True),
    Column("document", LargeBinary, nullable=False),
)


_SAME = INSTITUTIONS.c.institution_id == bindparam("institution_id")
_DOCUMENT = select(INSTITUTIONS.c.document).where(_SAME)
_DELETION = delete(INSTITUTIONS).where(_SAME)


class Institutions(Repository):
    """Admitted institutions."""

    def get(self, institution_id: str) -> Any:
        found = self._scalar(_DOCUMENT, institution_id=institution_id)
        return None if found is None else orjson.loads(found)

    def put(self, document: Document) -> None:
        name = document["institution_id"]
        self._connection.execute(_DELETION, {"institution_id": name})
        self._put(INSTITUTIONS, institution_id=name, document=orjson.dumps(document))
