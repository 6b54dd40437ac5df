"""Disclosure requests: who gets the rows of an item, and what becomes of a row. This is what masking means.

The envelope of a row (subject, record) is disclosed too. A reply to a query repeats the subject that was
asked for and identifies the record; a file has to identify the subject of each row. So identifiers of the
subject have the class of their element, what a reply says of its record is open, and everything else is
withheld.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from conformance.model.shapes import Desensitization, Field, Item, JsonSchema, Kind
from conformance.model.standard import Standard
from conformance.model.text import Text
from conformance.oracles.desensitization import Disclosed, apply
from conformance.oracles.desensitization.engine import PERSON_NAME
from conformance.oracles.disclosure import view

SUBJECT_TYPE = "subject.type"
ITEM_CODE = "record.item_code"
_OPEN = frozenset(
    {
        SUBJECT_TYPE,
        ITEM_CODE,
        "record.id",
        "record.version",
        "record.as_of",
        "record.provider_uscc",
    }
)
"""Members that the reply to a query gives with a disclosed record."""
_SUBJECT = "subject."
_NAME = "subject.name"


@dataclass(frozen=True)
class DisclosureRequest:
    """An item, the audience that gets its rows, and the authorizations."""

    standard: Standard
    item: Item
    audience: str
    """Code of the code set `audience`."""
    authorized: bool = False
    """The authorization of the subject of every row matches."""
    persons: frozenset[str] = frozenset()
    """Resident identity numbers of the persons whose own authorizations match."""
    subject_type: str | None = None
    """Type of the subjects of rows without one; None: the strictest."""
    key: bytes = b""
    """Key of the pseudonyms."""
    recipient: str = ""
    """Identifier of the recipient of the pseudonyms."""

    def disclose(self, row: Mapping[str, Any]) -> dict[str, Disclosed]:
        """Every member of a row that is a field of the item or the envelope, as the standard discloses it."""
        type_ = self.type_of(row.get(SUBJECT_TYPE))
        envelope = self.envelope(natural=self.is_natural(type_))
        around = {f.name for f in envelope.fields}
        content = {name: value for name, value in row.items() if name not in around}
        enveloping = {name: value for name, value in row.items() if name in around}
        names = self.names(content)
        kinds = self.kinds(self.item, content, type_) | self.kinds(envelope, enveloping, type_)
        return {
            f.name: self.value(f, kinds[f.name], row[f.name], names)
            for f in (*self.item.fields, *envelope.fields)
            if f.name in row
        }

    def kinds(self, item: Item, content: Mapping[str, Any], subject_type: str) -> dict[str, Kind]:
        """The kind in which each member of a content is disclosed, by field."""
        expected = view(
            self.standard, item, content, subject_type, self.audience, self.authorized, self.persons
        )
        return {name: field.kind for name, field in expected.items()}

    def value(self, field: Field, kind: Kind, value: Any, names: tuple[str, ...] = ()) -> Disclosed:
        """One value in a kind; `names` are those of the persons of its record."""
        rules = self.standard.desensitization
        options: dict[str, Any] = {"key": self.key, "recipient": self.recipient, "names": names}
        return apply(rules, field.desensitization_type, kind, value, **options)

    def names(self, content: Mapping[str, Any]) -> tuple[str, ...]:
        """The names of persons in a content."""
        values = (content.get(name) for name in self.name_fields)
        return tuple(value for value in values if isinstance(value, str))

    @cached_property
    def name_fields(self) -> tuple[str, ...]:
        """Fields of the item that hold names of persons."""
        return tuple(f.name for f in self.item.fields if f.desensitization_type == PERSON_NAME)

    def envelope(self, *, natural: bool) -> Item:
        """The envelope of a row as an item; `natural`: the subject is like a natural person."""
        return self._envelopes[natural]

    @cached_property
    def _envelopes(self) -> tuple[Item, Item]:
        schema = self.standard.checklist.row_schema
        rules = self.standard.desensitization
        ordinary, natural = (_envelope_fields(schema, rules, natural=each) for each in (False, True))
        return replace(self.item, fields=ordinary), replace(self.item, fields=natural)

    def is_natural(self, subject_type: str) -> bool:
        """True if the standard treats subjects of a type like natural persons."""
        return subject_type in self.standard.desensitization.natural_person_like

    def type_of(self, code: Any) -> str:
        """The type of the subject that a row states. An unknown one may be a natural person."""
        codes = self.standard.codes["subject_type"].codes
        if isinstance(code, str) and code in codes:
            return code
        strictest = min(self.standard.desensitization.natural_person_like, default="")
        return self.subject_type if code is None and self.subject_type is not None else strictest

    @property
    def gives_nothing(self) -> bool:
        """True if the audience gets no record at all: a query would answer `not_authorized`."""
        cells = self.standard.desensitization.cells
        closed = self.item.disclosure == "authorized" and self.audience != "subject" and not self.authorized
        return closed or not any(audience == self.audience for _, audience in cells)


def _envelope_fields(schema: JsonSchema, rules: Desensitization, *, natural: bool) -> tuple[Field, ...]:
    members = schema.get("properties", {}).items()
    return tuple(
        _envelope_field(name, member, _envelope_class(name, member, rules, natural=natural))
        for name, member in members
    )


def _envelope_field(name: str, schema: Any, sensitivity: str) -> Field:
    title = schema.get("x-title", {})
    return Field(
        name=name,
        title=Text(title.get("zh", name), title.get("en", name)),
        element=name,
        required=False,
        sensitivity=sensitivity,
        class_when=(),
        desensitization_type=schema.get("x-desensitization", "plain"),
        person=None,
        code_set=schema.get("x-code-set"),
        unit=None,
        schema=schema,
    )


def _envelope_class(name: str, schema: Any, rules: Desensitization, *, natural: bool) -> str:
    if name in _OPEN:
        return rules.lawfully_public
    if not name.startswith(_SUBJECT):
        return rules.never_disclosed
    if name == _NAME and natural:  # the name of the subject is that of a person
        return min(rules.personal, key=rules.classes.index)
    return str(schema.get("x-class", rules.never_disclosed))
