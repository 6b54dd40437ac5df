"""Budget of evidence on a page: the first failures of each requirement in full, until it is spent."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import zip_longest
from typing import Any

from conformance.results.document import CaseEntry
from conformance.results.exchange_document import ExchangeEntry

BODY_SHOWN = 6000
"""Characters of a body that are shown."""
BUDGET = 2_500_000
"""Characters of evidence on one page; the rest stands in the result document and the transcript."""
STEPS_SHOWN = 12
FINDINGS_SHOWN = 10
_OVERHEAD = 700
_INDENTED = 1.6


@dataclass(frozen=True, slots=True)
class Share:
    """The part of the evidence of one case that a page shows."""

    findings: int = 0
    """Number of findings with expected and actual; the message of the first is shown anyway."""
    steps: frozenset[int] = field(default_factory=frozenset)


def shares(cases_of: Iterable[Sequence[CaseEntry]], budget: int = BUDGET) -> dict[str, Share]:
    """Shares by case id. Each requirement gets its first case, then each its second, and so on."""
    left = budget
    share_of: dict[str, Share] = {}
    for turn in zip_longest(*cases_of):
        for case in turn:
            if case is not None:
                share, cost = _share(case, left)
                left -= cost
                share_of[case.id] = share
    return share_of


def _share(case: CaseEntry, left: int) -> tuple[Share, int]:
    findings = case.findings[:FINDINGS_SHOWN]
    spent = sum(_value(f.expected) + _value(f.actual) + _OVERHEAD for f in findings)
    spent += sum(_OVERHEAD + _value(one.body.text) for one in case.received[:STEPS_SHOWN])
    if spent > left:
        return Share(), 0
    steps: set[int] = set()
    for step in _by_importance(case):
        cost = _exchange(step)
        if spent + cost > left or len(steps) >= STEPS_SHOWN:
            break
        steps.add(step.step)
        spent += cost
    return Share(len(findings), frozenset(steps)), spent


def _by_importance(case: CaseEntry) -> Iterator[ExchangeEntry]:
    """The steps that findings cite, then the steps nearest to the end."""
    decisive = {finding.step for finding in case.findings}
    yield from (step for step in case.exchanges if step.step in decisive)
    yield from (step for step in reversed(case.exchanges) if step.step not in decisive)


def _exchange(step: ExchangeEntry) -> int:
    bodies = (step.request.body.text, step.reply.body.text)
    return _OVERHEAD + sum(min(int(len(text) * _INDENTED), BODY_SHOWN) for text in bodies)


def _value(value: Any) -> int:
    return min(int(len(str(value)) * _INDENTED), BODY_SHOWN)
