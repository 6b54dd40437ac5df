"""Batch of table rows, for all table formats."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import repeat
from typing import Any, Protocol

import numpy as np
import orjson
import polars as pl
from numpy.typing import NDArray

from conformance.data.batch import Columns, Shape, Unreadable
from conformance.data.files.columns import Column, nulls


class Places(Protocol):
    """Positions of the rows of a batch in their file."""

    def line(self, row: int) -> int:
        """Line or row number of a row in the file, from 1."""

    def lines(self, rows: int) -> NDArray[np.int64]:
        """Line numbers of the first `rows` rows, from 1; shape `(rows,)`."""

    def raw(self, row: int) -> bytes | None:
        """Bytes of a row; None if the format has no text that could be copied."""


@dataclass(frozen=True, slots=True)
class Numbered:
    """Positions in a binary file: each row counts as one line."""

    first: int

    def line(self, row: int) -> int:
        """Row number, from 1."""
        return self.first + row + 1

    def lines(self, rows: int) -> NDArray[np.int64]:
        """Row numbers, from 1; shape `(rows,)`."""
        return np.arange(self.first + 1, self.first + 1 + rows)

    def raw(self, _row: int) -> bytes | None:
        """None: a binary file has no bytes of a row."""
        return None


@dataclass(frozen=True, slots=True)
class TableBatch:
    """Consecutive rows stored by column; implements `Batch`."""

    source: int
    first: int
    size: int
    members: tuple[Column, ...]
    places: Places
    unreadable: Mapping[int, str] = field(default_factory=dict)
    """Reason by unreadable row; its column values are undefined."""

    def __len__(self) -> int:
        return self.size

    def line(self, row: int) -> int:
        """Line or row number of a row in the file, from 1."""
        return self.places.line(row)

    def lines(self) -> NDArray[np.int64]:
        """Line numbers of all rows, from 1."""
        return self.places.lines(self.size)

    def raw(self, row: int) -> bytes:
        """Bytes of a row; NDJSON if the format is binary."""
        found = self.places.raw(row)
        if found is not None:
            return found
        return orjson.dumps(self._members(row)) + b"\n"

    def value(self, row: int) -> dict[str, Any] | Unreadable:
        """A row as a JSON object, or the reason it is unreadable."""
        if row in self.unreadable:
            return Unreadable(self.unreadable[row])
        return self._members(row)

    def values(self, rows: NDArray[np.int64]) -> Iterator[dict[str, Any] | Unreadable]:
        """Yield the selected rows, in the order given."""
        names = [column.name for column in self.members]
        cells = zip(*(column.jsons(rows) for column in self.members), strict=True) if names else repeat(())
        for row, members in zip(rows.tolist(), cells, strict=False):
            if row in self.unreadable:
                yield Unreadable(self.unreadable[row])
            else:
                yield {n: value for n, value in zip(names, members, strict=True) if value is not None}

    def columns(self, shape: Shape) -> Columns:
        """All rows as typed columns, in the order of the shape."""
        faithful = np.ones(self.size, np.bool_)
        faithful[list(self.unreadable)] = False
        series_by_name: dict[str, pl.Series] = {}
        for column in self.members:
            if column.name in shape:
                typed = column.typed(shape[column.name])
                series_by_name[column.name] = typed.series
                strange = typed.odd
            else:
                strange = column.present()
            if strange is not None:
                faithful &= ~strange
        return Columns(_frame(series_by_name, shape, self.size), faithful)

    def _members(self, row: int) -> dict[str, Any]:
        found = ((column.name, column.json(row)) for column in self.members)
        return {name: value for name, value in found if value is not None}


def _frame(held: Mapping[str, pl.Series], shape: Shape, rows: int) -> pl.DataFrame:
    """A frame with all columns of the shape, in order; columns absent from the file are null."""
    every = ((name, held.get(name)) for name in shape)
    made = [(nulls(rows, shape[name]) if s is None else s).alias(name) for name, s in every]
    return pl.DataFrame(made)
