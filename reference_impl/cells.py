"""Platforms in which one cell of the disclosure matrix is another one, derived from the matrix itself.

A change widens a cell to `raw`, or withholds what the cell owes; it holds for the fields that come to the
cell in one way. An audience that nobody can authorize meets its second column by citing what is not its own.
"""

import json
import sys
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from threading import Thread
from typing import Any, Self, TextIO

from reference_impl.desensitization import Desensitization
from reference_impl.http.message import Call
from reference_impl.parts import Body, Parts
from reference_impl.policy.authorization import Authorization
from reference_impl.policy.disclosure import Disclosure, Look, Record
from reference_impl.policy.model import Subject
from reference_impl.policy.query import AUTHORIZED_ONLY
from reference_impl.standard import FieldSpec, ItemSpec

COLUMNS = ("none", "authorized")
KINDS = ("raw", "sup")
SUBJECT = "subject"
"""The audience that gets what is its own without an authorization."""
OWN, PERSON, LIKE = "own", "person", "subject"
REQUIREMENT: Mapping[str, str] = {OWN: "DES-001", PERSON: "DES-001", LIKE: "DES-007"}
"""Which requirement speaks of the fields that come to a cell in each way."""


@dataclass(frozen=True, slots=True)
class Change:
    """One cell, the way in which fields come to it, and the kind it has instead of its own."""

    level: str
    audience: str
    column: str
    way: str
    """The field's `own` class, that of a `person` in the record, or raised by the kind of `subject`."""
    kind: str

    @classmethod
    def of(cls, name: str) -> Self:
        return cls(*name.split("."))

    @property
    def name(self) -> str:
        return f"{self.level}.{self.audience}.{self.column}.{self.way}.{self.kind}"

    def describe(self) -> dict[str, Any]:
        return {"requirement": REQUIREMENT[self.way], "place": [self.level, self.audience, self.column]} | {
            "way": self.way,
            "kind": self.kind,
        }


def changes(items: Sequence[ItemSpec], rules: Desensitization, given: Collection[str]) -> Iterator[Change]:
    """Every change that some field of the checklist can show.

    `given`: the audiences that get items which need an authorization; the others never see their fields.
    """
    audiences = dict.fromkeys(audience for _, audience in rules.cells)
    types: dict[tuple[str, str], set[tuple[str, bool]]] = {}
    for item in items:
        for field in item.fields:
            for place in _ways(field, item, rules):
                closed = item.disclosure == AUTHORIZED_ONLY
                types.setdefault(place, set()).add((field.desensitization_type, closed))
    for (level, way), met in sorted(types.items()):
        for audience in audiences:
            seen = {type_id for type_id, closed in met if not closed or audience in given}
            for column in COLUMNS:
                own = _kind(rules, level, audience, column)
                for kind in KINDS:
                    if any(rules.call(type_id, kind) != rules.call(type_id, own) for type_id in seen):
                        yield Change(level, audience, column, way, kind)


def changed(parts: Parts, change: Change) -> Parts:
    """The parts with this one cell changed."""
    authorizable = parts.codes["audience"][change.audience].get("authorizable", False)
    column = change.column if authorizable else "none"
    wrong = _OneCell(parts.catalogue, parts.token_key, change, column).view
    if authorizable:
        return replace(parts, view=wrong)

    def query_item(call: Call, code: str, asked: Subject, cited: Sequence[Authorization]) -> Body:
        meant = call.party.audience == change.audience and bool(cited) == (change.column == "authorized")
        seen = replace(call, parts=replace(call.parts, view=wrong)) if meant else call
        return parts.query_item(seen, code, asked, cited)

    return replace(parts, query_item=query_item)


class Switch:
    """A platform that becomes another one on request: parts that decide anew for each query."""

    def __init__(self, honest: Parts) -> None:
        self._honest = self._now = honest

    @property
    def changes(self) -> Iterator[Change]:
        catalogue = self._honest.catalogue
        audiences = self._honest.codes["audience"].items()
        given = {code for code, about in audiences if about.get("authorizable") or code == SUBJECT}
        return changes(tuple(catalogue.items.values()), catalogue.desensitization, given)

    @property
    def parts(self) -> Parts:
        return replace(self._honest, query_item=self._query_item)

    def turn(self, name: str) -> None:
        """Become the platform of this change; honest again without a name."""
        self._now = changed(self._honest, Change.of(name)) if name else self._honest

    def _query_item(self, call: Call, *rest: Any) -> Body:
        now = self._now
        return now.query_item(replace(call, parts=now), *rest)


def obey(switch: Switch, orders: TextIO = sys.stdin) -> None:
    """In the background: `list` is answered with all changes; a name turns the platform and is repeated."""

    def listen() -> None:
        for line in map(str.strip, orders):
            if line == "list":
                answer = json.dumps({change.name: change.describe() for change in switch.changes})
            else:
                switch.turn(line)
                answer = line
            print(answer, flush=True)  # noqa: T201

    Thread(target=listen, daemon=True).start()


@dataclass(frozen=True, slots=True)
class _OneCell(Disclosure):
    """The matrix with one change; `column` is the one that such a platform reads."""

    change: Change
    column: str

    def kind(self, record: Record, field: FieldSpec, look: Look) -> str:
        change = self.change
        here = (change.level, change.audience, self.column)
        if self.place(record, field, look) == here and _way(field, change.level) == change.way:
            return change.kind
        return Disclosure.kind(self, record, field, look)


def _way(field: FieldSpec, level: str) -> str:
    """How a field has come to a class."""
    if field.person_role is not None:
        return PERSON
    if field.sensitivity == level:
        return OWN
    return "condition" if any(when.sensitivity == level for when in field.class_when) else LIKE


def _ways(field: FieldSpec, item: ItemSpec, rules: Desensitization) -> Iterator[tuple[str, str]]:
    """The classes to which a field of the item can come without a condition, and how."""
    if field.sensitivity != rules.never_disclosed:
        yield field.sensitivity, _way(field, field.sensitivity)
    like_persons = rules.natural_person_like & set(item.subject_types)
    if field.sensitivity in rules.raised_by_subject and field.person_role is None and like_persons:
        yield rules.raised_by_subject[field.sensitivity], LIKE


def _kind(rules: Desensitization, level: str, audience: str, column: str) -> str:
    cell = rules.cells.get((level, audience))
    return "sup" if cell is None else cell[COLUMNS.index(column)]
