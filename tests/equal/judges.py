"""Three judges of the lines of a stretch: the engine, single rows, and the second writing of the meaning."""

import io
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from conformance.data.batch import Batch, Unreadable
from conformance.data.check.batch import IDENTITY, examine
from conformance.data.check.judge import ItemJudge
from conformance.data.files.ndjson.read import LineBatch, batches
from conformance.data.keys.duplicates import Repeats
from conformance.data.rows import Reason, Row
from tests.conformance.data.reference_judge import meaning, strict
from tests.equal.cached_judge import remembered_meaning
from tests.equal.material import Stretch

UNREADABLE = frozenset({"line"})
"""Why a line is no row has more names than the meaning knows."""
UNIQUE = "unique"
_CONTROLLED = 50
"""Of so many rows one is judged by the meaning without memory, too."""
Key = tuple[str | None, ...]


@dataclass(slots=True)
class Verdicts:
    """What one judge says of lines, by their numbers."""

    rules: dict[int, frozenset[str]] = field(default_factory=dict)
    """The rules that bad lines break."""
    keys: dict[int, Key] = field(default_factory=dict)
    """Subject and key of the lines that are compared with others."""


class Columnar:
    """The check of files: by column where that is proof, by single rows where not."""

    def __init__(self, judge: ItemJudge) -> None:
        self.alone = 0
        """Rows that were judged as single ones."""
        self._judge, self._reasons = replace(judge, reasons=self._counted), judge.reasons
        self._repeats = Repeats((IDENTITY, *judge.key))

    def _counted(self, row: Row) -> tuple[Reason, ...]:
        self.alone += 1
        return self._reasons(row)

    def __call__(self, batches: Iterable[Batch]) -> Verdicts:
        verdicts = Verdicts()
        for batch in batches:
            examined = examine(batch, self._judge)
            verdicts.rules |= {bad.line: ids(bad.reasons) for bad in examined.bad}
            verdicts.keys |= {line: tuple(key) for _, line, *key in examined.keys.iter_rows()}
            self._repeats.add(examined.keys)
        return verdicts

    def repeated(self) -> set[tuple[int, int]]:
        """Files and lines."""
        with self._repeats as repeats:
            return {place for frame in repeats.repeated() for place in frame.select("source", "line").rows()}


class Again:
    """Finds repeated keys by remembering all of them."""

    def __init__(self) -> None:
        self.lines: set[int] = set()
        self._seen: set[Key] = set()

    def note(self, verdicts: Verdicts) -> None:
        """The keys in the order in which they were met."""
        for line, key in verdicts.keys.items():
            if key in self._seen:
                self.lines.add(line)
            self._seen.add(key)


class Single:
    """The judge of single rows, of every row."""

    def __init__(self, judge: ItemJudge) -> None:
        self._judge = judge

    def __call__(self, stretch: Stretch) -> Verdicts:
        verdicts = Verdicts()
        for batch in read(stretch):
            for number in range(len(batch)):
                self.judge(verdicts, batch.line(number), batch.value(number))
        return verdicts

    def judge(self, verdicts: Verdicts, line: int, row: dict[str, Any] | Unreadable) -> None:
        reasons = self._judge.reasons(row)
        if reasons:
            verdicts.rules[line] = ids(reasons)
        if not isinstance(row, Unreadable):
            key = key_of(self._judge, row, frozenset(reason.member for reason in reasons))
            if key is not None:
                verdicts.keys[line] = key


class Meaning:
    """jsonschema and cel-python, of rows that it reads and counts itself."""

    def __init__(self, judge: ItemJudge) -> None:
        self.controlled = 0
        self._judge = judge
        self._broken, self._plain = remembered_meaning(judge.item), meaning(judge.item)
        self._fields = {rule.id: rule.fields for rule in judge.item.rules}

    def __call__(self, stretch: Stretch) -> tuple[dict[int, dict[str, Any]], Verdicts]:
        """The rows, too."""
        rows, verdicts = {}, Verdicts()
        for line, text in enumerate(stretch.lines, stretch.first):
            row = strict(text) if len(text) < stretch.longest else None
            if row is None:
                verdicts.rules[line] = UNREADABLE
            else:
                rows[line] = row
                self.judge(verdicts, line, row)
        return rows, verdicts

    def judge(self, verdicts: Verdicts, line: int, row: Mapping[str, Any]) -> None:
        broken = self._judged(line, row)
        if broken:
            verdicts.rules[line] = broken
        key = key_of(self._judge, row, frozenset(map(self._member, broken)))
        if key is not None:
            verdicts.keys[line] = key

    def _judged(self, line: int, row: Mapping[str, Any]) -> frozenset[str]:
        broken = self._broken(row)
        if line % _CONTROLLED == 0:
            self.controlled += 1
            if broken != (plain := self._plain(row)):
                raise RuntimeError(f"memory is wrong: {sorted(broken)}, {sorted(plain)}")
        return broken

    def _member(self, rule: str) -> str:
        """The member at fault: of a cross-field rule the first."""
        return next(iter(self._fields[rule]), "") if rule in self._fields else rule.rpartition("/")[0]


def read(stretch: Stretch) -> Iterator[LineBatch]:
    """As the check of files reads NDJSON."""
    first = stretch.first
    return batches(
        io.BytesIO(stretch.text),
        0,
        first=first - 1,
        start_line=first,
        size=stretch.size,
        longest=stretch.longest,
    )


def ids(reasons: Iterable[Reason]) -> frozenset[str]:
    found = frozenset(reason.rule for reason in reasons)
    return UNREADABLE if any(rule.startswith("line/") for rule in found) else found


def key_of(judge: ItemJudge, row: Mapping[str, Any], at_fault: frozenset[str]) -> Key | None:
    """Subject and key as texts, where nothing is wrong with them and there is a subject."""
    first, *_ = judge.identifiers
    identifier = next((name for name in judge.identifiers if name in row), None)
    if identifier is None or not at_fault.isdisjoint((*judge.identifiers, *judge.key)):
        return None
    subject = str(row[identifier]) if identifier == first else f"{identifier}:{row[identifier]}"
    return (subject, *(_text(row.get(name)) for name in judge.key))


def _text(value: Any) -> str | None:
    """Equal values of JSON have equal texts: 1.0 is 1."""
    if isinstance(value, bool):
        return str(value).lower()
    return None if value is None else str(int(value) if isinstance(value, float) else value)
