"""Duplicate keys in any number of rows: hashes select candidates, keys decide."""

from collections.abc import Iterator
from typing import Any, BinaryIO

import numpy as np
import polars as pl
import pyarrow as pa
from numpy.typing import NDArray

from conformance.data.keys.bitmap import Marks
from conformance.data.keys.partitions import hashes
from conformance.data.keys.spill import KeySpill, OnDisk

PARTITIONS = 128
"""Number of hash files; one at a time must fit into memory, at 16 octets per row."""
_BUFFERED = 1 << 18
_HASH = np.dtype([("hash", "<u8"), ("row", "<i8")])


class Repeats(OnDisk):
    """Keys with their places, on disk in order of arrival."""

    def __init__(self, columns: tuple[str, ...]) -> None:
        super().__init__()
        self.columns = columns
        self._rows = 0
        self._keys: tuple[BinaryIO, Any] | None = None
        self._files: dict[int, BinaryIO] = {}
        self._waiting: list[NDArray[np.uint64]] = []

    def add(self, keys: pl.DataFrame) -> None:
        """Add keys: a frame of the key columns with `source` and `line`."""
        if not keys.height:
            return
        table = keys.to_arrow(compat_level=pl.CompatLevel.oldest())
        if self._keys is None:
            file = (self.folder / "keys").open("wb")
            self._keys = file, pa.ipc.new_stream(file, table.schema)
        self._keys[1].write_table(table)
        self._waiting.append(hashes(keys.select(self.columns)).to_numpy())
        if sum(map(len, self._waiting)) >= _BUFFERED:
            self._spread()

    def repeated(self) -> Iterator[pl.DataFrame]:
        """Yield the places of keys that also occur at an earlier place, as frames of `source` and `line`."""
        self._spread()
        self.close()
        alike = Marks()
        if sum(alike.add(rows).size for rows in self._equal_hash_rows()):
            with KeySpill(self.columns) as exact:
                for keys in self._read_keys(alike):
                    exact.add(keys)
                yield from exact.repeated()

    def _spread(self) -> None:
        """Write pending hashes to the files of their partitions."""
        if not self._waiting:
            return
        entries = np.empty(sum(map(len, self._waiting)), _HASH)
        entries["hash"] = np.concatenate(self._waiting)
        entries["row"] = np.arange(self._rows, self._rows + len(entries))
        self._rows, self._waiting = self._rows + len(entries), []
        partitions = (entries["hash"] % PARTITIONS).astype(np.uint8)
        entries = entries[np.argsort(partitions, kind="stable")]
        ends = np.cumsum(np.bincount(partitions, minlength=PARTITIONS))
        for number, (start, end) in enumerate(zip((0, *ends[:-1]), ends, strict=True)):
            if end > start:
                self._file(number).write(entries[start:end].tobytes())

    def _file(self, number: int) -> BinaryIO:
        if number not in self._files:
            self._files[number] = (self.folder / str(number)).open("wb")
        return self._files[number]

    def _equal_hash_rows(self) -> Iterator[NDArray[np.int64]]:
        """Yield the numbers of rows that share their hash with another row, per partition."""
        for number in range(PARTITIONS):
            path = self.folder / str(number)
            entries = np.fromfile(path, _HASH) if path.exists() else np.empty(0, _HASH)
            entries = entries[np.argsort(entries["hash"])]
            equals_next = entries["hash"][1:] == entries["hash"][:-1]
            yield (
                entries["row"][np.append(equals_next, [False]) | np.append([False], equals_next)]
                if len(entries)
                else entries["row"]
            )

    def _read_keys(self, alike: Marks) -> Iterator[pl.DataFrame]:
        """Yield the keys of marked rows."""
        row = 0
        with (self.folder / "keys").open("rb") as file:
            for batch in pa.ipc.open_stream(file):
                keys = pl.DataFrame(batch)
                is_marked = alike.has(np.arange(row, row + keys.height))
                row += keys.height
                if is_marked.any():
                    yield _copy(keys.filter(pl.Series(is_marked)))

    def close(self) -> None:
        """Close all files open for writing."""
        if self._keys is not None:
            self._keys[1].close()
            self._keys[0].close()
        for file in self._files.values():
            file.close()
        self._keys, self._files = None, {}


def _copy(keys: pl.DataFrame) -> pl.DataFrame:
    """A deep copy: filtered text columns would keep the memory of all rows alive."""
    copied = pl.from_arrow(keys.to_arrow(compat_level=pl.CompatLevel.oldest()))
    assert isinstance(copied, pl.DataFrame)  # noqa: S101  # what a table becomes
    return copied
