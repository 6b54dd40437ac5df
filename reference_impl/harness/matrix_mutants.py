"""Platforms with one changed cell of the disclosure matrix, derived from the matrix itself.

A change widens a cell to `raw`, or withholds what the cell owes; it applies to fields whose class has one
origin. An audience that nobody can authorize reaches the second column by citing what is not its own.
"""

import json
import sys
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from threading import Thread
from typing import Any, Self, TextIO

from reference_impl.desensitization import Desensitization
from reference_impl.parts import Parts
from reference_impl.parts.base import BaseParts
from reference_impl.parts.desensitization import DesensitizationParts
from reference_impl.parts.query import QueryParts
from reference_impl.policy.authorization import Authorization
from reference_impl.policy.disclosure import Disclosure, Record, Viewpoint
from reference_impl.policy.model import Subject
from reference_impl.policy.query import AUTHORIZED_ONLY
from reference_impl.standard import FieldSpec, ItemSpec
from reference_impl.wire.message import Call

COLUMNS = ("none", "authorized")
KINDS = ("raw", "sup")
SUBJECT = "subject"
"""The audience that sees its own records without an authorization."""
OWN, PERSON, LIKE = "own", "person", "subject"
REQUIREMENT: Mapping[str, str] = {OWN: "DES-001", PERSON: "DES-001", LIKE: "DES-007"}
"""The requirement about fields of a cell, by the origin of their class."""


@dataclass(frozen=True, slots=True)
class Change:
    """One cell, the origin of its fields' class, and the kind it has instead of its own."""

    level: str
    audience: str
    column: str
    origin: str
    """The field's `own` class, that of a `person` in the record, or raised by the kind of `subject`."""
    kind: str

    @classmethod
    def of(cls, name: str) -> Self:
        """The change of a name."""
        return cls(*name.split("."))

    @property
    def name(self) -> str:
        """The change as one word, for orders on stdin."""
        return f"{self.level}.{self.audience}.{self.column}.{self.origin}.{self.kind}"

    def describe(self) -> dict[str, Any]:
        """The change as JSON, with the requirement that a platform with it breaks."""
        return {
            "requirement": REQUIREMENT[self.origin],
            "place": [self.level, self.audience, self.column],
            "way": self.origin,
            "kind": self.kind,
        }


def changes(
    items: Sequence[ItemSpec], rules: Desensitization, audiences_of_closed_items: Collection[str]
) -> Iterator[Change]:
    """Every change that some field of the checklist can show.

    Fields of items that need an authorization count only for `audiences_of_closed_items`.
    """
    audiences = dict.fromkeys(audience for _, audience in rules.cells)
    types: dict[tuple[str, str], set[tuple[str, bool]]] = {}
    for item in items:
        for field in item.fields:
            for place in _origins(field, item, rules):
                closed = item.disclosure == AUTHORIZED_ONLY
                types.setdefault(place, set()).add((field.desensitization_type, closed))
    for (level, origin), fields in sorted(types.items()):
        for audience in audiences:
            visible_types = {
                type_id for type_id, closed in fields if not closed or audience in audiences_of_closed_items
            }
            for column in COLUMNS:
                original_kind = _kind(rules, level, audience, column)
                for kind in KINDS:
                    if any(
                        rules.call(type_id, kind) != rules.call(type_id, original_kind)
                        for type_id in visible_types
                    ):
                        yield Change(level, audience, column, origin, kind)


def changed(parts: Parts, change: Change) -> Parts:
    """The parts with this one cell changed."""
    catalogue, desensitization = parts[BaseParts].catalogue, parts[DesensitizationParts]
    authorizable = catalogue.codes["audience"][change.audience].get("authorizable", False)
    column = change.column if authorizable else "none"
    view = _OneCell(catalogue, desensitization.token_key, change, column).view
    if authorizable:
        return parts.with_groups(replace(desensitization, view=view))

    def query_item(call: Call, code: str, subject: Subject, cited: Sequence[Authorization]) -> dict[str, Any]:
        concerned = call.party.audience == change.audience and bool(cited) == (change.column == "authorized")
        if concerned:
            group = replace(call.parts[DesensitizationParts], view=view)
            call = replace(call, parts=call.parts.with_groups(group))
        return parts[QueryParts].query_item(call, code, subject, cited)

    return parts.with_groups(replace(parts[QueryParts], query_item=query_item))


class Switch:
    """A platform that becomes another one on request: its queries are decided by the current parts."""

    def __init__(self, honest: Parts) -> None:
        self._honest = self._current = honest

    @property
    def changes(self) -> Iterator[Change]:
        """Every change that this platform can show."""
        catalogue = self._honest[BaseParts].catalogue
        audiences = catalogue.codes["audience"].items()
        audiences_of_closed_items = {
            code for code, row in audiences if row.get("authorizable") or code == SUBJECT
        }
        return changes(tuple(catalogue.items.values()), catalogue.desensitization, audiences_of_closed_items)

    @property
    def parts(self) -> Parts:
        """The parts of the platform that switches."""
        query = replace(self._honest[QueryParts], query_item=self._query_item)
        return self._honest.with_groups(query)

    def turn(self, name: str) -> None:
        """Become the platform of this change; honest again for an empty name."""
        self._current = changed(self._honest, Change.of(name)) if name else self._honest

    def _query_item(self, call: Call, *query: Any) -> dict[str, Any]:
        parts = self._current
        return parts[QueryParts].query_item(replace(call, parts=parts), *query)


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

    def kind(self, record: Record, field: FieldSpec, viewpoint: Viewpoint) -> str:
        change = self.change
        changed_cell = (change.level, change.audience, self.column)
        if (
            self.place(record, field, viewpoint) == changed_cell
            and _origin(field, change.level) == change.origin
        ):
            return change.kind
        return Disclosure.kind(self, record, field, viewpoint)


def _origin(field: FieldSpec, level: str) -> str:
    """Origin of a field's class."""
    if field.person_role is not None:
        return PERSON
    if field.sensitivity == level:
        return OWN
    return "condition" if any(when.sensitivity == level for when in field.class_when) else LIKE


def _origins(field: FieldSpec, item: ItemSpec, rules: Desensitization) -> Iterator[tuple[str, str]]:
    """The classes that a field of the item can have without a condition, each with its origin."""
    if field.sensitivity != rules.never_disclosed:
        yield field.sensitivity, _origin(field, field.sensitivity)
    like_persons = rules.natural_person_like & set(item.subject_types)
    if field.sensitivity in rules.raised_by_subject and field.person_role is None and like_persons:
        yield rules.raised_by_subject[field.sensitivity], LIKE


def _kind(rules: Desensitization, level: str, audience: str, column: str) -> str:
    cell = rules.cells.get((level, audience))
    return "sup" if cell is None else cell[COLUMNS.index(column)]
