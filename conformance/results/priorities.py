"""Priorities: the failed requirements that weigh most."""

from conformance.model.judgement import Verdict
from conformance.model.run import RequirementVerdict, Run
from conformance.model.standard import Standard
from conformance.verdict import SEVERITY

SHOWN = 3
_FORCES = ("must", "principle", "general", "encouraged")
_FINE = frozenset({Verdict.PASSED, Verdict.NOT_APPLICABLE, Verdict.NOT_EFFECTIVE, Verdict.MANUAL})


def first_to_fix(run: Run, standard: Standard) -> list[str]:
    """The worst verdicts first; among equals the clause of the greatest force, then what most cases show."""
    bad = {result.case.id for result in run.results if result.verdict not in _FINE}
    loud = [entry for entry in run.requirements if entry.verdict not in _FINE]

    def weight(entry: RequirementVerdict) -> tuple[int, int, int]:
        shown = sum(case in bad for case in entry.cases)
        return SEVERITY.index(entry.verdict), _force(entry.requirement, standard), -shown

    return [entry.requirement for entry in sorted(loud, key=weight)[:SHOWN]]


def _force(requirement: str, standard: Standard) -> int:
    forces = [standard.clauses[id_].force for id_ in standard.requirements[requirement].clauses]
    return min((_FORCES.index(force) for force in forces if force in _FORCES), default=len(_FORCES))
