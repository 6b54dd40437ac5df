"""Disclosure of a record to an audience, as expected, and deviations of an actual one."""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from conformance.expect import same
from conformance.model.shapes import Desensitization, Field, Form, Item, Kind
from conformance.model.standard import Standard
from conformance.oracles.cel import CelError, Expression
from conformance.oracles.desensitization import apply
from conformance.oracles.desensitization.characters import normal_form
from conformance.oracles.desensitization.engine import PERSON_NAME
from conformance.oracles.validate import money_fields, rule_variables

_TOKEN = re.compile(r"tk_[0-9a-f]{22}")
_ANY_KEY, _ANY_RECIPIENT = bytes(16), "any"
"""Whether a value yields a token does not depend on the platform's key, only the token does."""


Place = tuple[str, str, str]
"""A cell of the matrix, perhaps one that it leaves out: class, audience, and `none` or `authorized`."""


@dataclass(frozen=True, slots=True)
class ExpectedField:
    """The only right form of a field, and its value; a token's value is judged by its shape."""

    form: Form
    value: Any
    sensitivity: str
    kind: Kind
    place: Place | None = None
    """The cell of the matrix that says so; None where nothing but the item's own disclosure does."""

    def accepts(self, actual: Any) -> bool:
        """True if a field of a reply (None: left out) is this one."""
        if self.form is Form.WITHHELD:
            return actual is None or _is_withheld(actual)
        if not isinstance(actual, dict) or actual.get("form") != self.form:
            return False
        if self.form is Form.BUCKET:
            return all(same(actual.get(name), self.value[name]) for name in ("min", "max", "unit"))
        if self.form is Form.TOKEN:
            return isinstance(actual.get("value"), str) and bool(_TOKEN.fullmatch(actual["value"]))
        return "value" in actual and same(actual["value"], self.value)

    @property
    def shown(self) -> dict[str, Any]:
        """As a report shows it."""
        match self.form:
            case Form.WITHHELD:
                return {"form": "withheld"}
            case Form.BUCKET:
                return {"form": "bucket", **self.value}
            case Form.TOKEN:
                return {"form": "token", "value": "tk_…"}
        return {"form": str(self.form), "value": self.value}


@dataclass(frozen=True, slots=True)
class Deviation:
    """A field that was not disclosed as it should be. `actual` is None where it was left out."""

    field: str
    expected: Any
    actual: Any


def view(  # noqa: PLR0913, PLR0917  # all that the view of a record depends on
    standard: Standard,
    item: Item,
    content: Mapping[str, Any],
    subject_type: str,
    audience: str,
    authorized: bool,  # noqa: FBT001
    persons: Collection[str] = (),
) -> Mapping[str, ExpectedField]:
    """The expected view of every field that the content has.

    `authorized`: an authorization of the subject matches. `persons`: resident identity numbers of the persons
    whose own authorizations match, and, for the audience `subject`, of the asserted subject.
    """
    record = _Record(
        standard.desensitization, item, content, subject_type, audience, authorized, frozenset(persons)
    )
    names = record.names()
    return {f.name: record.expected(f, names) for f in item.fields if f.name in content}


def judge_view(expected: Mapping[str, ExpectedField], actual: Any) -> list[Deviation]:
    """Every field of a disclosed record that deviates, and every field that should not be there at all."""
    fields = actual if isinstance(actual, dict) else {}
    wrong = [
        Deviation(name, field.shown, fields.get(name))
        for name, field in expected.items()
        if not field.accepts(fields.get(name))
    ]
    extra = ((n, v) for n, v in fields.items() if n not in expected)
    wrong += [
        Deviation(n, {"form": "withheld"}, v) for n, v in extra if v is not None and not _is_withheld(v)
    ]
    return wrong


