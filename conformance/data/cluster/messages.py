"""The table that executors produce: few large rows of several kinds.

Spark takes some microseconds for a row, whatever its size, so that one row carries thousands of keys.
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
    """The kind of a row: keys for the shuffle, then the kinds that the driver reads, in this order."""

    KEY = 1
    NAMING = 2
    PART = 3
    REPEATED = 4
    DANGLING = 5


COMPARED = (MessageKind.KEY, MessageKind.NAMING)


def rows(kind: MessageKind, name: str, data: Iterable[tuple[int, bytes]]) -> pa.RecordBatch:
    """Rows of one kind from pairs of a number (of the work unit, or of the bucket of keys) and octets."""
    records = [{"kind": int(kind), "number": number, "name": name, "data": octets} for number, octets in data]
    return pa.RecordBatch.from_pylist(records, schema=_SCHEMA)


def pack_keys(table: pa.Table) -> bytes:
    """Keys as octets: an Arrow IPC stream, compressed with LZ4."""
    out = pa.BufferOutputStream()
    with pa.ipc.new_stream(out, table.schema, options=_PACKING) as stream:
        stream.write_table(table)
    octets: bytes = out.getvalue().to_pybytes()
    return octets


def unpack_keys(data: Iterable[bytes]) -> pl.DataFrame:
    """The keys that `pack_keys` packed, concatenated."""
    tables = [pa.ipc.open_stream(octets).read_all() for octets in data]
    frame = pl.from_arrow(pa.concat_tables(tables))
    assert isinstance(frame, pl.DataFrame)  # noqa: S101  # a table never becomes a series
    return frame


def pack_places(frame: pl.DataFrame) -> bytes:
    """Places of rows as octets, twelve for each."""
    records = np.empty(frame.height, _PLACES)
    for name in PLACE:
        records[name] = frame[name].to_numpy()
    return records.tobytes()


def unpack_places(data: bytes) -> pl.DataFrame:
    """The places that `pack_places` packed."""
    records = np.frombuffer(data, _PLACES)
    return pl.DataFrame({name: np.ascontiguousarray(records[name]) for name in PLACE})
