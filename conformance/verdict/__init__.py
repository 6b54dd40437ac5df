"""Combination of verdicts: cases to requirements, requirements to the exit code."""

from collections.abc import Iterable
from enum import IntEnum

from conformance.model.judgement import Result, Verdict
from conformance.model.run import RequirementVerdict
from conformance.model.standard import Level, Standard
from conformance.model.text import Message

SEVERITY = (
    Verdict.FAILED,
    Verdict.ERRORED,
    Verdict.INCONCLUSIVE,
    Verdict.NOT_VERIFIED,
    Verdict.WARNED,
    Verdict.PASSED,
    Verdict.MANUAL,
    Verdict.NOT_EFFECTIVE,
    Verdict.NOT_APPLICABLE,
)
"""Worst first. A requirement that was executed anywhere has the verdict of what was executed."""
JUDGED = frozenset({Verdict.PASSED, Verdict.WARNED, Verdict.FAILED})
OPEN = frozenset({Verdict.INCONCLUSIVE, Verdict.NOT_VERIFIED})


class Exit(IntEnum):
    """The exit codes of the suite."""

    CONFORMS = 0
    FAILS = 1
    USAGE = 2
    UNVERIFIED = 3
    SUITE = 4


def worst(verdicts: Iterable[Verdict]) -> Verdict:
    """The worst of the verdicts; of none, `not_verified`."""
    return min(verdicts, key=SEVERITY.index, default=Verdict.NOT_VERIFIED)


def violation(level: Level) -> Verdict:
    """The verdict on a violation: only a SHALL can fail."""
    return Verdict.FAILED if level is Level.SHALL else Verdict.WARNED


def roll_up(standard: Standard, results: Iterable[Result]) -> tuple[RequirementVerdict, ...]:
    """One verdict for each requirement that has a result, in the standard's order."""
    by_requirement: dict[str, list[Result]] = {}
    for result in results:
        by_requirement.setdefault(result.case.requirement, []).append(result)
    return tuple(
        _requirement(id_, requirement.level, by_requirement[id_])
        for id_, requirement in standard.requirements.items()
        if id_ in by_requirement
    )


def exit_code(requirements: Iterable[RequirementVerdict]) -> Exit:
    """1 outranks 4 outranks 3 outranks 0; a run that judged nothing is never 0."""
    verdicts = {requirement.verdict for requirement in requirements}
    if Verdict.FAILED in verdicts:
        return Exit.FAILS
    if Verdict.ERRORED in verdicts:
        return Exit.SUITE
    if verdicts & OPEN or not verdicts & JUDGED:
        return Exit.UNVERIFIED
    return Exit.CONFORMS


def _requirement(id_: str, level: Level, results: list[Result]) -> RequirementVerdict:
    ordered = sorted(results, key=lambda result: result.case.id)
    verdict = worst(_by_level(result.verdict, level) for result in ordered)
    cases = tuple(result.case.id for result in ordered)
    return RequirementVerdict(id_, verdict, cases, _why(verdict, level, ordered))


def _why(verdict: Verdict, level: Level, results: list[Result]) -> Message | None:
    deciding = (result for result in results if _by_level(result.verdict, level) is verdict)
    return next((result.findings[0].message for result in deciding if result.findings), None)


def _by_level(verdict: Verdict, level: Level) -> Verdict:
    return violation(level) if verdict is Verdict.FAILED else verdict
