"""The engine `spark`: parts of files to executors, and what they find, keys included, as one table.

The table is kept on the disks of the executors, so that each row of a file is looked at once.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

from conformance.bulk.spark.job import UNIQUE, Examine, Examined, Finding, Job, Outcome, Split
from conformance.bulk.spark.opening import SparkError, first_line

if TYPE_CHECKING:
    import pyarrow as pa
    from pyspark.sql import DataFrame, SparkSession

COUNT, REASON, KEY = "count", "reason", "key"
_TABLE = "kind string, text string, source int, line long"
Batches = Iterable["pa.RecordBatch"]


def check(spark: "SparkSession", examine: Examine, job: Job, splits: Sequence[Split]) -> Outcome:
    """The result of the local engine, whatever part was examined where and when."""
    from pyspark import StorageLevel

    if not splits:
        return Outcome({}, {}, iter(()))
    numbers = spark.range(0, len(splits), 1, len(splits))
    table = numbers.mapInArrow(_on_executor(examine, job, tuple(splits)), _TABLE)
    table = table.persist(StorageLevel.DISK_ONLY)
    try:
        summary = _summary(table)
        found = _found(table).persist(StorageLevel.DISK_ONLY)
        reasons = {row["text"]: row["count"] for row in found.groupBy("text").count().collect()}
        findings = _streamed(found)
    except Exception as error:
        raise SparkError("failed", error=first_line(error)) from error
    return Outcome(summary, dict(sorted(reasons.items())), findings)


def _on_executor(
    examine: Examine, job: Job, splits: tuple[Split, ...]
) -> Callable[[Batches], Iterator["pa.RecordBatch"]]:
    def run(batches: Batches) -> Iterator["pa.RecordBatch"]:
        for batch in batches:
            for number in batch.column(0).to_pylist():
                for examined in examine(job, splits[number]):
                    yield from _as_batches(examined, splits[number].source)

    return run


def _as_batches(examined: Examined, source: int) -> Iterator["pa.RecordBatch"]:
    yield _batch(COUNT, list(examined.summary), source, list(examined.summary.values()))
    yield _batch(REASON, examined.reasons, source, examined.lines)
    yield _batch(KEY, examined.keys, source, examined.key_lines)


def _batch(kind: str, texts: Sequence[str], source: int, lines: Sequence[int]) -> "pa.RecordBatch":
    import pyarrow as pa

    count = len(texts)
    columns = [
        pa.repeat(pa.scalar(kind), count),
        pa.array(texts, pa.string()),
        pa.repeat(pa.scalar(source, pa.int32()), count),
        pa.array(lines, pa.int64()),
    ]
    return pa.RecordBatch.from_arrays(columns, names=["kind", "text", "source", "line"])


def _summary(table: "DataFrame") -> dict[str, int]:
    """The counts of all parts together. It is the first to need the table, and makes it."""
    rows = table.where(f"kind = '{COUNT}'").groupBy("text").sum("line").collect()
    added = Counter({row[0]: row[1] for row in rows})
    return dict(sorted(added.items()))


def _found(table: "DataFrame") -> "DataFrame":
    """What is wrong, in rows of file, line and reason: what executors say, and keys that came before."""
    from pyspark.sql import functions as f

    said = table.where(f"kind = '{REASON}'").select("source", "line", "text")
    keys = table.where(f"kind = '{KEY}'").select("text", f.struct("source", "line").alias("place"))
    firsts = keys.groupBy("text").agg(f.min("place").alias("earliest"), f.count("*").alias("times"))
    again = keys.join(firsts.where("times > 1").select("text", "earliest"), "text").where("place > earliest")
    later: Any = again.select("place.source", "place.line", f.lit(UNIQUE).alias("text"))
    return said.unionByName(later)


def _streamed(found: "DataFrame") -> Iterator[Finding]:
    rows = found.orderBy("source", "line", "text").toLocalIterator()
    return ((row["source"], row["line"], row["text"]) for row in rows)
