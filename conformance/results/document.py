"""The result document: one run as a self-sufficient value in both languages, written as `result.json`."""

from collections.abc import Sequence
from typing import Annotated, Any, Literal

from pydantic import Field

from conformance.model.judgement import Fault, Verdict
from conformance.model.standard import Level, Verification
from conformance.model.text import Text
from conformance.results.document_model import Count, Day, DocumentModel, Ids, MessageText, Seconds
from conformance.results.exchange_document import ExchangeEntry, IncomingEntry
from conformance.verdict import Exit

ConclusionKind = Literal["conforms", "subset_passed", "does_not_conform", "not_fully_verified", "suite_error"]
ExitCode = Annotated[Exit, Field(json_schema_extra={"not": {"const": 2}})]
"""Of a run; a usage error (2) has no document."""
Condition = Literal[
    "profile", "standard_version", "standard_digest", "suite_version", "seed", "as_of", "complete"
]
VerdictTally = dict[Verdict, Count]


class RunFacts(DocumentModel):
    """Conditions of a run, sufficient to repeat it."""

    id: str
    suite_version: str
    standard_version: str
    standard_digest: str
    profile: str
    base_url: str
    seed: int
    nonce: str
    jobs: Annotated[int, Field(ge=1)]
    platform: dict[str, Any]
    """The platform's own descriptor, abridged."""
    as_of: Day
    started_at: str
    finished_at: str
    duration_seconds: Seconds


class ChecklistItem(DocumentModel):
    code: str
    title: Text
    category: str


class ChecklistFacts(DocumentModel):
    version: str
    status: Text
    categories: dict[str, Text]
    items: list[ChecklistItem]


class Conclusion(DocumentModel):
    kind: ConclusionKind
    text: Text


class VerdictCounts(DocumentModel):
    requirements: VerdictTally
    cases: VerdictTally


class PartEntry(DocumentModel):
    id: str
    title: Text
    requirements: Ids


class ClauseEntry(DocumentModel):
    id: str
    force: str
    kind: list[str]
    summary: Text
    duty: Text
    reason: Text | None
    verdict: Verdict | None
    """Worst verdict of the requirements that cite the clause; null where none of them was in this run."""
    requirements: Ids


class ParameterEntry(DocumentModel):
    value: int | float | str
    unit: str
    rationale: Text


class RequirementEntry(DocumentModel):
    id: Annotated[str, Field(pattern="^[A-Z]{3}-[0-9]{3}$")]
    part: str
    level: Level
    actor: str
    sentence: Text
    clauses: Ids
    profiles: Ids
    capability: str | None
    parameters: dict[str, ParameterEntry]
    verification: Verification
    reason: Text | None
    remediation: Text
    note: Text | None
    verdict: Verdict
    why: MessageText | None
    pattern: MessageText | None
    """Failure for every parameter or only for some."""
    cases: Ids


class OperationTimes(DocumentModel):
    operation: str
    count: Annotated[int, Field(ge=1)]
    seconds: Seconds
    median_seconds: Seconds
    p95_seconds: Seconds
    slowest_seconds: Seconds


class FindingEntry(DocumentModel):
    message: MessageText
    step: int | None
    where: str
    expected: Any
    actual: Any
    fault: Fault


class CaseEntry(DocumentModel):
    id: str
    requirement: str
    check: str
    parameter: str
    item: str | None
    """Code of the item of the checklist that the case is about."""
    verdict: Verdict
    started_seconds: Seconds
    """Counted from the first case of the run."""
    duration_seconds: Seconds
    waited_seconds: Seconds
    """Part of the duration that the platform took to answer."""
    lane: Count
    """Which of the parallel workers ran it, from 1; 0 where it ran alone or not at all."""
    findings: list[FindingEntry]
    cause: MessageText | None
    """Usual cause of a failure of this shape."""
    exchanges: Sequence[ExchangeEntry]
    """Kept for every case that did not pass."""
    received: list[IncomingEntry]
    """Requests of the platform to the parties that the suite plays; kept like the exchanges."""
    marks: dict[str, Any]
    reproduce: str
    """The command that runs the case again."""


class EarlierRun(DocumentModel):
    id: str
    started_at: str
    base_url: str
    profile: str
    standard_version: str
    standard_digest: str
    suite_version: str
    seed: int
    as_of: str
    complete: bool
    exit_code: ExitCode
    requirements: VerdictTally


class VerdictChange(DocumentModel):
    case: str
    before: Verdict | None
    after: Verdict | None


class ComparisonEntry(DocumentModel):
    earlier: Annotated[EarlierRun, Field(alias="with")]
    """The earlier run."""
    differing: list[Condition]
    """Conditions in which the two runs differ, so that a change need not be the platform's doing."""
    newly_failing: list[VerdictChange]
    fixed: list[VerdictChange]
    still_failing: list[VerdictChange]
    new: list[VerdictChange]
    """Cases that the earlier run did not have; empty where that was a part only."""
    removed: list[VerdictChange]
    """Cases that only the earlier run had; empty where this one is a part only."""
    unchanged: Count
    """Number of cases that were and are fine."""


class ResultDocument(DocumentModel):
    """Everything a report shows, so that every rendering can be made again from this document alone."""

    format: Literal["fcsp-result/1"]
    run: RunFacts
    profiles: dict[str, Text]
    """Title of each profile of the standard."""
    checklist: ChecklistFacts
    conclusion: Conclusion
    exit_code: ExitCode
    complete: bool
    counts: VerdictCounts
    parts: list[PartEntry]
    clauses: list[ClauseEntry]
    requirements: list[RequirementEntry]
    priorities: Ids
    """The requirements to mend first, at most three."""
    checks: dict[str, Text]
    """Purpose of each check of the run."""
    operations: list[OperationTimes]
    """Response times by operation; the operation with the longest total first."""
    cases: list[CaseEntry]
    comparison: ComparisonEntry | None
    """Changes since an earlier run; null without one."""
