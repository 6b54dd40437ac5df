"""Toys, by their identifier."""

from sqlalchemy import Column, String, Table, bindparam, select

from reference_impl.store.metadata import METADATA
from reference_impl.store.repository import Document, Repository

TOYS = Table(
    "toys",
    METADATA,
    Column("toy_id", String, primary_key=True),
    Column("name", String, nullable=False),
)
_NAME = select(TOYS.c.name).where(TOYS.c.toy_id == bindparam("toy_id"))


class Toys(Repository):
    """The toys of one transaction."""

    def add(self, toy: Document) -> None:
        """Keep a new toy."""
        self._put(TOYS, toy_id=toy["toy_id"], name=toy["name"])

    def get(self, toy_id: str) -> Document | None:
        """The toy of this identifier; None for an unknown one."""
        name = self._scalar(_NAME, toy_id=toy_id)
        return None if name is None else {"toy_id": toy_id, "name": name}
