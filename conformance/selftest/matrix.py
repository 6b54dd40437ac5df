"""The check x mutant matrix: what fails on each mutant, against what should."""

import resource
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from conformance.model.judgement import Result, Verdict
from conformance.runner import Selection
from conformance.selftest.mutants import Mutant

BROKEN = frozenset({Verdict.FAILED, Verdict.WARNED})
Judge = Callable[[Sequence[str], Selection], Iterable[Result]]
"""Runs the selected cases on the reference platform started with these arguments."""


@dataclass(frozen=True, slots=True)
class Row:
    """Verdicts that one platform caused."""

    mutant: str
    requirement: str
    caught_by: tuple[str, ...]
    """Checks of the named requirement that failed by assertion."""
    also: tuple[str, ...]
    """Other requirements that failed and may."""
    idle: tuple[str, ...]
    """Other requirements that may fail and did not: of interest where the whole suite was run."""
    unexpected: tuple[str, ...]
    """Cases of requirements that failed and may not."""
    errored: tuple[str, ...]
    """Cases in which the suite itself went wrong; never a catch."""
    seconds: float
    core_seconds: float

    @property
    def ok(self) -> bool:
        caught = bool(self.caught_by) or not self.requirement
        return caught and not self.unexpected and not self.errored


OBEYS = Mutant("", "")
"""The platform that obeys: nothing may fail."""


def obeying(mutants: Iterable[Mutant]) -> Mutant:
    """The platform that obeys, as it is beside these mutants."""
    return replace(OBEYS, digest=" ".join(sorted({mutant.digest for mutant in mutants})))


def core_seconds() -> float:
    """Of this process and of every child that has ended."""
    used = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(usage.ru_utime + usage.ru_stime for usage in used)


def examine(
    mutant: Mutant, judge: Judge, selection: Selection, spent: Callable[[], float] = core_seconds
) -> Row:
    """`spent` reads the clock of processor time."""
    started, cores = time.monotonic(), spent()
    results = tuple(judge(mutant.words, selection))
    broken = [result.case for result in results if result.verdict in BROKEN]
    other_cases = [case for case in broken if case.requirement != mutant.requirement]
    failed = {case.requirement for case in other_cases}
    return Row(
        mutant=mutant.name,
        requirement=mutant.requirement,
        caught_by=_unique(
            f"{c.requirement}/{c.check}" for c in broken if c.requirement == mutant.requirement
        ),
        also=_unique(failed & mutant.also.keys()),
        idle=_unique(mutant.also.keys() - failed),
        unexpected=_unique(case.id for case in other_cases if case.requirement not in mutant.also),
        errored=_unique(r.case.id for r in results if r.verdict is Verdict.ERRORED),
        seconds=round(time.monotonic() - started, 2),
        core_seconds=round(spent() - cores, 2),
    )


def sole_killers(rows: Iterable[Row]) -> Mapping[str, tuple[str, ...]]:
    """Checks that alone catch some mutant, with those mutants."""
    killed: dict[str, list[str]] = {}
    for row in rows:
        if len(row.caught_by) == 1:
            killed.setdefault(row.caught_by[0], []).append(row.mutant)
    return {check: tuple(names) for check, names in sorted(killed.items())}


def document(rows: Sequence[Row], checks: Iterable[str]) -> dict[str, Any]:
    """The matrix for machines; `weak` are the checks that are the sole killer of no mutant."""
    rows = sorted(rows, key=lambda row: (row.requirement, row.mutant))
    killers = sole_killers(rows)
    return {
        "ok": bool(rows) and all(row.ok for row in rows),
        "rows": [{name: getattr(row, name) for name in (*Row.__slots__, "ok")} for row in rows],
        "sole_killers": killers,
        "weak": sorted(set(checks) - set(killers)),
        "core_seconds": round(sum(row.core_seconds for row in rows), 2),
    }


def _unique(values: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted(set(values)))
