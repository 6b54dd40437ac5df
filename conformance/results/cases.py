"""Cases as JSON values: verdict, findings, what was exchanged, when it ran, and how to run it again."""

import shlex
from collections.abc import Iterable
from typing import Any

from conformance.messages import Messages
from conformance.model.judgement import Finding, Result, Verdict
from conformance.model.run import RunInfo
from conformance.model.text import Lang, Message
from conformance.results import evidence
from conformance.results.failure_patterns import cause
from conformance.results.texts import message, plain
from conformance.results.timing import waited

QUIET = frozenset({Verdict.PASSED, Verdict.NOT_APPLICABLE, Verdict.NOT_EFFECTIVE})
SEPARATOR = ","


def case_document(result: Result, info: RunInfo, items: frozenset[str], messages: Messages) -> dict[str, Any]:
    """One case; exchanges are kept for what a reader has to look into."""
    case, likely = result.case, cause(result)
    quiet = result.verdict in QUIET
    kept = () if quiet else result.exchanges
    return {
        "id": case.id,
        "requirement": case.requirement,
        "check": case.check,
        "parameter": case.parameter,
        "item": next((word for word in case.parameter.split(SEPARATOR) if word in items), None),
        "verdict": result.verdict.value,
        "started_seconds": round(max(result.started, 0.0), 4),
        "duration_seconds": round(max(result.duration, 0.0), 6),
        "waited_seconds": round(waited(result), 6),
        "lane": result.lane,
        "findings": [_finding(finding, messages) for finding in result.findings],
        "cause": message(messages, likely) if likely else None,
        "exchanges": [evidence.exchange(value) for value in kept],
        "received": [evidence.incoming(value) for value in (() if quiet else result.received)],
        "marks": plain(dict(result.marks)),
        "reproduce": _reproduce(case.id, info),
    }


def purposes(results: Iterable[Result], messages: Messages) -> dict[str, Any]:
    """What each check of a run looks at, in a few words."""
    names = dict.fromkeys(result.case.check for result in results)
    found = {name: Message(f"purposes.{name}") for name in names}
    return {
        name: {lang.value: messages.render(value, lang) for lang in Lang}
        for name, value in found.items()
        if value.key in messages
    }


def _finding(finding: Finding, messages: Messages) -> dict[str, Any]:
    return {
        "message": message(messages, finding.message),
        "step": finding.step,
        "where": finding.where,
        "expected": plain(finding.expected),
        "actual": plain(finding.actual),
        "fault": finding.fault.value,
    }


def _reproduce(case: str, info: RunInfo) -> str:
    # Not the nonce: a durable platform remembers the Idempotency-Keys that were derived from it.
    return shlex.join(["fcsp", "run", case, "--seed", str(info.seed), "--as-of", info.as_of.isoformat()])
