"""The engine `spark`: a check whose work units are carried out by executors.

Their results are kept on their disks, so that each row of a file is examined once.
"""

import pickle
from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING, Any

from conformance.data.check.delivery import DeliveryCheck
from conformance.data.check.file import Examiner
from conformance.data.cluster.compare_keys import compare_keys
from conformance.data.cluster.executor import PartReport, executor_function
from conformance.data.cluster.messages import COLUMNS, MessageKind, unpack_places
from conformance.data.cluster.partition_count import bucket_count
from conformance.data.cluster.progress import ProgressCounts, wait_for
from conformance.data.cluster.session import SparkError, first_line
from conformance.data.cluster.work_units import Job, WorkUnit, links_of, needs_line_count, work_units
from conformance.data.files import Delivery, Progress, ReadErrors
from conformance.data.files.splits import SPLIT_BYTES
from conformance.data.keys.partitions import Hashes, hashes, trial

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession


class ClusterCheck(DeliveryCheck):
    """The check of a delivery that a cluster reaches by the same paths, with the result of one machine."""

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
        """`standard`: its folder as executors reach it; `size`: octets of a work unit; `hashed`: of keys."""
        super().__init__(examiner, delivery, samples=samples, started=started)
        self._spark, self._standard, self._size = spark, standard, size
        self._hashed = hashed

    def run(self, progress: Progress) -> Iterator[int]:
        """Count lines, then wait for the executors; yields numbers of rows. Raises SparkError."""
        units = []
        for unit in self._work_units(progress):
            units.append(unit)
            yield 0
        if units:
            try:
                yield from self._judge(tuple(units), progress)
            except SparkError:
                raise
            except Exception as error:
                raise SparkError("failed", error=first_line(error)) from error
        self.result.complete = True

    @property
    def octets(self) -> int:
        """Octets that the check reads; those of a file whose lines are counted first count twice."""
        return super().octets + sum(
            file.size for file in self.result.delivery.files if needs_line_count(file)
        )

    def _work_units(self, progress: Progress) -> Iterator[WorkUnit]:
        for file in self.result.delivery.files:
            try:
                self.begin(file)
                yield from work_units(file, self._size, progress)
            except ReadErrors as error:
                self.result.problems += error.problems

    def _judge(self, units: tuple[WorkUnit, ...], progress: Progress) -> Iterator[int]:
        from pyspark import StorageLevel

        job, context = self._job(), self._spark.sparkContext
        counts = ProgressCounts(context)
        table = _result_table(self._spark, job, units, counts).persist(StorageLevel.DISK_ONLY)
        yield from wait_for(context, counts, table.count, progress)
        for row in table.orderBy("kind", "number").toLocalIterator():
            yield from self._add_row(job, row)
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
            links=links_of(standard, kinds.values()),
            buckets=bucket_count(self.result.delivery.files, self._size),
            hashes=self._hashed,
            trial=trial(self._hashed),
        )

    def _add_row(self, job: Job, row: Any) -> Iterator[int]:
        match row["kind"]:
            case MessageKind.PART:
                yield from self._add_report(pickle.loads(row["data"]))  # noqa: S301  # by this program elsewhere
            case MessageKind.REPEATED:
                self.add_repeated(row["name"], unpack_places(row["data"]))
                yield 0
            case MessageKind.DANGLING:
                link = job.links[int(row["name"])]
                if link.reference.item in self.result.tallies:
                    self.tally(link.item).add_dangling(link.reference, unpack_places(row["data"]))
                yield 0

    def _add_report(self, report: PartReport) -> Iterator[int]:
        """Merge one work unit's counts; its rows were already reported."""
        self.result.problems += report.problems
        for code, tally in report.tallies.items():
            self.tally(code).merge(tally)
            yield 0


def _result_table(
    spark: "SparkSession", job: Job, units: tuple[WorkUnit, ...], counts: ProgressCounts
) -> "DataFrame":
    """The rows of `messages`: reports of work units, and keys that a shuffle found repeated or dangling."""
    from pyspark.sql import functions as f

    numbers = spark.range(0, len(units), 1, len(units))
    messages = numbers.mapInArrow(executor_function(job, units, counts), COLUMNS)
    by_bucket = messages.repartitionById(job.buckets, f.pmod("number", f.lit(job.buckets)).cast("int"))
    return by_bucket.mapInArrow(compare_keys(job), COLUMNS)
