"""Repositories over one transaction: what each is made of, and how one is reached by its type."""

from collections.abc import Mapping
from functools import cache
from typing import Any, TypeVar

from sqlalchemy import Connection, Insert, Select, Table, insert

from reference_impl.store.keys import KeyStore

Document = Mapping[str, Any]


class Repository:
    """Access to the tables of one kind of thing, within one transaction."""

    def __init__(self, connection: Connection, keys: KeyStore) -> None:
        self._connection = connection
        self._keys = keys

    def _scalar(self, statement: Select[Any], **parameters: Any) -> Any:
        """The only column of the only row that a query finds; None without a row."""
        return self._connection.execute(statement, parameters).scalar_one_or_none()

    def _put(self, table: Table, **values: Any) -> None:
        self._connection.execute(_insertion(table), values)


@cache
def _insertion(table: Table) -> Insert:
    """Statements are built once, at import or on first use: building one costs more than running it."""
    return insert(table)


R = TypeVar("R", bound=Repository)


class Store:
    """The repositories of one transaction: `store[Records]`."""

    def __init__(self, connection: Connection, keys: KeyStore) -> None:
        self._connection = connection
        self._keys = keys
        self._repositories: dict[type[Repository], Any] = {}

    def __getitem__(self, kind: type[R]) -> R:
        """The repository of this type, made on first use."""
        if kind not in self._repositories:
            self._repositories[kind] = kind(self._connection, self._keys)
        repository: R = self._repositories[kind]
        return repository
