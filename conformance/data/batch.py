"""A batch: consecutive rows of one file, available as JSON objects and as typed columns."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:  # slow to import, and absent where the extra `data` is not installed
    import numpy as np
    import polars as pl
    from numpy.typing import NDArray


class Type(StrEnum):
    """Type of the values of a column; an absent member is null, and a column never holds a JSON null."""

    TEXT = "text"
    INTEGER = "integer"
    BOOLEAN = "boolean"


Shape = Mapping[str, Type]
"""Requested columns with their types, by name."""


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A row that is not a JSON object: broken, or too large to look at."""

    reason: str
    """A key of `bulk.line_*` in the message registry."""


@dataclass(frozen=True, slots=True)
class Columns:
    """The rows of a batch as columns: String, Int64 or Boolean, one for each name of the shape."""

    frame: "pl.DataFrame"
    faithful: "NDArray[np.bool_]"
    """Rows of which the columns are the whole truth: they have these members and no other, each of its type.
    Of any other row the columns say nothing, and its value has to be looked at."""


class Batch(Protocol):
    """Consecutive rows of one file, as JSON objects and as typed columns; rows count from 0.

    for batch in read(path):
        columns = batch.columns({"record_id": Type.TEXT})
        slow = batch.values(np.flatnonzero(~columns.faithful))
    """

    @property
    def source(self) -> int:
        """Number of the file within the delivery."""

    @property
    def first(self) -> int:
        """Number of the first row within the file, from 0."""

    def __len__(self) -> int: ...

    def line(self, row: int) -> int:
        """Number of the line (text) or row (table) of the file on which a row begins, from 1."""

    def lines(self) -> "NDArray[np.int64]":
        """Line numbers of all rows, from 1."""

    def raw(self, row: int) -> bytes:
        """The bytes of a row in the file, its line end included; a row of a table as NDJSON."""

    def value(self, row: int) -> dict[str, Any] | Unreadable:
        """A row as the JSON object that the rules are about."""

    def values(self, rows: "NDArray[np.int64]") -> Iterable[dict[str, Any] | Unreadable]:
        """Some rows, in their order; quicker than one after the other."""

    def columns(self, shape: Shape) -> Columns:
        """The rows as columns."""
