"""The work of an executor: check the rows of work units; return counts, samples and keys."""

import pickle
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

import pyarrow as pa

from conformance.data.check.tally import Tally
from conformance.data.cluster.messages import MessageKind, rows
from conformance.data.cluster.progress import ProgressCounts
from conformance.data.cluster.send_keys import KeySender
from conformance.data.cluster.work_units import Job, WorkUnit
from conformance.data.files import ReadErrors
from conformance.loader import Problem

Batches = Iterable[pa.RecordBatch]


@dataclass(slots=True)
class PartReport:
    """The counts of one work unit, and the problems at which reading it ended."""

    tallies: dict[str, Tally] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()


def executor_function(
    job: Job, units: tuple[WorkUnit, ...], counts: ProgressCounts
) -> Callable[[Batches], Iterator[pa.RecordBatch]]:
    """A function of numbers of work units for `mapInArrow`."""

    def run(batches: Batches) -> Iterator[pa.RecordBatch]:
        for batch in batches:
            for number in batch.column(0).to_pylist():
                yield from check_unit(job, number, units[number], counts)

    return run


def check_unit(job: Job, number: int, unit: WorkUnit, counts: ProgressCounts) -> Iterator[pa.RecordBatch]:
    """The result of one work unit, as rows of `messages`."""
    report, sender, examiner = PartReport(), KeySender(job, number), job.examiner()
    try:
        for findings in examiner.examine(unit.split, unit.first_line, counts.add_octets):
            counts.add_rows(findings.examined.rows)
            if findings.item not in report.tallies:
                report.tallies[findings.item] = Tally(examiner.row_item(findings.item), job.samples)
            report.tallies[findings.item].add(findings.source, findings.examined)
            yield from sender.add(findings)
    except ReadErrors as error:
        report.problems = error.problems
    yield from sender.flush()
    report.tallies = {code: tally.without_item() for code, tally in report.tallies.items()}
    yield rows(MessageKind.PART, "", [(number, pickle.dumps(report))])
