"""What came of the rows of one item in one format."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from tests.equal.judges import UNIQUE, Verdicts

SHOWN = 5
"""Disagreements of an item and a format that are shown; all are counted."""
LEAST = 0.25
"""Share of rows that an engine has to judge by column; about half of them are good and plain."""
HELD = 0.5
"""Share of generated rows that a format has to hold."""
JUDGES = ("by column", "by row", "by meaning")
Reasons = tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Disagreement:
    """A row of which the judges do not say the same."""

    item: str
    form: str
    line: int
    """Of the generated line."""
    reasons: Reasons
    """By judge: the rules that are broken, or subject and key."""
    text: str

    def __str__(self) -> str:
        each = zip(JUDGES, self.reasons, strict=True)
        told = (f"  {name}: {', '.join(found) or '-'}" for name, found in each)
        return "\n".join((f"{self.item} {self.form} line {self.line}", *told, f"  {self.text}"))


@dataclass(slots=True)
class Outcome:
    """What came of one item in one format."""

    item: str
    form: str
    generated: int = 0
    rows: int = 0
    """Lines or rows of the format that were judged."""
    left: Counter[str] = field(default_factory=Counter)
    """Generated lines that the format does not hold, by reason."""
    bad: int = 0
    by_column: int = 0
    """Rows that the engine judged by column."""
    repeated: int = 0
    rules: set[str] = field(default_factory=set)
    """Rules that some row breaks."""
    cross: int = 0
    """Cross-field rules of the item."""
    expressible: bool = True
    """Whether good rows of the item can be judged by column."""
    disagreements: int = 0
    examples: list[Disagreement] = field(default_factory=list)

    @property
    def idle(self) -> bool:
        """Whether equality is no wonder: the engine, or the format, left out rows that it could have had."""
        few = self.by_column < self.rows * LEAST or self.rows < self.generated * HELD
        return self.expressible and few

    def compare(self, verdicts: tuple[Verdicts, ...]) -> Iterator[tuple[int, Reasons]]:
        """Counts what the judges say of some rows; the lines of which they do not say the same."""
        self.bad += len(verdicts[-1].rules)
        self.rules.update(*verdicts[-1].rules.values())
        yield from sorted(_different(verdicts))

    def compare_repeated(self, line_sets: tuple[set[int], ...]) -> Iterator[tuple[int, Reasons]]:
        """The same of the lines with keys that an earlier one has."""
        self.repeated = len(line_sets[-1])
        if line_sets[-1]:
            self.rules.add(UNIQUE)
        for line in sorted(set().union(*line_sets)):
            if not all(line in each for each in line_sets):
                yield line, tuple((UNIQUE,) if line in each else () for each in line_sets)

    def note(self, line: int, reasons: Reasons, text: str) -> None:
        self.disagreements += 1
        if len(self.examples) < SHOWN:
            self.examples.append(Disagreement(self.item, self.form, line, reasons, text))


def _different(verdicts: tuple[Verdicts, ...]) -> Iterator[tuple[int, Reasons]]:
    if any(one.rules != verdicts[0].rules for one in verdicts):
        for line in frozenset().union(*(one.rules for one in verdicts)):
            rule_sets = [one.rules.get(line, frozenset()) for one in verdicts]
            if len(set(rule_sets)) > 1:
                yield line, tuple(tuple(sorted(each)) for each in rule_sets)
    if any(one.keys != verdicts[0].keys for one in verdicts):
        for line in frozenset().union(*(one.keys for one in verdicts)):
            keys = [one.keys.get(line) for one in verdicts]
            if len(set(keys)) > 1:
                yield line, tuple(() if key is None else ("key", *map(str, key)) for key in keys)
