"""Times of a run: a drawing of its lanes, the share of each part, the slowest cases."""

from collections import defaultdict
from collections.abc import Container, Iterable, Sequence
from dataclasses import dataclass

from conformance.model.judgement import Verdict
from conformance.model.text import Text
from conformance.results.document import CaseEntry, ResultDocument

WIDTH, HEIGHT, GAP = 1000, 14, 4
"""Units of the drawing."""
SLOWEST = 12
_NAMED_BARS = 250
"""Bars with a name; the others are too short to be pointed at."""
_QUIET = frozenset({Verdict.PASSED, Verdict.NOT_APPLICABLE, Verdict.NOT_EFFECTIVE, Verdict.MANUAL})


@dataclass(frozen=True, slots=True)
class Tick:
    """A mark on the time axis."""

    x: float
    seconds: float


@dataclass(frozen=True, slots=True)
class Bar:
    """One case on its lane."""

    x: float
    width: float
    verdict: Verdict
    bad: bool
    title: str
    """Id of the case; empty where the bar has no name."""
    seconds: float


@dataclass(frozen=True, slots=True)
class Lane:
    """The cases of one worker."""

    number: int
    """From 1; 0 for the cases that ran alone."""
    y: int
    bars: tuple[Bar, ...]


@dataclass(frozen=True, slots=True)
class PartTime:
    """The seconds of one part, summed over its cases."""

    title: Text
    cases: int
    seconds: float
    share: float
    """Of the seconds of all cases, 0 to 1."""


@dataclass(frozen=True, slots=True)
class Timeline:
    """The section on time."""

    seconds: float
    """From the first case to the last."""
    ticks: tuple[Tick, ...]
    lanes: tuple[Lane, ...]
    """Empty where nothing was executed."""
    parts: tuple[PartTime, ...]
    """The longest first."""
    slowest: tuple[CaseEntry, ...]
    busy: float
    """Seconds of all cases."""
    waited: float
    """Seconds of waiting for the platform."""


def timeline(document: ResultDocument) -> Timeline:
    """The times of a run as its page shows them."""
    executed = [case for case in document.cases if case.duration_seconds > 0]
    end = max((case.started_seconds + case.duration_seconds for case in executed), default=0.0)
    slowest = sorted(executed, key=lambda case: -case.duration_seconds)
    labeled = {case.id for case in slowest[:_NAMED_BARS]}
    labeled |= {case.id for case in executed if case.verdict not in _QUIET}
    return Timeline(
        seconds=end,
        ticks=tuple(Tick(WIDTH * n / 4, end * n / 4) for n in range(5)),
        lanes=tuple(_lanes(executed, end, labeled)),
        parts=tuple(_parts(document)),
        slowest=tuple(slowest[:SLOWEST]),
        busy=sum(case.duration_seconds for case in executed),
        waited=sum(case.waited_seconds for case in executed),
    )


def _lanes(executed: Iterable[CaseEntry], end: float, labeled: Container[str]) -> Sequence[Lane]:
    """A lane for each worker, and at the end the lane of the cases that ran alone."""
    cases: dict[int, list[CaseEntry]] = defaultdict(list)
    for case in executed:
        cases[case.lane].append(case)
    numbers = sorted(cases, key=lambda number: (number == 0, number))
    return [
        Lane(
            number=number,
            y=row * (HEIGHT + GAP),
            bars=tuple(_bar(case, end, labeled=case.id in labeled) for case in cases[number]),
        )
        for row, number in enumerate(numbers)
    ]


def _bar(case: CaseEntry, end: float, *, labeled: bool) -> Bar:
    scale = WIDTH / end
    return Bar(
        x=round(case.started_seconds * scale, 1),
        width=max(round(case.duration_seconds * scale, 1), 0.4),
        verdict=case.verdict,
        bad=case.verdict not in _QUIET,
        title=case.id if labeled else "",
        seconds=case.duration_seconds,
    )


def _parts(document: ResultDocument) -> Sequence[PartTime]:
    part_of = {entry.id: entry.part for entry in document.requirements}
    durations: dict[str, list[float]] = defaultdict(list)
    for case in document.cases:
        durations[part_of[case.requirement]].append(case.duration_seconds)
    seconds = {part: sum(times) for part, times in durations.items()}
    total = sum(seconds.values()) or 1.0
    rows = [
        PartTime(
            title=part.title,
            cases=len(durations[part.id]),
            seconds=seconds.get(part.id, 0.0),
            share=seconds.get(part.id, 0.0) / total,
        )
        for part in document.parts
    ]
    return sorted(rows, key=lambda row: -row.seconds)
