"""One item under all judges, in every format: what each says of every row, and where they disagree."""

import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from random import Random
from typing import Any

from conformance.data.check.judge import ItemJudge
from tests.conformance.data.item_rows import judge
from tests.equal import delimited, parquet
from tests.equal.judges import Again, Columnar, Meaning, Single, read
from tests.equal.material import Stretch, stretches
from tests.equal.outcome import Outcome
from tests.equal.sheets import NO_ROW, Numbered, Row, Sheet, Writing
from tests.equal.tables import Reference, Tables

NDJSON = "ndjson"
TABLES: Mapping[str, Callable[[Sequence[Numbered], Writing], Iterator[Sheet]]] = {
    "parquet": parquet.sheets,
    "csv": delimited.sheets,
}
FORMATS = (NDJSON, *TABLES)
_LONGEST = 2000


def of_item(
    code: str, rows: int, seed: int, report: Callable[[int], Any], formats: Sequence[str] = FORMATS
) -> list[Outcome]:
    """Compares so many lines in each format; `told` hears how many more were compared."""
    single, meaning = Single(judge(code)), Meaning(judge(code))
    lines = _Lines(judge(code)) if NDJSON in formats else None
    with tempfile.TemporaryDirectory(prefix="fcsp-equal-") as folder:
        tables = [
            _Tables(judge(code), form, Path(folder), single, meaning) for form in formats if form in TABLES
        ]
        every = (*((lines,) if lines else ()), *tables)
        for stretch in stretches(code, rows, seed):
            rows_by_line, by_meaning = meaning(stretch)
            expected = Reference(single(stretch), by_meaning)
            for comparison in every:
                comparison.compare(stretch, rows_by_line, expected, Random(f"{code}/{seed}/{stretch.first}"))
            report(len(stretch.lines))
    return [one.end() for one in every]


def _outcome(judge: ItemJudge, form: str) -> Outcome:
    return Outcome(
        judge.item.code, form, cross=len(judge.item.rules), expressible=not judge.plan.inexpressible
    )


class _Lines:
    """NDJSON: the lines as they were generated."""

    def __init__(self, judge: ItemJudge) -> None:
        self.outcome, self._columnar = _outcome(judge, NDJSON), Columnar(judge)
        self._again = Again(), Again()

    def compare(self, stretch: Stretch, rows: Mapping[int, Row], expected: Reference, random: Random) -> None:
        del rows, random
        outcome, by_column = self.outcome, self._columnar(read(stretch))
        for repeats, verdicts in zip(self._again, (expected.single, expected.meaning), strict=True):
            repeats.note(verdicts)
        outcome.rows += len(stretch.lines)
        outcome.generated = outcome.rows
        for line, reasons in outcome.compare((by_column, expected.single, expected.meaning)):
            inside = 0 <= line - stretch.first < len(stretch.lines)
            text = stretch.lines[line - stretch.first] if inside else b""
            outcome.note(line, reasons, text[:_LONGEST].decode("utf-8", "backslashreplace"))

    def end(self) -> Outcome:
        outcome, repeated = self.outcome, {line for _, line in self._columnar.repeated()}
        for line, reasons in outcome.compare_repeated((repeated, *(again.lines for again in self._again))):
            outcome.note(line, reasons, "")
        outcome.by_column = outcome.rows - self._columnar.alone
        return outcome


class _Tables:
    """A format of tables: those of the rows that it holds."""

    def __init__(self, judge: ItemJudge, form: str, folder: Path, single: Single, meaning: Meaning) -> None:
        self.outcome, self._folder = _outcome(judge, form), folder
        self._tables = Tables(judge, single, meaning)

    def compare(self, stretch: Stretch, rows: Mapping[int, Row], expected: Reference, random: Random) -> None:
        outcome = self.outcome
        outcome.generated += len(stretch.lines)
        outcome.left[NO_ROW] += len(stretch.lines) - len(rows)
        writing = Writing(outcome.item, self._folder / str(stretch.first), random, outcome.left)
        for sheet in TABLES[outcome.form]([*rows.items()], writing):
            outcome.rows += len(sheet.rows)
            texts = {told.line: told.row for told in sheet.rows.values()}
            for line, reasons in outcome.compare(self._tables(sheet, expected)):
                outcome.note(line, reasons, str(texts.get(line, ""))[:_LONGEST])
            sheet.path.unlink()

    def end(self) -> Outcome:
        outcome = self.outcome
        for line, reasons in outcome.compare_repeated(self._tables.repeated()):
            outcome.note(line, reasons, "")
        outcome.by_column = outcome.rows - self._tables.alone
        return outcome
