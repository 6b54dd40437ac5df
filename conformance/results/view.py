"""Figures of a result document that its page shows: states of clauses, parts, filters, bars."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from conformance.model.judgement import Verdict
from conformance.model.text import Text
from conformance.results.document import ClauseEntry, PartEntry, RequirementEntry, ResultDocument
from conformance.results.requirement_blocks import faults, rank
from conformance.verdict import SEVERITY


@dataclass(frozen=True, slots=True)
class RequirementGroup:
    """Requirements that a run dealt with in one way."""

    key: str
    entries: tuple[RequirementEntry, ...]
    listed: bool


@dataclass(frozen=True, slots=True)
class PartRow:
    """The verdicts on the requirements of one part, worst first, and its cases."""

    id: str
    title: Text
    verdicts: Mapping[str, int]
    requirements: int
    passed: int
    cases: int


@dataclass(frozen=True, slots=True)
class Segment:
    """A piece of a bar of 1000 units."""

    name: str
    x: float
    width: float


def anchors(document: ResultDocument) -> dict[str, str]:
    """Fragment of each case, by its id."""
    return fragments(case.id for case in document.cases)


def fragments(ids: Iterable[str]) -> dict[str, str]:
    """Fragment of a URL for each id: only letters a fragment may have, no two alike."""
    by_id: dict[str, str] = {}
    taken_anchors: set[str] = set()
    for id_ in ids:
        plain = anchor = re.sub("[^A-Za-z0-9_-]+", ".", id_).strip(".") or "x"
        number = 1
        while anchor in taken_anchors:
            number += 1
            anchor = f"{plain}.{number}"
        taken_anchors.add(anchor)
        by_id[id_] = anchor
    return by_id


def clause_state(clause: ClauseEntry) -> str:
    """`untested` for a clause that no requirement cites, `not_run` for one that this run left out."""
    if clause.verdict:
        return clause.verdict.value
    return "not_run" if clause.requirements else "untested"


def clause_counts(document: ResultDocument) -> dict[str, int]:
    """Number of clauses in each state, the worst first."""
    counts = Counter(map(clause_state, document.clauses))
    order = [*(verdict.value for verdict in SEVERITY), "not_run", "untested"]
    return {state: counts[state] for state in order if counts[state]}


def verified(document: ResultDocument) -> list[RequirementGroup]:
    """Requirements by what the run did or did not establish about them."""

    def group(key: str, *verdicts: Verdict, listed: bool = True) -> RequirementGroup:
        entries = tuple(entry for entry in document.requirements if entry.verdict in verdicts)
        return RequirementGroup(key, entries, listed)

    return [
        group("tested", Verdict.PASSED, Verdict.FAILED, Verdict.WARNED, listed=False),
        group("open", Verdict.NOT_VERIFIED, Verdict.INCONCLUSIVE, Verdict.ERRORED),
        group("manual", Verdict.MANUAL),
        group("inapplicable", Verdict.NOT_APPLICABLE, Verdict.NOT_EFFECTIVE),
    ]


def part_rows(document: ResultDocument) -> list[PartRow]:
    """A row for each part, in the order of the standard."""
    by_id = {entry.id: entry for entry in document.requirements}
    verdicts = {case.id: case.verdict for case in document.cases}
    return [_part_row(part, by_id, verdicts) for part in document.parts]


def choices(document: ResultDocument) -> dict[str, dict[str, int]]:
    """Filters of the page, with the number of cases behind each choice."""
    by_id = {entry.id: entry for entry in document.requirements}
    cases = document.cases
    return {
        "verdict": _ranked(Counter(case.verdict.value for case in cases)),
        "part": dict(Counter(by_id[case.requirement].part for case in cases)),
        "profile": dict(Counter(p for case in cases for p in by_id[case.requirement].profiles)),
        "level": dict(Counter(by_id[case.requirement].level.value for case in cases)),
        "fault": dict(Counter(fault.value for case in cases for fault in faults(case))),
    }


def _part_row(
    part: PartEntry, by_id: Mapping[str, RequirementEntry], verdicts: Mapping[str, Verdict]
) -> PartRow:
    entries = [by_id[id_] for id_ in part.requirements]
    of_cases = [verdicts[id_] for entry in entries for id_ in entry.cases if id_ in verdicts]
    return PartRow(
        id=part.id,
        title=part.title,
        verdicts=_ranked(Counter(entry.verdict.value for entry in entries)),
        requirements=len(entries),
        passed=of_cases.count(Verdict.PASSED),
        cases=len(of_cases),
    )


def _ranked(counts: Mapping[str, int]) -> dict[str, int]:
    return {name: counts[name] for name in sorted(counts, key=rank)}


def segments(counts: Mapping[str, int], names: Iterable[str] | None = None) -> list[Segment]:
    """The pieces of a bar of 1000 units, cut in proportion to the counts."""
    total, x = sum(counts.values()) or 1, 0.0
    pieces: list[Segment] = []
    for name in names or counts:
        width = 1000 * counts[name] / total
        pieces.append(Segment(name, round(x, 2), round(max(width - 3, 2), 2)))
        x += width
    return pieces
