"""The one table that executors make: few large rows, told apart by their kind.

Spark takes some microseconds for a row, whatever its size: thousands of keys travel in one.
"""

from collections.abc import Iterable
from enum import IntEnum

import numpy as np
import polars as pl
import pyarrow as pa

from conformance.data.keys.partitions import PLACE

COLUMNS = "kind int, number int, name string, data binary"
_SCHEMA = pa.schema(
    [("kind", pa.int32()), ("number", pa.int32()), ("name", pa.string()), ("data", pa.binary())]
)
_PACKING = pa.ipc.IpcWriteOptions(compression="lz4")
_PLACES = np.dtype([("source", "<u4"), ("line", "<i8")])


class MessageKind(IntEnum):
    """What a row has: keys on their way, and what the driver reads, in this order."""

    KEY = 1
    NAMING = 2
    PART = 3
    REPEATED = 4
    DANGLING = 5


COMPARED = (MessageKind.KEY, MessageKind.NAMING)


def rows(kind: MessageKind, name: str, data: Iterable[tuple[int, bytes]]) -> pa.RecordBatch:
    """Rows of one kind. The number is that of the part that says it, or of the bucket in which keys meet."""
    made = [{"kind": int(kind), "number": number, "name": name, "data": each} for number, each in data]
    return pa.RecordBatch.from_pylist(made, schema=_SCHEMA)


def packed(table: pa.Table) -> bytes:
    """Keys as octets."""
    out = pa.BufferOutputStream()
    with pa.ipc.new_stream(out, table.schema, options=_PACKING) as stream:
        stream.write_table(table)
    octets: bytes = out.getvalue().to_pybytes()
    return octets


def unpacked(data: Iterable[bytes]) -> pl.DataFrame:
    """The keys of one name, from all parts that have some."""
    tables = [pa.ipc.open_stream(each).read_all() for each in data]
    frame = pl.from_arrow(pa.concat_tables(tables))
    assert isinstance(frame, pl.DataFrame)  # noqa: S101  # what a table becomes
    return frame


def places(found: pl.DataFrame) -> bytes:
    """Places as octets, twelve for each."""
    made = np.empty(found.height, _PLACES)
    for name in PLACE:
        made[name] = found[name].to_numpy()
    return made.tobytes()


def placed(data: bytes) -> pl.DataFrame:
    """Places from octets."""
    made = np.frombuffer(data, _PLACES)
    return pl.DataFrame({name: np.ascontiguousarray(made[name]) for name in PLACE})
