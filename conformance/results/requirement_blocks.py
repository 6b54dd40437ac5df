"""Requirements of a result document with their cases, as its page lists them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from conformance.model.judgement import Fault, Verdict
from conformance.results.document import CaseEntry, RequirementEntry, ResultDocument
from conformance.results.evidence_budget import STEPS_SHOWN, Share, shares
from conformance.results.exchange_document import ExchangeEntry
from conformance.verdict import SEVERITY

QUIET = frozenset({Verdict.PASSED, Verdict.NOT_APPLICABLE, Verdict.NOT_EFFECTIVE, Verdict.MANUAL})
_OPEN_AT_FIRST = 3


class StepOnPage(ExchangeEntry):
    """An exchange, and whether a finding cites it."""

    decisive: bool


class CaseOnPage(CaseEntry):
    """A case with the part of its evidence that the page has room for."""

    exchanges: Sequence[StepOnPage]
    anchor: str
    faults: list[Fault]
    compared: bool
    """True if expected and actual values are shown."""
    left_out: int
    """Number of findings not shown."""
    steps_left_out: int


@dataclass(frozen=True, slots=True)
class RequirementBlock:
    """A requirement with its cases: those that need attention in full, the others by name."""

    requirement: RequirementEntry
    order: int
    """Its place in the standard."""
    open: bool
    explained: bool
    """True if a case has a finding."""
    loud: tuple[CaseOnPage, ...]
    quiet: tuple[CaseEntry, ...]
    passed: int
    total: int
    seconds: float


def requirement_blocks(document: ResultDocument, anchors: Mapping[str, str]) -> list[RequirementBlock]:
    """All requirements: the worst first, then in the order of the standard."""
    cases = {case.id: case for case in document.cases}
    numbered = sorted(enumerate(document.requirements), key=lambda pair: (rank(pair[1].verdict), pair[0]))
    cases_by_requirement = [[cases[id_] for id_ in entry.cases if id_ in cases] for _, entry in numbered]
    loud_cases = [
        sorted(filter(_loud, entry_cases), key=lambda case: rank(case.verdict))
        for entry_cases in cases_by_requirement
    ]
    share_of = shares(loud_cases)
    return [
        RequirementBlock(
            requirement=entry,
            order=order,
            open=place < _OPEN_AT_FIRST and bool(loud),
            explained=any(case.findings for case in loud),
            loud=tuple(_on_page(case, share_of[case.id], anchors[case.id]) for case in loud),
            quiet=tuple(case for case in entry_cases if case.verdict in QUIET),
            passed=sum(case.verdict is Verdict.PASSED for case in entry_cases),
            total=len(entry_cases),
            seconds=sum(case.duration_seconds for case in entry_cases),
        )
        for place, ((order, entry), entry_cases, loud) in enumerate(
            zip(numbered, cases_by_requirement, loud_cases, strict=True)
        )
    ]


def faults(case: CaseEntry) -> list[Fault]:
    """Parties that have to act on a case; empty for a quiet one."""
    return sorted({finding.fault for finding in case.findings}) if _loud(case) else []


def rank(verdict: str) -> int:
    """Place in the order of severity, 0 for the worst; `verdict` is the value of a Verdict."""
    return SEVERITY.index(Verdict(verdict))


def _loud(case: CaseEntry) -> bool:
    return case.verdict not in QUIET


def _on_page(case: CaseEntry, share: Share, anchor: str) -> CaseOnPage:
    cited = {finding.step for finding in case.findings}
    steps = [
        StepOnPage(**dict(step), decisive=step.step in cited)
        for step in case.exchanges
        if step.step in share.steps
    ]
    findings = max(share.findings, 1)
    excerpt = {
        "findings": case.findings[:findings],
        "exchanges": steps,
        "received": case.received[:STEPS_SHOWN] if share.findings else [],
    }
    return CaseOnPage(
        **{**dict(case), **excerpt},
        anchor=anchor,
        faults=faults(case),
        compared=share.findings > 0,
        left_out=max(len(case.findings) - findings, 0),
        steps_left_out=len(case.exchanges) - len(steps),
    )
