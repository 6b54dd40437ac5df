"""Building the result document of a run."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from datetime import datetime

from conformance.messages import Messages, load_messages
from conformance.model.judgement import Result, Verdict
from conformance.model.run import RequirementVerdict, Run, RunInfo
from conformance.model.shapes import Checklist
from conformance.model.standard import Parameter, Requirement, Standard
from conformance.model.text import Message, Text
from conformance.results.cases import case_entry, purposes
from conformance.results.clauses import clause_map
from conformance.results.document import (
    ChecklistFacts,
    ChecklistItem,
    Conclusion,
    ConclusionKind,
    ParameterEntry,
    PartEntry,
    RequirementEntry,
    ResultDocument,
    RunFacts,
    VerdictCounts,
    VerdictTally,
)
from conformance.results.failure_patterns import pattern
from conformance.results.priorities import first_to_fix
from conformance.results.texts import message_text, plain, rendered
from conformance.results.timing import operations
from conformance.verdict import Exit

_KINDS: dict[int, ConclusionKind] = {1: "does_not_conform", 3: "not_fully_verified", 4: "suite_error"}


def result_document(run: Run, standard: Standard, messages: Messages | None = None) -> ResultDocument:
    """The document of a run, compared with no other run yet."""
    registry = messages or load_messages()
    verdicts = {entry.requirement: entry.verdict for entry in run.requirements}
    items = frozenset(item.code for item in standard.checklist.items)
    return ResultDocument(
        format="fcsp-result/1",
        run=_run_facts(run.info),
        profiles={profile.id: profile.title for profile in standard.profiles.values()},
        checklist=_checklist(standard.checklist),
        conclusion=_conclusion(run, registry),
        exit_code=Exit(run.exit_code),
        complete=run.info.complete,
        counts=VerdictCounts(
            requirements=_tally(verdicts.values()), cases=_tally(result.verdict for result in run.results)
        ),
        parts=_parts(run, standard, registry),
        clauses=clause_map(standard, verdicts),
        requirements=_requirements(run, standard, registry),
        priorities=first_to_fix(run, standard),
        checks=purposes(run.results, registry),
        operations=operations(run.results),
        cases=[case_entry(result, run.info, items, registry) for result in run.results],
        comparison=None,
    )


def _checklist(checklist: Checklist) -> ChecklistFacts:
    return ChecklistFacts(
        version=checklist.version,
        status=checklist.status,
        categories=dict(checklist.categories),
        items=[
            ChecklistItem(code=item.code, title=item.title, category=item.category)
            for item in checklist.items
        ],
    )


def run_id(started_at: datetime, nonce: str) -> str:
    """Sorts by time; the nonce keeps two runs of one second apart."""
    safe = "".join(letter for letter in nonce if letter.isalnum())[:8]
    return f"{started_at:%Y%m%dT%H%M%S}-{safe}"


def _run_facts(info: RunInfo) -> RunFacts:
    return RunFacts(
        id=run_id(info.started_at, info.nonce),
        suite_version=info.suite_version,
        standard_version=info.standard_version,
        standard_digest=info.standard_digest,
        profile=info.profile,
        base_url=info.base_url,
        platform=plain(info.platform),
        seed=info.seed,
        nonce=info.nonce,
        as_of=info.as_of.isoformat(),
        jobs=info.jobs,
        started_at=info.started_at.isoformat(timespec="seconds"),
        finished_at=info.finished_at.isoformat(timespec="seconds"),
        duration_seconds=round(max((info.finished_at - info.started_at).total_seconds(), 0.0), 3),
    )


def _tally(verdicts: Iterable[Verdict]) -> VerdictTally:
    counts = Counter(verdicts)
    return {verdict: counts[verdict] for verdict in Verdict if counts[verdict]}


def conclusion_kind(exit_code: int, *, complete: bool) -> ConclusionKind:
    if exit_code == 0:
        return "conforms" if complete else "subset_passed"
    return _KINDS[exit_code]


def _conclusion(run: Run, messages: Messages) -> Conclusion:
    kind = conclusion_kind(run.exit_code, complete=run.info.complete)
    failed = [entry.requirement for entry in run.requirements if entry.verdict is Verdict.FAILED]
    open_ = sum(entry.verdict in {Verdict.NOT_VERIFIED, Verdict.INCONCLUSIVE} for entry in run.requirements)
    args = {
        "profile": run.info.profile,
        "total": len(run.requirements),
        "failed": len(failed),
        "open": open_,
        "errored": sum(entry.verdict is Verdict.ERRORED for entry in run.requirements),
    }
    value = Message(f"report.conclusion_{kind}", args)
    return Conclusion(kind=kind, text=rendered(messages, value))


def _parts(run: Run, standard: Standard, messages: Messages) -> list[PartEntry]:
    parts: dict[str, list[str]] = defaultdict(list)
    for entry in run.requirements:
        parts[standard.requirements[entry.requirement].part].append(entry.requirement)
    return [
        PartEntry(id=part, title=_part_title(part, messages), requirements=ids) for part, ids in parts.items()
    ]


def _part_title(part: str, messages: Messages) -> Text:
    title = Message(f"report.part_{part}")
    return rendered(messages, title) if title.key in messages else Text(part, part)


def _requirements(run: Run, standard: Standard, messages: Messages) -> list[RequirementEntry]:
    results: dict[str, list[Result]] = defaultdict(list)
    for result in run.results:
        results[result.case.requirement].append(result)
    return [
        _requirement(entry, standard.requirements[entry.requirement], results[entry.requirement], messages)
        for entry in run.requirements
    ]


def _requirement(
    entry: RequirementVerdict, requirement: Requirement, results: Iterable[Result], messages: Messages
) -> RequirementEntry:
    failure_pattern = pattern(results)
    return RequirementEntry(
        id=requirement.id,
        part=requirement.part,
        level=requirement.level,
        actor=requirement.actor,
        sentence=requirement.sentence,
        clauses=list(requirement.clauses),
        profiles=list(requirement.profiles),
        capability=requirement.capability,
        parameters={name: _parameter(parameter) for name, parameter in requirement.parameters.items()},
        verification=requirement.verification,
        reason=requirement.reason,
        remediation=requirement.remediation,
        note=requirement.note,
        verdict=entry.verdict,
        why=message_text(messages, entry.why) if entry.why else None,
        pattern=message_text(messages, failure_pattern) if failure_pattern else None,
        cases=list(entry.cases),
    )


def _parameter(parameter: Parameter) -> ParameterEntry:
    return ParameterEntry(value=parameter.value, unit=parameter.unit, rationale=parameter.rationale)
