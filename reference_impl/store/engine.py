"""The database connection: one transaction per request; what was acknowledged survives the process.

With SQLite a commit is in the write-ahead log before it is acknowledged, so `kill -9` loses nothing. The log
is not forced to the disk at each commit: a power failure may take the last ones.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock
from typing import Any

from sqlalchemy import Connection, MetaData, create_engine, event

from reference_impl.discovery import modules
from reference_impl.store.metadata import METADATA

PRAGMAS = (
    "journal_mode=WAL",
    "synchronous=NORMAL",
    "foreign_keys=ON",
    "busy_timeout=5000",
    "temp_store=MEMORY",
)


class Database:
    """A database by URL, with all tables created where they are missing."""

    def __init__(self, url: str) -> None:
        self._engine = create_engine(url)
        self._writer = Lock()
        if self._engine.dialect.name == "sqlite":
            event.listen(self._engine, "connect", _configure)
            event.listen(self._engine, "begin", _begin)
        with self._engine.begin() as connection:
            _all_metadata().create_all(connection)

    @contextmanager
    def transaction(self, *, write: bool) -> Iterator[Connection]:
        """Commit at the end, roll back on any exception. Writers queue here instead of failing as busy."""
        if not write:
            with self._engine.connect() as connection, connection.begin():
                yield connection
            return
        with (
            self._writer,
            self._engine.connect().execution_options(fcsp_write=True) as connection,
            connection.begin(),
        ):
            yield connection

    def close(self) -> None:
        self._engine.dispose()


def _configure(connection: Any, _record: object) -> None:
    # The driver must not open transactions by itself: the begin listener says which kind is meant.
    connection.isolation_level = None
    for pragma in PRAGMAS:
        connection.execute(f"PRAGMA {pragma}")


def _begin(connection: Connection) -> None:
    write = connection.get_execution_options().get("fcsp_write", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if write else "BEGIN")


def _all_metadata() -> MetaData:
    """The tables of every repository in this package; importing a module declares its tables."""
    list(modules("reference_impl.store"))
    return METADATA
