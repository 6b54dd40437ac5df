"""Clauses of the policy, each with the worst verdict of the requirements that cite it."""

from collections.abc import Iterable, Mapping

from conformance.model.judgement import Verdict
from conformance.model.standard import Clause, Standard
from conformance.results.document import ClauseEntry
from conformance.verdict import worst


def clause_map(standard: Standard, verdicts: Mapping[str, Verdict]) -> list[ClauseEntry]:
    """Every clause of the policy, in its order."""
    return [_entry(clause, _citing(standard, clause.id), verdicts) for clause in standard.clauses.values()]


def _citing(standard: Standard, clause: str) -> tuple[str, ...]:
    return tuple(id_ for id_, requirement in standard.requirements.items() if clause in requirement.clauses)


def _entry(clause: Clause, citing: tuple[str, ...], verdicts: Mapping[str, Verdict]) -> ClauseEntry:
    return ClauseEntry(
        id=clause.id,
        force=clause.force,
        kind=[letter for letter in clause.kind if letter.isalpha()],
        summary=clause.summary,
        duty=clause.duty,
        reason=clause.reason,
        verdict=_worst(verdicts[id_] for id_ in citing if id_ in verdicts),
        requirements=list(citing),
    )


def _worst(verdicts: Iterable[Verdict]) -> Verdict | None:
    several = tuple(verdicts)
    return worst(several) if several else None
