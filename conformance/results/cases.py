"""Cases as entries of a document: verdict, findings, exchanges, times, and the command to run it again."""

import shlex
from collections.abc import Iterable

from conformance.messages import Messages
from conformance.model.judgement import Finding, Result, Verdict
from conformance.model.run import RunInfo
from conformance.model.text import Message, Text
from conformance.results.document import CaseEntry, FindingEntry
from conformance.results.exchanges import exchange_entry, incoming_entry
from conformance.results.failure_patterns import cause
from conformance.results.texts import message_text, plain, rendered
from conformance.results.timing import waited

QUIET = frozenset({Verdict.PASSED, Verdict.NOT_APPLICABLE, Verdict.NOT_EFFECTIVE})
SEPARATOR = ","


def case_entry(result: Result, info: RunInfo, items: frozenset[str], messages: Messages) -> CaseEntry:
    """One case; exchanges are kept where a reader has to look into them."""
    case, likely_cause = result.case, cause(result)
    quiet = result.verdict in QUIET
    return CaseEntry(
        id=case.id,
        requirement=case.requirement,
        check=case.check,
        parameter=case.parameter,
        item=next((word for word in case.parameter.split(SEPARATOR) if word in items), None),
        verdict=result.verdict,
        started_seconds=round(max(result.started, 0.0), 4),
        duration_seconds=round(max(result.duration, 0.0), 6),
        waited_seconds=round(waited(result), 6),
        lane=result.lane,
        findings=[_finding(finding, messages) for finding in result.findings],
        cause=message_text(messages, likely_cause) if likely_cause else None,
        exchanges=[] if quiet else [exchange_entry(exchange) for exchange in result.exchanges],
        received=[] if quiet else [incoming_entry(incoming) for incoming in result.received],
        marks=plain(dict(result.marks)),
        reproduce=_reproduce(case.id, info),
    )


def purposes(results: Iterable[Result], messages: Messages) -> dict[str, Text]:
    """The purpose of each check of a run, in a few words."""
    checks = dict.fromkeys(result.case.check for result in results)
    keys = {check: Message(f"purposes.{check}") for check in checks}
    return {check: rendered(messages, value) for check, value in keys.items() if value.key in messages}


def _finding(finding: Finding, messages: Messages) -> FindingEntry:
    return FindingEntry(
        message=message_text(messages, finding.message),
        step=finding.step,
        where=finding.where,
        expected=plain(finding.expected),
        actual=plain(finding.actual),
        fault=finding.fault,
    )


def _reproduce(case: str, info: RunInfo) -> str:
    # Not the nonce: a durable platform remembers the Idempotency-Keys that were derived from it.
    return shlex.join(["fcsp", "run", case, "--seed", str(info.seed), "--as-of", info.as_of.isoformat()])
