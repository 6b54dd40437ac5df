"""One item under all judges: what each says of every line, and where they disagree."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from tests.bulk.equal.judges import UNIQUE, Columnar, Meaning, Said, Single
from tests.bulk.equal.material import Stretch, stretches
from tests.bulk.world import judge

SHOWN = 5
"""Disagreements of an item that are shown; all are counted."""
_LONGEST = 2000
JUDGES = ("by column", "by row", "by meaning")


@dataclass(frozen=True, slots=True)
class Disagreement:
    """A line of which the judges do not say the same."""

    item: str
    line: int
    found: tuple[tuple[str, ...], ...]
    """By judge: the rules that are broken, or subject and key."""
    text: str

    def __str__(self) -> str:
        each = zip(JUDGES, self.found, strict=True)
        told = (f"  {name}: {', '.join(found) or '-'}" for name, found in each)
        return "\n".join((f"{self.item} line {self.line}", *told, f"  {self.text}"))


@dataclass(slots=True)
class Outcome:
    """What came of one item."""

    item: str
    rows: int = 0
    bad: int = 0
    by_column: int = 0
    """Rows that the engine judged by column."""
    controlled: int = 0
    repeated: int = 0
    rules: set[str] = field(default_factory=set)
    """Rules that some line breaks."""
    cross: int = 0
    """Cross-field rules of the item."""
    disagreements: int = 0
    shown: list[Disagreement] = field(default_factory=list)

    def note(self, disagreement: Disagreement) -> None:
        self.disagreements += 1
        if len(self.shown) < SHOWN:
            self.shown.append(disagreement)


def of_item(code: str, rows: int, seed: int, told: Callable[[int], Any]) -> Outcome:
    """Compares so many lines; `told` hears how many more were compared."""
    columnar, single, meaning = Columnar(judge(code)), Single(judge(code)), Meaning(judge(code))
    outcome = Outcome(code, cross=len(judge(code).item.rules))
    for stretch in stretches(code, rows, seed):
        said = (columnar(stretch), single(stretch), meaning(stretch))
        _compare(outcome, stretch, said)
        told(len(stretch.lines))
    _compare_repeated(outcome, (columnar.repeated(), single.repeated(), meaning.repeated()))
    outcome.by_column, outcome.controlled = outcome.rows - columnar.alone, meaning.controlled
    return outcome


def _compare(outcome: Outcome, stretch: Stretch, said: tuple[Said, ...]) -> None:
    outcome.rows += len(stretch.lines)
    outcome.bad += len(said[-1].rules)
    outcome.rules.update(*said[-1].rules.values())
    for line, found in sorted(_different(said)):
        text = stretch.lines[line - stretch.first] if 0 <= line - stretch.first < len(stretch.lines) else b""
        shown = text[:_LONGEST].decode("utf-8", "backslashreplace")
        outcome.note(Disagreement(outcome.item, line, found, shown))


def _different(said: tuple[Said, ...]) -> Iterator[tuple[int, tuple[tuple[str, ...], ...]]]:
    if any(one.rules != said[0].rules for one in said):
        for line in frozenset().union(*(one.rules for one in said)):
            found = [one.rules.get(line, frozenset()) for one in said]
            if len(set(found)) > 1:
                yield line, tuple(tuple(sorted(each)) for each in found)
    if any(one.keys != said[0].keys for one in said):
        for line in frozenset().union(*(one.keys for one in said)):
            keys = [one.keys.get(line) for one in said]
            if len(set(keys)) > 1:
                yield line, tuple(() if key is None else ("key", *map(str, key)) for key in keys)


def _compare_repeated(outcome: Outcome, found: tuple[set[int], ...]) -> None:
    outcome.repeated = len(found[-1])
    if found[-1]:
        outcome.rules.add(UNIQUE)
    for line in sorted(set().union(*found)):
        if not all(line in each for each in found):
            told = tuple((UNIQUE,) if line in each else () for each in found)
            outcome.note(Disagreement(outcome.item, line, told, ""))
