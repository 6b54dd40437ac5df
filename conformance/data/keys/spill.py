"""Keys of any number of rows on disk, to find in bounded memory which occur again or nowhere else."""

import shutil
import tempfile
from abc import ABC, abstractmethod
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import Any, BinaryIO, Self

import polars as pl
import pyarrow as pa

from conformance.data.keys.partitions import absent, later, spread, with_hashes

PARTITIONS = 128
"""Files that keys are spread over; one of them has to fit into memory at a time."""
_BUFFERED = 1 << 18
"""Rows that wait in memory before they are spread."""


class OnDisk(ABC):
    """A folder of its own, which is gone at the end."""

    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="fcsp-keys-"))

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            self.close()  # writes what waits, for which there may be no room
        finally:
            shutil.rmtree(self.folder, ignore_errors=True)

    @abstractmethod
    def close(self) -> None:
        """Close every file that is open for writing."""


class KeySpill(OnDisk):
    """Keys with their places. Keys that are equal are in the same file, whatever their order of arrival."""

    def __init__(self, columns: tuple[str, ...]) -> None:
        super().__init__()
        self.columns = columns
        self._waiting: list[pl.DataFrame] = []
        self._rows = 0
        self._writers: dict[int, tuple[BinaryIO, Any]] = {}

    def add(self, keys: pl.DataFrame) -> None:
        """Keys in the columns, with `source` and `line` beside them."""
        self._waiting.append(keys)
        self._rows += keys.height
        if self._rows >= _BUFFERED:
            self._spread()

    def repeated(self) -> Iterator[pl.DataFrame]:
        """The places of keys that stand at an earlier place, too: frames of `source` and `line`."""
        self.settle()
        for number in range(PARTITIONS):
            keys = self.read(number)
            if keys is not None:
                yield later(keys, self.columns)

    def absent_from(self, reference: "KeySpill") -> Iterator[pl.DataFrame]:
        """The places of keys that the other has not."""
        for spill in (self, reference):
            spill.settle()
        for number in range(PARTITIONS):
            keys = self.read(number)
            if keys is not None:
                yield absent(keys, self.columns, reference.read(number), reference.columns)

    def settle(self) -> None:
        """Everything that was added is in the files from now on."""
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
        """The keys of one file; None where it has none."""
        path = self.folder / str(number)
        if not path.exists():
            return None
        with path.open("rb") as file:
            frame = pl.from_arrow(pa.ipc.open_stream(file).read_all())
        return frame if isinstance(frame, pl.DataFrame) else None

    def close(self) -> None:
        for file, writer in self._writers.values():
            writer.close()
            file.close()
        self._writers = {}