def sensitive_values(
    expected: Mapping[str, ExpectedField], content: Mapping[str, Any]
) -> tuple[dict[str, str], frozenset[str]]:
    """The values a reply must not hold in any encoding, by field, and all texts that it lawfully holds."""
    secret: dict[str, str] = {}
    lawful: set[str] = set()
    for name, field in expected.items():
        for pointer, leaf in _leaves(content[name], name):
            if field.form is Form.RAW and field.value == content[name]:
                lawful.add(leaf)
            else:
                secret[pointer] = leaf
        if field.form in (Form.RAW, Form.MASKED, Form.BUCKET):
            lawful |= {leaf for _, leaf in _leaves(field.value, name)}
    return secret, frozenset(lawful)


@dataclass(frozen=True, slots=True)
class _Record:
    """A record, who asks for it, and what was allowed."""

    rules: Desensitization
    item: Item
    content: Mapping[str, Any]
    subject_type: str
    audience: str
    authorized: bool
    persons: frozenset[str]

    def names(self) -> list[str]:
        """Names of persons that the record holds: they are masked in its free texts."""
        return [
            self.content[f.name]
            for f in self.item.fields
            if f.desensitization_type == PERSON_NAME and isinstance(self.content.get(f.name), str)
        ]

    def expected(self, field: Field, names: Sequence[str]) -> ExpectedField:
        """`names`: as `names()` gives them, collected once for all fields."""
        place = self.place(field)
        kind = self.kind(place)
        value = self.content[field.name]
        options: dict[str, Any] = {"key": _ANY_KEY, "recipient": _ANY_RECIPIENT, "names": names}
        disclosed = apply(self.rules, field.desensitization_type, kind, value, **options)
        comparable = None if disclosed.form is Form.TOKEN else disclosed.value
        level = self.sensitivity(field) or field.sensitivity
        return ExpectedField(disclosed.form, comparable, level, kind, place)

    def place(self, field: Field) -> Place | None:
        """The cell that decides on a field."""
        is_subject = self.audience == "subject"
        level = self.sensitivity(field)
        if level is None or (self.item.disclosure == "authorized" and not is_subject and not self.authorized):
            return None
        authorized, audience = self.authorized, self.audience
        if field.person is not None:
            authorized = self.is_person(self.content.get(field.person.identified_by or ""))
            audience = "public" if is_subject and not authorized else audience
        return level, audience, "authorized" if authorized else "none"

    def kind(self, place: Place | None) -> Kind:
        """The kind in which a field is disclosed."""
        cell = self.rules.cells.get(place[:2]) if place else None
        if cell is None or place is None:
            return Kind.SUP
        return cell.authorized if place[2] == "authorized" else cell.none

    def sensitivity(self, field: Field) -> str | None:
        """The class of the field in this record; None where a condition has no value."""
        try:
            variables = rule_variables(self.content, money_fields(self.item)) if field.class_when else {}
            conditional = (c for c in field.class_when if Expression(c.condition).evaluate(variables))
            level = next((c.sensitivity for c in conditional), field.sensitivity)
        except (CelError, ValueError):
            return None
        return self.rules.class_of(level, self.subject_type)

    def is_person(self, identifier: Any) -> bool:
        """True if the identifier is that of one of the persons."""
        if not isinstance(identifier, str):
            return False
        forms = {normal_form(person, "id", self.rules.tables) for person in self.persons}
        return normal_form(identifier, "id", self.rules.tables) in forms - {""}


def _is_withheld(actual: Any) -> bool:
    """Says that it is withheld, and nothing else."""
    return (
        isinstance(actual, dict)
        and actual.get("form") == Form.WITHHELD
        and all(name == "form" or value is None for name, value in actual.items())
    )


def _leaves(value: Any, pointer: str) -> Iterator[tuple[str, str]]:
    """The texts and numbers within a value, by place."""
    if isinstance(value, dict):
        for key, part in value.items():
            yield from _leaves(part, f"{pointer}/{key}")
    elif isinstance(value, list):
        for n, part in enumerate(value):
            yield from _leaves(part, f"{pointer}/{n}")
    elif value is not None and not isinstance(value, bool):
        yield pointer, str(value)
