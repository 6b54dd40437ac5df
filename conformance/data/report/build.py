"""Construction of the result document of a checked delivery."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from conformance.data.check.delivery import Checked
from conformance.data.check.file import RECORDS, Examiner
from conformance.data.report.conclusion import conclusion, conclusion_text, states
from conformance.data.report.document import (
    CheckFacts,
    ChecklistVersion,
    DeliveryConclusion,
    DeliveryConclusionKind,
    DeliveryDocument,
    FileEntry,
    FileProblem,
    RowCounts,
)
from conformance.data.report.items import item_entry
from conformance.messages import Messages, load_messages
from conformance.results.texts import rendered
from conformance.verdict import Exit

_EXIT_CODES: dict[DeliveryConclusionKind, Exit] = {"conforms": Exit.CONFORMS, "does_not_conform": Exit.FAILS}


@dataclass(frozen=True, slots=True)
class About:
    """Circumstances of a check."""

    suite_version: str
    engine: Literal["local", "spark"]
    finished: datetime


def delivery_document(
    checked: Checked, examiner: Examiner, facts: About, registry: Messages | None = None
) -> DeliveryDocument:
    """Result document of a checked delivery."""
    messages = registry or load_messages()
    checklist = examiner.standard.checklist
    counts = RowCounts(
        rows=sum(tally.rows for tally in checked.tallies.values()),
        bad=sum(tally.bad for tally in checked.tallies.values()),
    )
    kind = conclusion(checked, counts.rows, counts.bad)
    return DeliveryDocument(
        format="fcsp-delivery/1",
        run=_check_facts(checked, examiner, facts),
        checklist=ChecklistVersion(version=checklist.version, status=checklist.status),
        conclusion=DeliveryConclusion(
            kind=kind, text=rendered(messages, conclusion_text(checked, counts.rows, counts.bad))
        ),
        exit_code=_EXIT_CODES.get(kind, Exit.UNVERIFIED),
        complete=checked.complete,
        counts=counts,
        files=list(_files(checked)),
        skipped=list(checked.delivery.skipped),
        problems=[
            FileProblem(
                file=problem.file,
                line=problem.line,
                place=problem.place,
                what=rendered(messages, problem.message),
            )
            for problem in checked.problems
        ],
        items=[
            item_entry(code, tally, examiner, messages, complete=checked.complete)
            for code, tally in sorted(checked.tallies.items())
        ],
    )


def _check_facts(checked: Checked, examiner: Examiner, facts: About) -> CheckFacts:
    standard = examiner.standard
    return CheckFacts(
        suite_version=facts.suite_version,
        standard_version=standard.version,
        standard_digest=standard.digest,
        engine=facts.engine,
        as_of=standard.as_of.isoformat(),
        division=standard.division,
        started_at=checked.started.isoformat(timespec="seconds"),
        finished_at=facts.finished.isoformat(timespec="seconds"),
        duration_seconds=round(max((facts.finished - checked.started).total_seconds(), 0.0), 3),
    )


def _files(checked: Checked) -> Iterator[FileEntry]:
    state_of = states(checked)
    for file in checked.delivery.files:
        tallies = [t.files[file.number] for t in checked.tallies.values() if file.number in t.files]
        yield FileEntry(
            name=file.display_path,
            format=file.format,
            compression=file.compression,
            bytes=file.size,
            item=checked.kinds.get(file.number),
            records=checked.kinds.get(file.number) == RECORDS,
            state=state_of[file.number],
            rows=sum(tally.rows for tally in tallies),
            bad=sum(tally.bad for tally in tallies),
        )
