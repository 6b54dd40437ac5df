"""The clause-by-verdict map: every clause of the policy with the worst verdict of what cites it."""

from collections.abc import Iterable, Mapping
from typing import Any

from conformance.model.judgement import Verdict
from conformance.model.standard import Clause, Standard
from conformance.results.texts import both
from conformance.verdict import worst


def clause_map(standard: Standard, verdicts: Mapping[str, Verdict]) -> list[dict[str, Any]]:
    return [_entry(clause, _citing(standard, clause.id), verdicts) for clause in standard.clauses.values()]


def _citing(standard: Standard, clause: str) -> tuple[str, ...]:
    return tuple(id_ for id_, requirement in standard.requirements.items() if clause in requirement.clauses)


def _entry(clause: Clause, citing: tuple[str, ...], verdicts: Mapping[str, Verdict]) -> dict[str, Any]:
    return {
        "id": clause.id,
        "force": clause.force,
        "kind": [letter for letter in clause.kind if letter.isalpha()],
        "summary": both(clause.summary),
        "duty": both(clause.duty),
        "reason": both(clause.reason) if clause.reason else None,
        "verdict": _worst(verdicts[id_] for id_ in citing if id_ in verdicts),
        "requirements": list(citing),
    }


def _worst(verdicts: Iterable[Verdict]) -> str | None:
    found = tuple(verdicts)
    return worst(found).value if found else None
