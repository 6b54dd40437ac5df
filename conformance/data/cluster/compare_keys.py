"""The comparison of keys after the shuffle: repeated and dangling ones among those of a bucket."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator

import pyarrow as pa

from conformance.data.cluster.messages import COMPARED, MessageKind, pack_places, rows, unpack_keys
from conformance.data.cluster.work_units import Job
from conformance.data.keys.partitions import absent_places, key_columns, repeated_places

Batches = Iterable[pa.RecordBatch]
KeysByKind = dict[tuple[int, int, str], list[bytes]]
"""Packed keys by kind, bucket and name."""
_MAX_COMPARED = 8 << 20
"""Octets of packed keys that are compared with their targets at a time."""


def compare_keys(job: Job) -> Callable[[Batches], Iterator[pa.RecordBatch]]:
    """A function of whole buckets for `mapInArrow`; rows that are not keys pass through it."""

    def run(batches: Batches) -> Iterator[pa.RecordBatch]:
        keys_by_kind: KeysByKind = defaultdict(list)
        for batch in batches:
            yield from _pass_through(batch, keys_by_kind)
        for kind, bucket, name in tuple(keys_by_kind):
            if kind == MessageKind.KEY:
                yield from _repeated(keys_by_kind.pop((kind, bucket, name)), bucket, name)
        for number, link in enumerate(job.links):
            for kind, bucket, name in tuple(keys_by_kind):
                if (kind, name) == (MessageKind.NAMING, link.naming):
                    targets = keys_by_kind.get((MessageKind.NAMING, bucket, link.target), [])
                    yield from _dangling(keys_by_kind[kind, bucket, name], targets, bucket, str(number))

    return run


def _pass_through(batch: pa.RecordBatch, keys_by_kind: KeysByKind) -> Iterator[pa.RecordBatch]:
    """Collect the keys of a batch; yields its other rows."""
    headers = zip(*(batch.column(name).to_pylist() for name in ("kind", "number", "name")), strict=True)
    for row, (kind, number, name) in enumerate(headers):
        if kind in COMPARED:
            keys_by_kind[kind, number, name].append(batch.column("data")[row].as_py())
        else:
            yield batch.slice(row, 1)


def _repeated(data: list[bytes], bucket: int, name: str) -> Iterator[pa.RecordBatch]:
    keys = unpack_keys(data)
    matches = repeated_places(keys, key_columns(keys))
    if matches.height:
        yield rows(MessageKind.REPEATED, name, [(bucket, pack_places(matches))])


def _dangling(naming: list[bytes], targets: list[bytes], bucket: int, name: str) -> Iterator[pa.RecordBatch]:
    target_keys = unpack_keys(targets) if targets else None
    target_columns = () if target_keys is None else key_columns(target_keys)
    for group in _groups(naming):
        keys = unpack_keys(group)
        matches = absent_places(keys, key_columns(keys), target_keys, target_columns)
        if matches.height:
            yield rows(MessageKind.DANGLING, name, [(bucket, pack_places(matches))])


def _groups(data: list[bytes]) -> Iterator[list[bytes]]:
    """Groups of packed keys: all rows of a delivery may name the same key, and be in one bucket."""
    group: list[bytes] = []
    for octets in data:
        group.append(octets)
        if sum(map(len, group)) >= _MAX_COMPARED:
            yield group
            group = []
    if group:
        yield group
