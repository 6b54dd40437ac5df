"""What an executor does with parts of files: judge their rows, and hand on counts, samples and keys."""

import pickle
from collections.abc import Callable, Iterable, Iterator

import pyarrow as pa

from conformance.bulk.check.examine import IDENTITY
from conformance.bulk.check.examiner import Found
from conformance.bulk.check.tally import Tally
from conformance.bulk.files import ReadErrors
from conformance.bulk.spark.parts import Job, Part
from conformance.bulk.spark.table import KEY, NAMING, PROBLEMS, TALLY, key_rows, one_row

Batches = Iterable[pa.RecordBatch]


def on_executor(job: Job, parts: tuple[Part, ...]) -> Callable[[Batches], Iterator[pa.RecordBatch]]:
    """A function of numbers of parts, as `mapInArrow` takes it."""

    def run(batches: Batches) -> Iterator[pa.RecordBatch]:
        for batch in batches:
            for number in batch.column(0).to_pylist():
                yield from judged(job, parts[number])

    return run


def judged(job: Job, part: Part) -> Iterator[pa.RecordBatch]:
    """What one part says, as rows of the table that executors make together."""
    tallies: dict[str, Tally] = {}
    examiner = job.examiner()
    try:
        for found in examiner.examine(part.split, part.first_line):
            tally = tallies.setdefault(found.item, Tally(examiner.row_item(found.item), job.samples))
            tally.add(found.source, found.examined)
            yield from _keys(found)
    except ReadErrors as error:
        yield one_row(PROBLEMS, "", pickle.dumps(error.problems))
    for code, tally in tallies.items():
        yield one_row(TALLY, code, pickle.dumps(tally.bare()))


def _keys(found: Found) -> Iterator[pa.RecordBatch]:
    keys = found.examined.keys
    yield key_rows(KEY, found.item, keys, keys.columns[keys.columns.index(IDENTITY) :])
    for names, frame in found.examined.naming.items():
        yield key_rows(NAMING, named(found.item, names), frame, names)


def named(item: str, names: tuple[str, ...]) -> str:
    """What members of an item are called among the keys of a delivery."""
    return " ".join((item, *names))
