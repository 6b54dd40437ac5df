"""On which terms rows are disclosed, and what becomes of a row: the meaning of masking, row by row."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from conformance.data.mask.envelope import SUBJECT_TYPE, envelope_fields
from conformance.model.shapes import Field, Item, Kind
from conformance.model.standard import Standard
from conformance.oracles.desensitization import Disclosed, apply
from conformance.oracles.desensitization.engine import PERSON_NAME
from conformance.oracles.disclosure import view


@dataclass(frozen=True)
class Terms:
    """An item, who gets its rows, and what was authorized."""

    standard: Standard
    item: Item
    audience: str
    authorized: bool = False
    """The subjects' own authorizations match."""
    persons: frozenset[str] = frozenset()
    """Resident identity numbers of the persons whose own authorizations match."""
    subject_type: str | None = None
    """Type of the subjects of rows that do not say it."""
    key: bytes = b""
    recipient: str = ""

    def disclosed(self, row: Mapping[str, Any]) -> dict[str, Disclosed]:
        """Every member of a row that the item or the envelope knows, as the standard discloses it."""
        type_ = self.type_of(row.get(SUBJECT_TYPE))
        envelope = self.envelope(natural=self.is_natural(type_))
        own = {f.name for f in envelope.fields}
        content = {name: value for name, value in row.items() if name not in own}
        around = {name: value for name, value in row.items() if name in own}
        names = self.names(content)
        kinds = self.kinds(self.item, content, type_) | self.kinds(envelope, around, type_)
        return {
            f.name: self.value(f, kinds[f.name], row[f.name], names)
            for f in (*self.item.fields, *envelope.fields)
            if f.name in row
        }

    def kinds(self, item: Item, content: Mapping[str, Any], subject_type: str) -> dict[str, Kind]:
        """The kind in which each member of a content is disclosed."""
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
        found = (content.get(name) for name in self.name_fields)
        return tuple(name for name in found if isinstance(name, str))

    @cached_property
    def name_fields(self) -> tuple[str, ...]:
        """Fields of the item that hold names of persons."""
        return tuple(f.name for f in self.item.fields if f.desensitization_type == PERSON_NAME)

    def envelope(self, *, natural: bool) -> Item:
        """What a row says around its content, in the form of an item."""
        return self._envelopes[natural]

    @cached_property
    def _envelopes(self) -> tuple[Item, Item]:
        schema = self.standard.checklist.row_schema
        rules = self.standard.desensitization
        ordinary, natural = (envelope_fields(schema, rules, natural=each) for each in (False, True))
        return replace(self.item, fields=ordinary), replace(self.item, fields=natural)

    def is_natural(self, subject_type: str) -> bool:
        return subject_type in self.standard.desensitization.natural_person_like

    def type_of(self, given: Any) -> str:
        """The type of the subject that a row names. An unknown one may be a natural person."""
        known = self.standard.codes["subject_type"].codes
        if isinstance(given, str) and given in known:
            return given
        strictest = min(self.standard.desensitization.natural_person_like, default="")
        return self.subject_type if given is None and self.subject_type is not None else strictest

    @property
    def gives_nothing(self) -> bool:
        """Whether the audience gets no record at all: a query would answer `not_authorized`."""
        cells = self.standard.desensitization.cells
        closed = self.item.disclosure == "authorized" and self.audience != "subject" and not self.authorized
        return closed or not any(audience == self.audience for _, audience in cells)
