"""Likely causes: what a failure of this shape usually comes from, and whether it strikes everywhere."""

from collections.abc import Callable, Iterable

from conformance.model.judgement import Fault, Finding, Result, Verdict
from conformance.model.text import Message

_SHOWN = 6
_LOUD = frozenset({Verdict.FAILED, Verdict.WARNED})
_STATUS = "expect.status"
_OPEN_FORMS = frozenset({"raw", "masked", "bucket", "token"})


def cause(result: Result) -> Message | None:
    """The usual cause of the first finding that blames the platform; None where there is no usual one."""
    if result.verdict not in _LOUD:
        return None
    finding = next((finding for finding in result.findings if finding.fault is Fault.PLATFORM), None)
    key = next((key for key, applies in _CAUSES if finding and applies(finding)), None)
    return Message(f"report.cause_{key}") if key else None


def pattern(results: Iterable[Result]) -> Message | None:
    """Message on a requirement that fails for each of its parameters or only for some; None otherwise."""
    parametrized = [result for result in results if result.case.parameter]
    bad = [result for result in parametrized if result.verdict in _LOUD]
    if len(parametrized) < 2 or not bad:
        return None
    if len(bad) == len(parametrized):
        return Message("report.pattern_all", {"total": len(parametrized)})
    names = [result.case.parameter for result in bad[:_SHOWN]]
    listed = ", ".join(names) + (" …" if len(bad) > _SHOWN else "")
    return Message("report.pattern_some", {"bad": len(bad), "total": len(parametrized), "names": listed})


def _answered(*statuses: int) -> Callable[[Finding], bool]:
    def applies(finding: Finding) -> bool:
        return finding.message.key == _STATUS and finding.actual in statuses

    return applies


def _crashed(finding: Finding) -> bool:
    return finding.message.key == _STATUS and isinstance(finding.actual, int) and finding.actual >= 500


def _carried_out(finding: Finding) -> bool:
    """A success status where a refusal was expected."""
    expected = finding.expected if isinstance(finding.expected, list) else [finding.expected]
    refusals = all(isinstance(status, int) and status >= 400 for status in expected)
    succeeded = isinstance(finding.actual, int) and 200 <= finding.actual < 300
    return finding.message.key == _STATUS and refusals and succeeded


def _shows_more(finding: Finding) -> bool:
    return finding.where.endswith("/form") and finding.actual == "raw"


def _shows_less(finding: Finding) -> bool:
    return (
        finding.where.endswith("/form") and finding.actual == "withheld" and finding.expected in _OPEN_FORMS
    )


def _not_authorized(finding: Finding) -> bool:
    return finding.where.endswith("/status") and finding.actual == "not_authorized"


def _served_anyway(finding: Finding) -> bool:
    return finding.where.endswith("/status") and finding.expected == "not_authorized"


def _key(*keys: str) -> Callable[[Finding], bool]:
    return lambda finding: finding.message.key in keys


_CAUSES: tuple[tuple[str, Callable[[Finding], bool]], ...] = (
    ("crash", _crashed),
    ("unauthenticated", _answered(401)),
    ("forbidden", _answered(403)),
    ("not_there", _answered(404, 405, 501)),
    ("conflict", _answered(409)),
    ("refused_input", _answered(400, 413, 415, 422)),
    ("carried_out", _carried_out),
    ("shows_more", _shows_more),
    ("shows_less", _shows_less),
    ("not_authorized", _not_authorized),
    ("served_anyway", _served_anyway),
    ("code", _key("expect.problem_code")),
    ("problem_form", _key("expect.media_type")),
    ("contract", _key("monitors.reply", "monitors.header", "monitors.status", "monitors.no_json")),
    ("member", _key("expect.member")),
)
"""The first that applies is told."""
