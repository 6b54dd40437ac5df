"""Where the keys of all parts meet: what those of one bucket are to each other."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator

import pyarrow as pa

from conformance.data.cluster.messages import COMPARED, MessageKind, places, rows, unpacked
from conformance.data.cluster.work_units import Job
from conformance.data.keys.partitions import absent, key_columns, later

Batches = Iterable[pa.RecordBatch]
Held = dict[tuple[int, int, str], list[bytes]]
"""Packed keys by kind, bucket and name."""
_AT_ONCE = 8 << 20
"""Octets of packed keys that are compared with what they name."""


def meeting(job: Job) -> Callable[[Batches], Iterator[pa.RecordBatch]]:
    """A function of whole buckets, as `mapInArrow` takes it; what is no key goes through it as it is."""

    def run(batches: Batches) -> Iterator[pa.RecordBatch]:
        held: Held = defaultdict(list)
        for batch in batches:
            yield from _kept(batch, held)
        for kind, bucket, name in tuple(held):
            if kind == MessageKind.KEY:
                yield from _repeated(held.pop((kind, bucket, name)), bucket, name)
        for number, link in enumerate(job.links):
            for kind, bucket, name in tuple(held):
                if (kind, name) == (MessageKind.NAMING, link.own):
                    theirs = held.get((MessageKind.NAMING, bucket, link.theirs), [])
                    yield from _dangling(held[kind, bucket, name], theirs, bucket, str(number))

    return run


def _kept(batch: pa.RecordBatch, held: Held) -> Iterator[pa.RecordBatch]:
    """Holds keys, and gives back the rest."""
    about = zip(*(batch.column(name).to_pylist() for name in ("kind", "number", "name")), strict=True)
    for row, (kind, number, name) in enumerate(about):
        if kind in COMPARED:
            held[kind, number, name].append(batch.column("data")[row].as_py())
        else:
            yield batch.slice(row, 1)


def _repeated(data: list[bytes], bucket: int, name: str) -> Iterator[pa.RecordBatch]:
    keys = unpacked(data)
    found = later(keys, key_columns(keys))
    if found.height:
        yield rows(MessageKind.REPEATED, name, [(bucket, places(found))])


def _dangling(own: list[bytes], theirs: list[bytes], bucket: int, name: str) -> Iterator[pa.RecordBatch]:
    known = unpacked(theirs) if theirs else None
    others = () if known is None else key_columns(known)
    for some in _some(own):
        keys = unpacked(some)
        found = absent(keys, key_columns(keys), known, others)
        if found.height:
            yield rows(MessageKind.DANGLING, name, [(bucket, places(found))])


def _some(data: list[bytes]) -> Iterator[list[bytes]]:
    """A few at a time: all rows of a delivery may name the same, and be in one bucket."""
    some: list[bytes] = []
    for each in data:
        some.append(each)
        if sum(map(len, some)) >= _AT_ONCE:
            yield some
            some = []
    if some:
        yield some
