"""Items of the checklist against the checks that go through them: number of cases and worst verdict."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from conformance.model.judgement import Verdict
from conformance.model.text import Text
from conformance.results.document import CaseEntry, ChecklistItem, ResultDocument
from conformance.verdict import SEVERITY

_FINE = frozenset({Verdict.PASSED, Verdict.NOT_APPLICABLE, Verdict.NOT_EFFECTIVE, Verdict.MANUAL})
_RANK = {verdict: rank for rank, verdict in enumerate(SEVERITY)}
CasesByCell = Mapping[tuple[str, str], Sequence[CaseEntry]]
"""By code of the item and key of the column."""


@dataclass(frozen=True, slots=True)
class CoverageColumn:
    """A check that goes through items."""

    requirement: str
    check: str
    letter: str
    """Tells several checks of one requirement apart; else empty."""
    purpose: Text | None

    @property
    def key(self) -> str:
        return f"{self.requirement}/{self.check}"


@dataclass(frozen=True, slots=True)
class CoverageCell:
    """The cases of one check for one item."""

    verdict: Verdict | None
    """The worst; None without cases."""
    total: int
    bad: int
    case: str | None
    """Id of the first bad case."""


@dataclass(frozen=True, slots=True)
class CoverageRow:
    """One item under all checks."""

    item: ChecklistItem
    cells: tuple[CoverageCell, ...]
    verdict: Verdict | None
    total: int


@dataclass(frozen=True, slots=True)
class CoverageGroup:
    """The rows of one category of the checklist."""

    category: str
    title: Text | None
    rows: tuple[CoverageRow, ...]


@dataclass(frozen=True, slots=True)
class ItemCoverage:
    """All items, in the order of the checklist, under the checks, in the order of the standard."""

    columns: tuple[CoverageColumn, ...]
    rows: tuple[CoverageRow, ...]
    groups: tuple[CoverageGroup, ...]
    total: int
    tested: int
    faulty: tuple[str, ...]
    """Codes of the items with a case that is not fine."""


def item_coverage(document: ResultDocument) -> ItemCoverage:
    """The coverage of the checklist by a run."""
    cells: dict[tuple[str, str], list[CaseEntry]] = defaultdict(list)
    for case in document.cases:
        if case.item:
            cells[case.item, f"{case.requirement}/{case.check}"].append(case)
    columns = _columns(document, {key for _, key in cells})
    rows = tuple(_row(item, columns, cells) for item in document.checklist.items)
    return ItemCoverage(
        columns=columns,
        rows=rows,
        groups=_groups(rows, document.checklist.categories),
        total=len(rows),
        tested=sum(row.verdict is not None for row in rows),
        faulty=tuple(row.item.code for row in rows if row.verdict not in {None, *_FINE}),
    )


def _columns(document: ResultDocument, keys: Iterable[str]) -> tuple[CoverageColumn, ...]:
    order = {entry.id: number for number, entry in enumerate(document.requirements)}
    names = sorted((_requirement_and_check(key) for key in keys), key=lambda n: (order.get(n[0], 0), n[1]))
    requirements = [requirement for requirement, _ in names]
    return tuple(
        CoverageColumn(
            requirement=requirement,
            check=check,
            letter=_letter(names, requirement, check) if requirements.count(requirement) > 1 else "",
            purpose=document.checks.get(check),
        )
        for requirement, check in names
    )


def _requirement_and_check(key: str) -> tuple[str, str]:
    requirement, _, check = key.partition("/")
    return requirement, check


def _letter(names: Iterable[tuple[str, str]], requirement: str, check: str) -> str:
    checks = [name for id_, name in names if id_ == requirement]
    return chr(ord("a") + checks.index(check))


def _row(item: ChecklistItem, columns: Iterable[CoverageColumn], cells: CasesByCell) -> CoverageRow:
    row = tuple(_cell(cells.get((item.code, column.key), ())) for column in columns)
    verdicts = [cell.verdict for cell in row if cell.verdict is not None]
    return CoverageRow(item, row, _worst(verdicts), sum(cell.total for cell in row))


def _cell(cases: Sequence[CaseEntry]) -> CoverageCell:
    bad = [case for case in cases if case.verdict not in _FINE]
    worst = _worst([case.verdict for case in cases])
    return CoverageCell(worst, len(cases), len(bad), bad[0].id if bad else None)


def _worst(verdicts: Iterable[Verdict]) -> Verdict | None:
    return min(verdicts, key=_RANK.__getitem__, default=None)


def _groups(rows: Iterable[CoverageRow], titles: Mapping[str, Text]) -> tuple[CoverageGroup, ...]:
    """The rows by category, in the order of the checklist."""
    by_category: dict[str, list[CoverageRow]] = defaultdict(list)
    for row in rows:
        by_category[row.item.category].append(row)
    return tuple(CoverageGroup(code, titles.get(code), tuple(own)) for code, own in by_category.items())
