"""The keys of a work unit for the shuffle: collected, distributed over buckets, and packed."""

from collections import defaultdict
from collections.abc import Iterator

import polars as pl
import pyarrow as pa

from conformance.data.check.file import PartFindings
from conformance.data.cluster.messages import MessageKind, pack_keys, pack_places, rows
from conformance.data.cluster.work_units import Job, key_name
from conformance.data.keys.partitions import key_columns, repeated_places, spread, with_hashes

_MAX_PENDING = 1 << 18
"""Keys in memory before they are sent."""


class KeySender:
    """Collects the keys of a work unit and sends them in large rows."""

    def __init__(self, job: Job, part: int) -> None:
        self._job, self._part = job, part
        self._compared = {name for link in job.links for name in (link.naming, link.target)}
        self._pending: defaultdict[tuple[MessageKind, str], list[pl.DataFrame]] = defaultdict(list)
        self._rows = 0

    def add(self, findings: PartFindings) -> Iterator[pa.RecordBatch]:
        self._append(MessageKind.KEY, findings.item, findings.examined.keys)
        for names, frame in findings.examined.naming.items():
            if (name := key_name(findings.item, names)) in self._compared:
                self._append(MessageKind.NAMING, name, frame)
        if self._rows >= _MAX_PENDING:
            yield from self.flush()

    def _append(self, kind: MessageKind, name: str, keys: pl.DataFrame) -> None:
        if keys.height:
            self._pending[kind, name].append(keys)
            self._rows += keys.height

    def flush(self) -> Iterator[pa.RecordBatch]:
        """Rows with the pending keys, one of equal ones: a key of all rows would fill its bucket."""
        pending = dict(self._pending)
        self._pending.clear()
        self._rows = 0
        for (kind, name), frames in pending.items():
            keys = with_hashes(pl.concat(frames), self._job.hashes)
            repeated = repeated_places(keys, key_columns(keys)) if kind is MessageKind.KEY else keys.head(0)
            if repeated.height:
                yield rows(MessageKind.REPEATED, name, [(self._part, pack_places(repeated))])
                keys = keys.filter(~keys["line"].is_in(repeated["line"].implode()))  # a part is of one file
            by_bucket = spread(keys, self._job.buckets)
            yield rows(kind, name, ((bucket, pack_keys(table)) for bucket, table in by_bucket))
