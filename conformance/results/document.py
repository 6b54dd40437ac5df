"""The result document: one run as a self-sufficient JSON value in both languages (schema `meta/result`)."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from conformance.messages import Messages, load_messages
from conformance.model.judgement import Result, Verdict
from conformance.model.run import RequirementVerdict, Run, RunInfo
from conformance.model.standard import Parameter, Requirement, Standard
from conformance.model.text import Lang, Message
from conformance.results.cases import case_document, purposes
from conformance.results.clauses import clause_map
from conformance.results.failure_patterns import pattern
from conformance.results.priorities import first_to_fix
from conformance.results.texts import both, message, plain
from conformance.results.timing import operations

FORMAT = "fcsp-result/1"
_KINDS = {1: "does_not_conform", 3: "not_fully_verified", 4: "suite_error"}


def result_document(run: Run, standard: Standard, messages: Messages | None = None) -> dict[str, Any]:
    """Everything any report needs; renderers read this and nothing else. Compared with no other run yet."""
    registry = messages or load_messages()
    verdicts = {entry.requirement: entry.verdict for entry in run.requirements}
    items = frozenset(item.code for item in standard.checklist.items)
    return {
        "format": FORMAT,
        "run": _info(run.info),
        "profiles": {profile.id: both(profile.title) for profile in standard.profiles.values()},
        "checklist": _checklist(standard),
        "conclusion": _conclusion(run, registry),
        "exit_code": run.exit_code,
        "complete": run.info.complete,
        "counts": {
            "requirements": _tally(verdicts.values()),
            "cases": _tally(r.verdict for r in run.results),
        },
        "parts": _parts(run, standard, registry),
        "clauses": clause_map(standard, verdicts),
        "requirements": _requirements(run, standard, registry),
        "priorities": first_to_fix(run, standard),
        "checks": purposes(run.results, registry),
        "operations": operations(run.results),
        "cases": [case_document(result, run.info, items, registry) for result in run.results],
        "comparison": None,
    }


def _checklist(standard: Standard) -> dict[str, Any]:
    checklist = standard.checklist
    return {
        "version": checklist.version,
        "status": both(checklist.status),
        "categories": {code: both(title) for code, title in checklist.categories.items()},
        "items": [
            {"code": item.code, "title": both(item.title), "category": item.category}
            for item in checklist.items
        ],
    }


def run_id(started_at: datetime, nonce: str) -> str:
    """Sorts by time; the nonce keeps two runs of one second apart."""
    safe = "".join(letter for letter in nonce if letter.isalnum())[:8]
    return f"{started_at:%Y%m%dT%H%M%S}-{safe}"


def _info(info: RunInfo) -> dict[str, Any]:
    names = (
        "suite_version",
        "standard_version",
        "standard_digest",
        "profile",
        "base_url",
        "seed",
        "nonce",
        "jobs",
    )
    return {
        "id": run_id(info.started_at, info.nonce),
        **{name: getattr(info, name) for name in names},
        "platform": plain(info.platform),
        "as_of": info.as_of.isoformat(),
        "started_at": info.started_at.isoformat(timespec="seconds"),
        "finished_at": info.finished_at.isoformat(timespec="seconds"),
        "duration_seconds": round(max((info.finished_at - info.started_at).total_seconds(), 0.0), 3),
    }


def _tally(verdicts: Iterable[Verdict]) -> dict[str, int]:
    counted = Counter(verdicts)
    return {verdict.value: counted[verdict] for verdict in Verdict if counted[verdict]}


def conclusion_kind(exit_code: int, *, complete: bool) -> str:
    if exit_code == 0:
        return "conforms" if complete else "subset_passed"
    return _KINDS[exit_code]


def _conclusion(run: Run, messages: Messages) -> dict[str, Any]:
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
    return {"kind": kind, "text": {lang.value: messages.render(value, lang) for lang in Lang}}


def _parts(run: Run, standard: Standard, messages: Messages) -> list[dict[str, Any]]:
    parts: dict[str, list[str]] = {}
    for entry in run.requirements:
        parts.setdefault(standard.requirements[entry.requirement].part, []).append(entry.requirement)
    return [
        {"id": part, "title": _part_title(part, messages), "requirements": ids} for part, ids in parts.items()
    ]


def _part_title(part: str, messages: Messages) -> dict[str, str]:
    title = Message(f"report.part_{part}")
    return {lang.value: messages.render(title, lang) if title.key in messages else part for lang in Lang}


def _requirements(run: Run, standard: Standard, messages: Messages) -> list[dict[str, Any]]:
    results: dict[str, list[Result]] = defaultdict(list)
    for result in run.results:
        results[result.case.requirement].append(result)
    return [
        _requirement(entry, standard.requirements[entry.requirement], results[entry.requirement], messages)
        for entry in run.requirements
    ]


def _requirement(
    entry: RequirementVerdict, requirement: Requirement, results: Iterable[Result], messages: Messages
) -> dict[str, Any]:
    found = pattern(results)
    return {
        **requirement_texts(requirement),
        "verdict": entry.verdict.value,
        "why": message(messages, entry.why) if entry.why else None,
        "pattern": message(messages, found) if found else None,
        "cases": list(entry.cases),
    }


def requirement_texts(requirement: Requirement) -> dict[str, Any]:
    """What the standard says of a requirement, in both languages."""
    return {
        "id": requirement.id,
        "part": requirement.part,
        "level": requirement.level.value,
        "actor": requirement.actor,
        "sentence": both(requirement.sentence),
        "clauses": list(requirement.clauses),
        "profiles": list(requirement.profiles),
        "capability": requirement.capability,
        "parameters": _parameters(requirement.parameters),
        "verification": requirement.verification.value,
        "reason": both(requirement.reason) if requirement.reason else None,
        "remediation": both(requirement.remediation),
        "note": both(requirement.note) if requirement.note else None,
    }


def _parameters(parameters: Mapping[str, Parameter]) -> dict[str, Any]:
    return {
        name: {"value": entry.value, "unit": entry.unit, "rationale": both(entry.rationale)}
        for name, entry in parameters.items()
    }
