"""Makes the plan: every case of the profile in a stable order, decided already or to be executed."""

import secrets
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import groupby
from typing import Any

from conformance.model import clock
from conformance.model.judgement import Case, Check, Verdict
from conformance.model.run import Plan, Planned
from conformance.model.standard import Requirement, Standard
from conformance.model.target import Target
from conformance.model.text import Message
from conformance.monitors import Monitor
from conformance.runner.applicability import Evaluate, decide, in_profile, unmet
from conformance.runner.selection import Selection, require_matches


@dataclass(frozen=True, slots=True)
class Settings:
    """Choices that make a run repeatable; one that is not given is made afresh and recorded."""

    seed: int = field(default_factory=lambda: secrets.randbits(32))
    nonce: str = field(default_factory=lambda: secrets.token_hex(8))
    as_of: date = field(default_factory=clock.today)
    level: str = ""
    """Level of the platform, from its descriptor."""


def evaluate_cel(source: str, variables: Mapping[str, Any]) -> bool:
    """Value of a condition in the CEL subset."""
    from conformance.oracles.cel import Expression

    return Expression(source).evaluate(variables)


def plan(  # noqa: PLR0913
    standard: Standard,
    target: Target,
    checks: Iterable[Check],
    monitors: Iterable[Monitor],
    selection: Selection | None = None,
    *,
    settings: Settings | None = None,
    evaluate: Evaluate = evaluate_cel,
) -> Plan:
    """The plan of a run. Raises SelectionError for ids that name nothing in it."""
    selection, settings = selection or Selection(), settings or Settings()
    standard = standard.on(settings.as_of, target.division)
    subjects = _Subjects(standard, target, tuple(checks), tuple(monitors))
    everything = tuple(
        planned
        for requirement in standard.requirements.values()
        if in_profile(standard, requirement, target.profile)
        for planned in subjects.cases(
            requirement,
            decide(standard, requirement, target, settings.level, evaluate),
        )
    )
    require_matches(selection, standard, (planned.case for planned in everything))
    return Plan(
        planned=tuple(_selected(everything, selection, standard)),
        seed=settings.seed,
        nonce=settings.nonce,
        as_of=settings.as_of,
        complete=selection.complete,
    )


@dataclass(frozen=True, slots=True)
class _Subjects:
    """Everything that can judge."""

    standard: Standard
    target: Target
    checks: Sequence[Check]
    monitors: Sequence[Monitor]

    def cases(self, requirement: Requirement, decision: tuple[Verdict, Message] | None) -> Iterator[Planned]:
        """The cases of a requirement; one that is decided already has a single one."""
        if decision:
            verdict, reason = decision
            yield Planned(Case(requirement.id, verdict.value), None, verdict, reason, requirement.level)
            return
        cases = (*self._checked(requirement), *self._monitored(requirement))
        yield from cases or self._orphan(requirement)

    def _checked(self, requirement: Requirement) -> Iterator[Planned]:
        for check in sorted(self.checks, key=lambda check: check.name):
            if check.requirement == requirement.id:
                verdict, reason = unmet(check, self.standard, self.target) or (None, None)
                for parameter in check.expand(self.standard) if check.expand else ("",):
                    case = Case(requirement.id, check.name, parameter, check.exclusive)
                    yield Planned(case, check, verdict, reason, requirement.level)

    def _monitored(self, requirement: Requirement) -> Iterator[Planned]:
        for monitor in self.monitors:
            if monitor.requirement == requirement.id:
                yield Planned(Case(requirement.id, monitor.name), None, level=requirement.level)

    def _orphan(self, requirement: Requirement) -> tuple[Planned, ...]:
        """A requirement that nothing judges is never silently left out."""
        case, why = Case(requirement.id, "no_check"), Message("runner.no_check")
        return (Planned(case, None, Verdict.NOT_VERIFIED, why, requirement.level),)


def _selected(everything: Sequence[Planned], selection: Selection, standard: Standard) -> list[Planned]:
    selected = [
        planned
        for planned in everything
        if selection.includes(planned.case, standard.requirements[planned.case.requirement].part)
    ]
    sample = (
        selected if selection.most is None else list(_sample(selected, selection.most, selection.in_full))
    )
    if any(_watches(planned) for planned in sample) and not any(_runs(planned) for planned in sample):
        # A monitor asked for alone still needs exchanges to look at.
        sample += [one for one in _sample(everything, 1) if _runs(one) and not one.case.exclusive]
    return sample


def _sample(
    planned: Iterable[Planned], most: int, in_full: frozenset[str] = frozenset()
) -> Iterator[Planned]:
    """At most so many cases of each check, evenly spread over those it is expanded for."""
    for (requirement, _), group in groupby(planned, key=lambda one: (one.case.requirement, one.case.check)):
        cases = list(group)
        count = len(cases) if requirement in in_full else min(most, len(cases))
        yield from (cases[number * len(cases) // count] for number in range(count))


def _runs(planned: Planned) -> bool:
    return planned.check is not None and planned.verdict is None


def _watches(planned: Planned) -> bool:
    return planned.check is None and planned.verdict is None
