"""The keys of a part on their way to where equal ones meet: gathered, spread over buckets, and packed."""

from collections import defaultdict
from collections.abc import Iterator

import polars as pl
import pyarrow as pa

from conformance.data.check.file import PartFindings
from conformance.data.cluster.messages import MessageKind, packed, places, rows
from conformance.data.cluster.work_units import Job, named
from conformance.data.keys.partitions import key_columns, later, spread, with_hashes

_WAITING = 1 << 18
"""Keys that wait in memory before they are sent."""


class Outgoing:
    """Sends keys when enough of them wait."""

    def __init__(self, job: Job, part: int) -> None:
        self._job, self._part = job, part
        self._compared = {name for link in job.links for name in (link.own, link.theirs)}
        self._waiting: defaultdict[tuple[MessageKind, str], list[pl.DataFrame]] = defaultdict(list)
        self._rows = 0

    def add(self, found: PartFindings) -> Iterator[pa.RecordBatch]:
        self._wait(MessageKind.KEY, found.item, found.examined.keys)
        for names, frame in found.examined.naming.items():
            if (name := named(found.item, names)) in self._compared:
                self._wait(MessageKind.NAMING, name, frame)
        if self._rows >= _WAITING:
            yield from self.rest()

    def _wait(self, kind: MessageKind, name: str, keys: pl.DataFrame) -> None:
        if keys.height:
            self._waiting[kind, name].append(keys)
            self._rows += keys.height

    def rest(self) -> Iterator[pa.RecordBatch]:
        """What waits still. A key goes out once, or one that all rows have would fill its bucket."""
        waiting = dict(self._waiting)
        self._waiting.clear()
        self._rows = 0
        for (kind, name), frames in waiting.items():
            keys = with_hashes(pl.concat(frames), self._job.hashes)
            again = later(keys, key_columns(keys)) if kind is MessageKind.KEY else keys.head(0)
            if again.height:
                yield rows(MessageKind.REPEATED, name, [(self._part, places(again))])
                keys = keys.filter(~keys["line"].is_in(again["line"].implode()))  # a part is of one file
            apart = spread(keys, self._job.buckets)
            yield rows(kind, name, ((bucket, packed(table)) for bucket, table in apart))
