"""A batch of rows of a table, whatever file they come from."""

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
    """Where the rows of a batch are in their file."""

    def line(self, row: int) -> int: ...

    def lines(self, rows: int) -> NDArray[np.int64]:
        """The same of so many rows."""

    def raw(self, row: int) -> bytes | None:
        """The bytes of a row; None where the file has none that could be copied."""


@dataclass(frozen=True, slots=True)
class Numbered:
    """Rows of a file that is no text: each is a line of its own, known by its number."""

    first: int

    def line(self, row: int) -> int:
        return self.first + row + 1

    def lines(self, rows: int) -> NDArray[np.int64]:
        return np.arange(self.first + 1, self.first + 1 + rows)

    def raw(self, _row: int) -> bytes | None:
        return None


@dataclass(frozen=True, slots=True)
class TableBatch:
    """Consecutive rows as columns, see `Batch`."""

    source: int
    first: int
    size: int
    members: tuple[Column, ...]
    places: Places
    unreadable: Mapping[int, str] = field(default_factory=dict)
    """Reasons by row. What the columns hold there is of no meaning."""

    def __len__(self) -> int:
        return self.size

    def line(self, row: int) -> int:
        return self.places.line(row)

    def lines(self) -> NDArray[np.int64]:
        return self.places.lines(self.size)

    def raw(self, row: int) -> bytes:
        found = self.places.raw(row)
        if found is not None:
            return found
        return orjson.dumps(self._members(row)) + b"\n"

    def value(self, row: int) -> dict[str, Any] | Unreadable:
        if row in self.unreadable:
            return Unreadable(self.unreadable[row])
        return self._members(row)

    def values(self, rows: NDArray[np.int64]) -> Iterator[dict[str, Any] | Unreadable]:
        names = [column.name for column in self.members]
        cells = zip(*(column.jsons(rows) for column in self.members), strict=True) if names else repeat(())
        for row, members in zip(rows.tolist(), cells, strict=False):
            if row in self.unreadable:
                yield Unreadable(self.unreadable[row])
            else:
                yield {n: value for n, value in zip(names, members, strict=True) if value is not None}

    def columns(self, shape: Shape) -> Columns:
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
    """All columns of a shape in its order; those that the file lacks are empty."""
    every = ((name, held.get(name)) for name in shape)
    made = [(nulls(rows, shape[name]) if s is None else s).alias(name) for name, s in every]
    return pl.DataFrame(made)
