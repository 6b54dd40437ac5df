"""Keys on disk, to find duplicate and missing keys in bounded memory."""

import shutil
import tempfile
from abc import ABC, abstractmethod
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import Any, BinaryIO, Self

import polars as pl
import pyarrow as pa

from conformance.data.keys.partitions import absent_places, repeated_places, spread, with_hashes

PARTITIONS = 128
"""Number of partition files; one at a time must fit into memory."""
_BUFFERED = 1 << 18
"""Rows buffered in memory before they are written."""


class OnDisk(ABC):
    """A temporary folder that is removed on exit."""

    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="fcsp-keys-"))

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            self.close()  # flushes buffers, which fails on a full disk
        finally:
            shutil.rmtree(self.folder, ignore_errors=True)

    @abstractmethod
    def close(self) -> None:
        """Close all files open for writing."""


class KeySpill(OnDisk):
    """Keys with their places, partitioned so that equal keys are in the same file."""

    def __init__(self, columns: tuple[str, ...]) -> None:
        super().__init__()
        self.columns = columns
        self._waiting: list[pl.DataFrame] = []
        self._rows = 0
        self._writers: dict[int, tuple[BinaryIO, Any]] = {}

    def add(self, keys: pl.DataFrame) -> None:
        """Add keys: a frame of the key columns with `source` and `line`."""
        self._waiting.append(keys)
        self._rows += keys.height
        if self._rows >= _BUFFERED:
            self._spread()

    def repeated(self) -> Iterator[pl.DataFrame]:
        """Yield the places of keys that also occur at an earlier place, as frames of `source` and `line`."""
        self.settle()
        for number in range(PARTITIONS):
            keys = self.read(number)
            if keys is not None:
                yield repeated_places(keys, self.columns)

    def absent_from(self, reference: "KeySpill") -> Iterator[pl.DataFrame]:
        """Yield the places of keys that `reference` does not have."""
        for spill in (self, reference):
            spill.settle()
        for number in range(PARTITIONS):
            keys = self.read(number)
            if keys is not None:
                yield absent_places(keys, self.columns, reference.read(number), reference.columns)

    def settle(self) -> None:
        """Write all buffered keys to the files and close them."""
        self._spread()
        self.close()

    def _spread(self) -> None:
        if not self._waiting:
            return
        keys = pl.concat(self._waiting)
        self._waiting, self._rows = [], 0
        for number, table in spread(with_hashes(keys), PARTITIONS):
            self._write(number, table)

    def _write(self, number: int, table: Any) -> None:
        if number not in self._writers:
            file = (self.folder / str(number)).open("wb")
            self._writers[number] = file, pa.ipc.new_stream(file, table.schema)
        self._writers[number][1].write_table(table)

    def read(self, number: int) -> pl.DataFrame | None:
        """Keys of one partition; None if it is empty."""
        path = self.folder / str(number)
        if not path.exists():
            return None
        with path.open("rb") as file:
            frame = pl.from_arrow(pa.ipc.open_stream(file).read_all())
        return frame if isinstance(frame, pl.DataFrame) else None

    def close(self) -> None:
        """Close all files open for writing."""
        for file, writer in self._writers.values():
            writer.close()
            file.close()
        self._writers = {}
