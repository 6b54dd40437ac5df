"""Comparison of two result documents: cases newly failing, fixed, still failing, new and removed."""

from collections.abc import Mapping

from conformance.model.judgement import Verdict
from conformance.results.document import ComparisonEntry, Condition, EarlierRun, ResultDocument, VerdictChange

CONDITIONS: tuple[Condition, ...] = (
    "profile",
    "standard_version",
    "standard_digest",
    "suite_version",
    "seed",
    "as_of",
)
"""Facts that have to be equal for a change to be the platform's doing."""
FINE = frozenset({Verdict.PASSED, Verdict.NOT_APPLICABLE, Verdict.NOT_EFFECTIVE, Verdict.MANUAL})
Verdicts = Mapping[str, Verdict]
"""By case."""


def compare(before: ResultDocument, after: ResultDocument) -> ComparisonEntry:
    """The member `comparison` of the later document."""
    old, new = _verdicts(before), _verdicts(after)
    common = [id_ for id_ in new if id_ in old]
    return ComparisonEntry(
        earlier=_earlier_run(before),
        differing=_differing(before, after),
        newly_failing=[_change(i, old, new) for i in common if old[i] in FINE and new[i] not in FINE],
        fixed=[_change(i, old, new) for i in common if old[i] not in FINE and new[i] in FINE],
        still_failing=[_change(i, old, new) for i in common if old[i] not in FINE and new[i] not in FINE],
        new=[_change(i, old, new) for i in new if i not in old] if before.complete else [],
        removed=[_change(i, old, new) for i in old if i not in new] if after.complete else [],
        unchanged=sum(old[i] in FINE and new[i] in FINE for i in common),
    )


def worse(comparison: ComparisonEntry) -> bool:
    """True if a case that was fine is no longer."""
    return bool(comparison.newly_failing)


def same_platform(left: ResultDocument, right: ResultDocument) -> bool:
    """Equality of the identity the platform states, else of the address, which may change between runs."""
    names = [document.run.platform.get("platform_id") for document in (left, right)]
    if all(names):
        return bool(names[0] == names[1])
    return left.run.base_url == right.run.base_url


def _verdicts(document: ResultDocument) -> dict[str, Verdict]:
    return {case.id: case.verdict for case in document.cases}


def _change(id_: str, old: Verdicts, new: Verdicts) -> VerdictChange:
    return VerdictChange(case=id_, before=old.get(id_), after=new.get(id_))


def _earlier_run(document: ResultDocument) -> EarlierRun:
    names = ("id", "started_at", "base_url", *CONDITIONS)
    return EarlierRun(
        **{name: getattr(document.run, name) for name in names},
        complete=document.complete,
        exit_code=document.exit_code,
        requirements=document.counts.requirements,
    )


def _differing(before: ResultDocument, after: ResultDocument) -> list[Condition]:
    names = [name for name in CONDITIONS if getattr(before.run, name) != getattr(after.run, name)]
    return [*names, "complete"] if before.complete != after.complete else names
