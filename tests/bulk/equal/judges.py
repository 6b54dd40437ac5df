"""Three judges of the lines of a stretch: the engine, single rows, and the second writing of the meaning."""

import io
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from conformance.bulk.batch import Unreadable
from conformance.bulk.check.examine import IDENTITY, examine
from conformance.bulk.check.judge import Judge
from conformance.bulk.ndjson import LineBatch, batches
from conformance.bulk.repeats import Repeats
from conformance.bulk.rows import Reason, Row
from tests.bulk.equal.material import Stretch
from tests.bulk.equal.remembered import remembered_meaning
from tests.bulk.meaning import meaning, strict

UNREADABLE = frozenset({"line"})
"""Why a line is no row has more names than the meaning knows."""
UNIQUE = "unique"
_CONTROLLED = 50
"""Of so many rows one is judged by the meaning without memory, too."""
Key = tuple[str | None, ...]


@dataclass(slots=True)
class Said:
    """What one judge says of lines, by their numbers."""

    rules: dict[int, frozenset[str]] = field(default_factory=dict)
    """The rules that bad lines break."""
    keys: dict[int, Key] = field(default_factory=dict)
    """Subject and key of the lines that are compared with others."""


class Columnar:
    """The check of files: by column where that is proof, by single rows where not."""

    def __init__(self, judge: Judge) -> None:
        self.alone = 0
        """Rows that were judged as single ones."""
        self._judge, self._reasons = replace(judge, reasons=self._counted), judge.reasons
        self._repeats = Repeats((IDENTITY, *judge.key))

    def _counted(self, row: Row) -> tuple[Reason, ...]:
        self.alone += 1
        return self._reasons(row)

    def __call__(self, stretch: Stretch) -> Said:
        said = Said()
        for batch in read(stretch):
            examined = examine(batch, self._judge)
            said.rules |= {bad.line: ids(bad.reasons) for bad in examined.bad}
            said.keys |= {line: tuple(key) for _, line, *key in examined.keys.iter_rows()}
            self._repeats.add(examined.keys)
        return said

    def repeated(self) -> set[int]:
        with self._repeats as repeats:
            return {line for frame in repeats.repeated() for line in frame["line"]}


class _ByKey:
    """Finds repeated keys by remembering all of them."""

    def __init__(self, judge: Judge) -> None:
        self.judge = judge
        self._seen: set[Key] = set()
        self._again: set[int] = set()

    def repeated(self) -> set[int]:
        return self._again

    def _note(self, said: Said, line: int, row: Mapping[str, Any], at_fault: frozenset[str]) -> None:
        key = key_of(self.judge, row, at_fault)
        if key is None:
            return
        said.keys[line] = key
        if key in self._seen:
            self._again.add(line)
        self._seen.add(key)


class Single(_ByKey):
    """The judge of single rows, of every row."""

    def __call__(self, stretch: Stretch) -> Said:
        said = Said()
        for batch in read(stretch):
            for number in range(len(batch)):
                line, row = batch.line(number), batch.value(number)
                reasons = self.judge.reasons(row)
                if reasons:
                    said.rules[line] = ids(reasons)
                if not isinstance(row, Unreadable):
                    self._note(said, line, row, frozenset(reason.member for reason in reasons))
        return said


class Meaning(_ByKey):
    """jsonschema and cel-python, of rows that it reads and counts itself."""

    def __init__(self, judge: Judge) -> None:
        super().__init__(judge)
        self.controlled = 0
        self._broken, self._plain = remembered_meaning(judge.item), meaning(judge.item)
        self._fields = {rule.id: rule.fields for rule in judge.item.rules}

    def __call__(self, stretch: Stretch) -> Said:
        said = Said()
        for line, text in enumerate(stretch.lines, stretch.first):
            row = strict(text) if len(text) < stretch.longest else None
            broken = UNREADABLE if row is None else self._judged(line, row)
            if broken:
                said.rules[line] = broken
            if row is not None:
                self._note(said, line, row, frozenset(map(self._member, broken)))
        return said

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


def key_of(judge: Judge, row: Mapping[str, Any], at_fault: frozenset[str]) -> Key | None:
    """Subject and key as texts, where nothing is wrong with them and there is a subject."""
    first, *_ = judge.identifiers
    named = next((name for name in judge.identifiers if name in row), None)
    if named is None or not at_fault.isdisjoint((*judge.identifiers, *judge.key)):
        return None
    subject = str(row[named]) if named == first else f"{named}:{row[named]}"
    return (subject, *(_text(row.get(name)) for name in judge.key))


def _text(value: Any) -> str | None:
    """Equal values of JSON have equal texts: 1.0 is 1."""
    if isinstance(value, bool):
        return str(value).lower()
    return None if value is None else str(int(value) if isinstance(value, float) else value)
