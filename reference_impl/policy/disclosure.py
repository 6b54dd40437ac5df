"""Disclosure: the kind of each field for an audience, and the view of a record."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from reference_impl.desensitization import Context, Disclosed
from reference_impl.desensitization.normalize import identifier
from reference_impl.standard import Catalogue, FieldSpec, ItemSpec
from reference_impl.standard.rules import ConditionError, Variables

SUPPRESSED = "sup"
PERSON_NAME = "person_name"


@dataclass(frozen=True, slots=True)
class Viewpoint:
    """The audience of a view, and its rights."""

    audience: str
    authorized: bool
    """The subject of the record authorized it."""
    own: bool
    """The record is the looking subject's own."""
    persons: frozenset[str]
    """Normal forms of the identifiers of persons whose own authorization counts."""


@dataclass(frozen=True, slots=True)
class Record:
    """The record of a view; its variables are made once, where the item has conditions."""

    item: ItemSpec
    content: Mapping[str, Any]
    subject_type: str
    variables: Variables | None

    @classmethod
    def of(cls, item: ItemSpec, content: Mapping[str, Any], subject_type: str) -> "Record":
        conditional = any(field.class_when for field in item.fields)
        return cls(item, content, subject_type, _variables(item, content) if conditional else None)

    def sensitivity(self, field: FieldSpec) -> str:
        """The class by the first condition that holds, else the field's own."""
        if not field.class_when:
            return field.sensitivity
        if self.variables is None:
            raise ConditionError
        classes = (
            option.sensitivity for option in field.class_when if option.condition.holds(self.variables)
        )
        return next(classes, field.sensitivity)


@dataclass(frozen=True, slots=True)
class Disclosure:
    """The disclosure matrix applied to records; `key` makes the tokens."""

    catalogue: Catalogue
    key: bytes

    def view(  # noqa: PLR0913 - the seam of the query part
        self,
        item: ItemSpec,
        content: Mapping[str, Any],
        subject_type: str,
        audience: str,
        *,
        authorized: bool,
        own: bool,
        persons: frozenset[str],
        recipient: str,
    ) -> dict[str, Disclosed]:
        """Each field that the record holds, as this audience may see it."""
        viewpoint = Viewpoint(audience, authorized, own, frozenset(map(self._identifier, persons)))
        record = Record.of(item, content, subject_type)
        context = Context(self.key, recipient, _names(item, content))
        return {
            field.name: self.catalogue.desensitization.apply(
                field.desensitization_type, self.kind(record, field, viewpoint), content[field.name], context
            )
            for field in item.fields
            if field.name in content
        }

    def kind(self, record: Record, field: FieldSpec, viewpoint: Viewpoint) -> str:
        """The kind of one field: item, class, person, audience, cell, in this order."""
        place = self.place(record, field, viewpoint)
        cell = self.catalogue.desensitization.cells.get(place[:2]) if place else None
        if cell is None or place is None:
            return SUPPRESSED
        return cell.authorized if place[2] == "authorized" else cell.none

    def place(self, record: Record, field: FieldSpec, viewpoint: Viewpoint) -> tuple[str, str, str] | None:
        """The cell that decides on a field: class, audience, `none` or `authorized`; None where none does."""
        if (
            record.item.disclosure == "authorized"
            and viewpoint.audience != "subject"
            and not viewpoint.authorized
        ):
            return None
        is_authorized = self._granted(field, record.content, viewpoint)
        row, column = viewpoint.audience, "authorized" if is_authorized else "none"
        if row == "subject":
            row, column = ("subject" if is_authorized else "public"), "none"
        return self.sensitivity(record, field), row, column

    def sensitivity(self, record: Record, field: FieldSpec) -> str:
        """The class of a field in this record. A condition that cannot be evaluated opens nothing."""
        rules = self.catalogue.desensitization
        try:
            sensitivity = record.sensitivity(field)
        except ConditionError:
            return rules.never_disclosed
        personal = record.subject_type in rules.natural_person_like
        return rules.raised_by_subject.get(sensitivity, sensitivity) if personal else sensitivity

    def _granted(self, field: FieldSpec, content: Mapping[str, Any], viewpoint: Viewpoint) -> bool:
        """True if the subject of a field has authorized its disclosure, or views it itself."""
        if field.person_role is None:
            return viewpoint.own if viewpoint.audience == "subject" else viewpoint.authorized
        identity = content.get(field.identified_by or "")
        return isinstance(identity, str) and self._identifier(identity) in viewpoint.persons

    def _identifier(self, text: str) -> str:
        return identifier(text, self.catalogue.desensitization.tables)


def _variables(item: ItemSpec, content: Mapping[str, Any]) -> Variables | None:
    try:
        return item.variables(content)
    except ConditionError:
        return None


def _names(item: ItemSpec, content: Mapping[str, Any]) -> tuple[str, ...]:
    values = (content.get(f.name) for f in item.fields if f.desensitization_type == PERSON_NAME)
    return tuple(value for value in values if isinstance(value, str))
