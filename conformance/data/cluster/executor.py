"""What an executor does with parts of files: judge their rows, and hand on counts, samples and keys."""

import pickle
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

import pyarrow as pa

from conformance.data.check.tally import Tally
from conformance.data.cluster.messages import MessageKind, rows
from conformance.data.cluster.progress import Counts
from conformance.data.cluster.send_keys import Outgoing
from conformance.data.cluster.work_units import Job, WorkUnit
from conformance.data.files import ReadErrors
from conformance.loader import Problem

Batches = Iterable[pa.RecordBatch]


@dataclass(slots=True)
class Said:
    """What was counted in one part, and what kept it from being read on."""

    tallies: dict[str, Tally] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()


def on_executor(
    job: Job, parts: tuple[WorkUnit, ...], counts: Counts
) -> Callable[[Batches], Iterator[pa.RecordBatch]]:
    """A function of numbers of parts, as `mapInArrow` takes it."""

    def run(batches: Batches) -> Iterator[pa.RecordBatch]:
        for batch in batches:
            for number in batch.column(0).to_pylist():
                yield from judged(job, number, parts[number], counts)

    return run


def judged(job: Job, number: int, part: WorkUnit, counts: Counts) -> Iterator[pa.RecordBatch]:
    """What one part says, as rows of the table that executors make together."""
    said, outgoing, examiner = Said(), Outgoing(job, number), job.examiner()
    try:
        for found in examiner.examine(part.split, part.first_line, counts.read):
            counts.judged(found.examined.rows)
            if found.item not in said.tallies:
                said.tallies[found.item] = Tally(examiner.row_item(found.item), job.samples)
            said.tallies[found.item].add(found.source, found.examined)
            yield from outgoing.add(found)
    except ReadErrors as error:
        said.problems = error.problems
    yield from outgoing.rest()
    said.tallies = {code: tally.bare() for code, tally in said.tallies.items()}
    yield rows(MessageKind.PART, "", [(number, pickle.dumps(said))])
