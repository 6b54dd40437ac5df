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
    """Type of the values in a column; an absent member is null, and a column never holds a JSON null."""

    TEXT = "text"
    INTEGER = "integer"
    BOOLEAN = "boolean"


Shape = Mapping[str, Type]
"""Requested columns with their types, by name."""


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A row that is not a JSON object: malformed, or longer than the reader accepts."""

    reason: str
    """A key of `bulk.line_*` in the message registry."""


@dataclass(frozen=True, slots=True)
class Columns:
    """The rows of a batch as a frame of String, Int64 and Boolean columns, one per name of the shape."""

    frame: "pl.DataFrame"
    faithful: "NDArray[np.bool_]"
    """Mask of rows that the columns represent exactly: these members and no others, each of its type.
    Columns are undefined for all other rows; read these with `Batch.values`."""


class Batch(Protocol):
    """Consecutive rows of one file, as JSON objects and as typed columns; rows count from 0.

    for batch in read(path):
        columns = batch.columns({"record_id": Type.TEXT})
        slow = batch.values(np.flatnonzero(~columns.faithful))
    """

    @property
    def source(self) -> int:
        """Number of the file within the delivery, from 0."""

    @property
    def first(self) -> int:
        """Number of the first row within the file, from 0."""

    def __len__(self) -> int: ...

    def line(self, row: int) -> int:
        """Line (text file) or row (table) of the file on which a row begins, from 1."""

    def lines(self) -> "NDArray[np.int64]":
        """Line numbers of all rows, from 1; shape `(len(self),)`."""

    def raw(self, row: int) -> bytes:
        """Bytes of a row in the file, line end included; NDJSON where the format is binary."""

    def value(self, row: int) -> dict[str, Any] | Unreadable:
        """A row as the JSON object that the rules apply to, or the reason it is unreadable."""

    def values(self, rows: "NDArray[np.int64]") -> Iterable[dict[str, Any] | Unreadable]:
        """The selected rows, in the order given; faster than repeated calls of `value`."""

    def columns(self, shape: Shape) -> Columns:
        """All rows as typed columns, in the order of the shape."""
