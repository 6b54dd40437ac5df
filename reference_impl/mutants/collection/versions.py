"""Records by versions of the checklist, and with what a province adds, collected wrong."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from reference_impl.clock import on_day, with_checklist
from reference_impl.mutants import breaks
from reference_impl.parts import Parts
from reference_impl.parts.base import BaseParts
from reference_impl.parts.collection import CollectionParts
from reference_impl.parts.desensitization import DesensitizationParts
from reference_impl.standard import Edition, Rejection

AS_COLLECTED = {
    "COL-001": "valid records have added fields",
    "COL-008": "valid records of rural subjects have added fields",
    "COL-007": "a batch may hold valid records with added fields",
}


def added(base: BaseParts, record: Any) -> set[str]:
    """The members of a record's content that the province has added."""
    item = base.catalogue.items.get(record.get("item_code", "")) if isinstance(record, dict) else None
    content = record.get("content") if item else None
    provincial = {f.name for f in item.fields if f.legal_basis} if item else set()
    return provincial & content.keys() if isinstance(content, dict) else set()


@breaks("COL-020", also=AS_COLLECTED | {"CAT-011": "the item that it delivers has added fields"})
def added_fields_are_unknown(parts: Parts) -> Parts:
    """Records are validated by the national checklist, to which the added fields are foreign."""

    def validate(record: object) -> Sequence[Rejection]:
        faults = parts[CollectionParts].validate_record(record)
        text = parts[BaseParts].catalogue.texts["forbidden_field"]
        foreign = (
            Rejection("forbidden_field", f"/content/{n}", None, text) for n in added(parts[BaseParts], record)
        )
        return [*faults, *foreign]

    return parts.with_groups(replace(parts[CollectionParts], validate_record=validate))


@breaks(
    "COL-020",
    also={
        "CAT-011": "the item that it delivers has added fields",
        "COL-008": "records of rural subjects lack the added fields, too",
    },
)
def added_fields_are_required(parts: Parts) -> Parts:
    """A record without the fields that the province adds is sent back as incomplete."""

    def validate(record: object) -> Sequence[Rejection]:
        faults = list(parts[CollectionParts].validate_record(record))
        item = (
            parts[BaseParts].catalogue.items.get(record.get("item_code", ""))
            if isinstance(record, dict)
            else None
        )
        provincial = {f.name for f in item.fields if f.legal_basis} if item else set()
        is_complete = isinstance(record, dict) and len(record.get("content") or ()) > len(provincial) + 5
        if faults or not is_complete or not provincial or added(parts[BaseParts], record):
            return faults
        text = parts[BaseParts].catalogue.texts["schema"]
        return [Rejection("schema", f"/content/{name}", None, text) for name in sorted(provincial)]

    return parts.with_groups(replace(parts[CollectionParts], validate_record=validate))


@breaks(
    "COL-020",
    also={
        "DES-001": "added fields are not shown",
        "DES-003": "added fields are not shown masked",
        "DES-007": "added fields are commercial secrets, and the authorized are not shown them",
    },
)
def added_fields_are_dropped(desensitization: DesensitizationParts) -> DesensitizationParts:
    """The table of an item has no column for the added fields: they are taken and forgotten."""

    def view(item: Any, *given: Any, **by: Any) -> dict[str, Any]:
        own = {f.name for f in item.fields if f.legal_basis}
        return {n: shown for n, shown in desensitization.view(item, *given, **by).items() if n not in own}

    return replace(desensitization, view=view)


@breaks("COL-021", also={"COL-023": "the next version is another one as well"})
def any_version_is_taken(parts: Parts) -> Parts:
    """The version that a record names is not looked at."""

    def validate(record: object) -> Sequence[Rejection]:
        states_version = isinstance(record, dict) and isinstance(record.get("checklist_version"), str)
        current = {"checklist_version": parts[BaseParts].catalogue.version} if states_version else {}
        return parts[CollectionParts].validate_record(
            {**record, **current} if isinstance(record, dict) else record
        )

    return parts.with_groups(replace(parts[CollectionParts], validate_record=validate))


@breaks("COL-021", also={"COL-023": "the reason is the same"})
def other_versions_are_of_wrong_structure(collection: CollectionParts) -> CollectionParts:
    """A record of another version is sent back as one of wrong structure, so nobody looks at the version."""

    def validate(record: object) -> Sequence[Rejection]:
        return [
            replace(r, code="schema") if r.code == "checklist_version" else r
            for r in collection.validate_record(record)
        ]

    return replace(collection, validate_record=validate)


Editions = Sequence[Edition]


@breaks("COL-022")
def the_version_before_ends_at_once(parts: Parts) -> Parts:
    """From the first day of a version on, records of the one before are refused."""
    parts = on_day(parts, parts[BaseParts].catalogue.editions[-1].effective_from)
    choose = parts[BaseParts].catalogue.choose

    def accept(editions: Editions, day: date, _days: int) -> tuple[Edition, ...]:
        return (choose(editions, day),)

    return with_checklist(parts, accept=accept)


@breaks("COL-022")
def transition_ends_a_day_early(parts: Parts) -> Parts:
    """The last day of the transition is taken for the first one after it."""
    days = parts[BaseParts].catalogue.transition_days
    last = parts[BaseParts].catalogue.editions[-1].effective_from + timedelta(days - 1)
    return with_checklist(on_day(parts, last), transition_days=days - 1)


@breaks("COL-023")
def the_next_version_is_taken_already(parts: Parts) -> Parts:
    """Whatever version the platform has files of is taken."""
    return with_checklist(parts, accept=lambda editions, _day, _days: tuple(editions))


@breaks("COL-023")
def the_next_version_is_taken_on_the_eve(parts: Parts) -> Parts:
    """Records of the next version are taken in the week before it takes effect, to ease the switch."""
    parts = on_day(parts, parts[BaseParts].catalogue.editions[-1].effective_from - timedelta(1))
    accepted = parts[BaseParts].catalogue.accept

    def accept(editions: Editions, day: date, days: int) -> tuple[Edition, ...]:
        both = (*accepted(editions, day, days), *accepted(editions, day + timedelta(7), days))
        return tuple({edition.version: edition for edition in both}.values())

    return with_checklist(parts, accept=accept)
