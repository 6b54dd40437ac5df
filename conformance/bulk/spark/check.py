"""The engine `spark`: a check of which the parts are judged by executors.

What they find stays on their disks, so that each row of a file is looked at once.
"""

import pickle
from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import islice
from typing import TYPE_CHECKING, Any

import polars as pl

from conformance.bulk.check.delivery import Check
from conformance.bulk.check.examiner import Examiner
from conformance.bulk.files import Delivery, Progress, ReadErrors
from conformance.bulk.files.splits import SPLIT_BYTES
from conformance.bulk.keys import PLACE
from conformance.bulk.spark.executor import named, on_executor
from conformance.bulk.spark.opening import SparkError, first_line
from conformance.bulk.spark.parts import Job, Part, parts
from conformance.bulk.spark.table import COLUMNS, KEY, NAMING, PROBLEMS, TALLY
from conformance.model.shapes import Reference

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

_AT_ONCE = 10_000
"""Places that come to the driver at a time."""


class ClusterCheck(Check):
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
    ) -> None:
        """`standard`: its folder as executors reach it; `size`: octets of a part."""
        super().__init__(examiner, delivery, samples=samples, started=started)
        self._spark, self._standard, self._size = spark, standard, size

    def run(self, progress: Progress) -> Iterator[int]:
        """Counts lines, then waits for the executors. Raises SparkError where they fail."""
        every = tuple(self._parts(progress))
        if every:
            try:
                yield from self._judge(every)
            except SparkError:
                raise
            except Exception as error:
                raise SparkError("failed", error=first_line(error)) from error
        self.result.complete = True

    def _parts(self, progress: Progress) -> Iterator[Part]:
        for file in self.result.delivery.files:
            try:
                self.begin(file)
                yield from parts(file, self._size, progress)
            except ReadErrors as error:
                self.result.problems += error.problems

    def _judge(self, every: tuple[Part, ...]) -> Iterator[int]:
        from pyspark import StorageLevel

        numbers = self._spark.range(0, len(every), 1, len(every))
        table = numbers.mapInArrow(on_executor(self._job(), every), COLUMNS)
        table = table.persist(StorageLevel.DISK_ONLY)
        yield from self._tallied(table)
        for code in self.result.tallies:
            for places in _frames(_repeated(table, code)):
                self.add_repeated(code, places)
                yield 0
        for code, tally in self.result.tallies.items():
            for reference in tally.item.references if tally.item else ():
                if reference.item in self.result.tallies:
                    for places in _frames(_dangling(table, code, reference)):
                        tally.add_dangling(reference, places)
                        yield 0
        table.unpersist()

    def _job(self) -> Job:
        standard, kinds = self.examiner.standard, tuple(self.result.kinds.items())
        return Job(
            self._standard, standard.as_of, standard.division, self.examiner.options, kinds, self.samples
        )

    def _tallied(self, table: "DataFrame") -> Iterator[int]:
        """What executors counted. They are this program on other machines, so what they pickle is trusted."""
        for row in table.where(f"kind IN ('{TALLY}', '{PROBLEMS}')").toLocalIterator():
            value: Any = pickle.loads(row["data"])  # noqa: S301
            if row["kind"] == PROBLEMS:
                self.result.problems += value
            else:
                self.tally(row["name"]).merge(value)
                yield value.rows


def _repeated(table: "DataFrame", code: str) -> "DataFrame":
    """The places of keys that stand at an earlier place, too."""
    from pyspark.sql import functions as f

    keys = table.where((f.col("kind") == KEY) & (f.col("name") == code))
    keys = keys.select("text", f.struct("source", "line").alias("place"))
    firsts = keys.groupBy("text").agg(f.min("place").alias("earliest"), f.count("*").alias("times"))
    again = keys.join(firsts.where("times > 1").select("text", "earliest"), "text").where("place > earliest")
    return again.select("place.source", "place.line")


def _dangling(table: "DataFrame", code: str, reference: Reference) -> "DataFrame":
    """The places of rows that name what the delivery has not."""
    from pyspark.sql import functions as f

    naming = table.where(f.col("kind") == NAMING)
    own = naming.where(f.col("name") == named(code, reference.fields))
    theirs = naming.where(f.col("name") == named(reference.item, reference.to))
    return own.join(theirs.select("text").distinct(), "text", "left_anti").select("source", "line")


def _frames(places: "DataFrame") -> Iterator[pl.DataFrame]:
    """Places as they come, in the order of files and lines."""
    rows: Iterable[Any] = places.orderBy(*PLACE).toLocalIterator()
    going = iter(rows)
    while part := [(row["source"], row["line"]) for row in islice(going, _AT_ONCE)]:
        yield pl.DataFrame(part, schema={"source": pl.UInt32, "line": pl.Int64}, orient="row")
