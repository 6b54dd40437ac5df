"""The engine `spark`: a check of which the parts are judged by executors.

What they find stays on their disks, so that each row of a file is looked at once.
"""

import pickle
from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING, Any

from conformance.data.check.delivery import DeliveryCheck
from conformance.data.check.file import Examiner
from conformance.data.cluster.compare_keys import meeting
from conformance.data.cluster.executor import Said, on_executor
from conformance.data.cluster.messages import COLUMNS, MessageKind, placed
from conformance.data.cluster.partition_count import buckets
from conformance.data.cluster.progress import Counts, waited
from conformance.data.cluster.session import SparkError, first_line
from conformance.data.cluster.work_units import Job, WorkUnit, is_counted, links, parts
from conformance.data.files import Delivery, Progress, ReadErrors
from conformance.data.files.splits import SPLIT_BYTES
from conformance.data.keys.partitions import Hashes, hashes, trial

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession


class ClusterCheck(DeliveryCheck):
    """A check of a delivery that a cluster reaches by the same paths; its result is that of one machine."""

    def __init__(  # noqa: PLR0913
        self,
        spark: "SparkSession",
        examiner: Examiner,
        delivery: Delivery,
        *,
        samples: int,
        started: datetime,
        standard: str | None = None,
        size: int = SPLIT_BYTES,
        hashed: Hashes = hashes,
    ) -> None:
        """`standard`: its folder as executors reach it; `size`: octets of a part; `hashed`: where keys go."""
        super().__init__(examiner, delivery, samples=samples, started=started)
        self._spark, self._standard, self._size = spark, standard, size
        self._hashed = hashed

    def run(self, progress: Progress) -> Iterator[int]:
        """Counts lines, then waits for the executors. Raises SparkError where they fail."""
        every = []
        for part in self._parts(progress):
            every.append(part)
            yield 0
        if every:
            try:
                yield from self._judge(tuple(every), progress)
            except SparkError:
                raise
            except Exception as error:
                raise SparkError("failed", error=first_line(error)) from error
        self.result.complete = True

    @property
    def octets(self) -> int:
        return super().octets + sum(file.size for file in self.result.delivery.files if is_counted(file))

    def _parts(self, progress: Progress) -> Iterator[WorkUnit]:
        for file in self.result.delivery.files:
            try:
                self.begin(file)
                yield from parts(file, self._size, progress)
            except ReadErrors as error:
                self.result.problems += error.problems

    def _judge(self, every: tuple[WorkUnit, ...], progress: Progress) -> Iterator[int]:
        from pyspark import StorageLevel

        job, context = self._job(), self._spark.sparkContext
        counts = Counts(context)
        table = _found(self._spark, job, every, counts).persist(StorageLevel.DISK_ONLY)
        yield from waited(context, counts, table.count, progress)
        for row in table.orderBy("kind", "number").toLocalIterator():
            yield from self._read(job, row)
        table.unpersist()

    def _job(self) -> Job:
        standard, kinds = self.examiner.standard, self.result.kinds
        return Job(
            standard=self._standard,
            day=standard.as_of,
            division=standard.division,
            options=self.examiner.options,
            kinds=tuple(kinds.items()),
            samples=self.samples,
            links=links(standard, kinds.values()),
            buckets=buckets(self.result.delivery.files, self._size),
            hashes=self._hashed,
            trial=trial(self._hashed),
        )

    def _read(self, job: Job, row: Any) -> Iterator[int]:
        match row["kind"]:
            case MessageKind.PART:
                yield from self._said(pickle.loads(row["data"]))  # noqa: S301  # by this program elsewhere
            case MessageKind.REPEATED:
                self.add_repeated(row["name"], placed(row["data"]))
                yield 0
            case MessageKind.DANGLING:
                link = job.links[int(row["name"])]
                if link.reference.item in self.result.tallies:
                    self.tally(link.item).add_dangling(link.reference, placed(row["data"]))
                yield 0

    def _said(self, said: Said) -> Iterator[int]:
        """What was counted in one part; its rows are told by now."""
        self.result.problems += said.problems
        for code, tally in said.tallies.items():
            self.tally(code).merge(tally)
            yield 0


def _found(spark: "SparkSession", job: Job, every: tuple[WorkUnit, ...], counts: Counts) -> "DataFrame":
    """What parts say, and what their keys are to each other once they have met in one shuffle."""
    from pyspark.sql import functions as f

    numbers = spark.range(0, len(every), 1, len(every))
    said = numbers.mapInArrow(on_executor(job, every, counts), COLUMNS)
    met = said.repartitionById(job.buckets, f.pmod("number", f.lit(job.buckets)).cast("int"))
    return met.mapInArrow(meeting(job), COLUMNS)
