"""Records about a subject: synthetic content in the standard's envelope, what is telling in it planted."""

from collections.abc import Mapping
from typing import Any

from conformance.actors.subject import Subject
from conformance.expect import NotVerified
from conformance.model.context import World
from conformance.model.shapes import Field, Item
from conformance.model.text import Message
from conformance.oracles.disclosure import view
from conformance.oracles.validate import item_validator, obeys_rules
from conformance.synth import records
from conformance.synth.values import fits

LATIN, NUMERIC, CHINESE = 6, 10, 3
"""Characters of a text that says something about somebody: fewer come about by chance, digits first."""
DATES = frozenset({"calendar-date", "year-month"})
DOCUMENT_TYPES = "id_document_type"
RESIDENT_ID = "RESIDENT_ID"
DRAWS = 50
"""Draws of a content until it suits a person."""


def content(
    world: World, item: Item, subject: Subject, fixed: Mapping[str, Any], *, optional: bool | None = None
) -> dict[str, Any]:
    """A valid content about the subject."""
    return records.valid(
        world.standard,
        item,
        world.random,
        subject.named_reference,
        world.today,
        obeys=obeys_rules,
        fixed=fixed,
        optional=optional,
    )


def variants(world: World, item: Item, subject: Subject) -> tuple[records.RecordVariant, ...]:
    """Valid contents at the boundaries."""
    return records.variants(
        world.standard, item, world.random, subject.named_reference, world.today, obeys=obeys_rules
    )


def invalid(world: World, item: Item, subject: Subject) -> list[records.Invalid]:
    """Contents wrong in one way each."""
    return records.invalid(
        world.standard, item, world.random, subject.named_reference, world.today, obeys=obeys_rules
    )


def invalid_envelopes(world: World, record: Mapping[str, Any], item: Item) -> list[records.Invalid]:
    """Records wrong in one way of the envelope each."""
    return records.invalid_envelopes(record, item, tuple(world.standard.codes["subject_type"].codes))


def envelope(
    world: World, item: Item, subject: Subject, body: Mapping[str, Any] | None, **members: Any
) -> dict[str, Any]:
    """The content as a record that a provider delivers, planted; None for a withdrawal."""
    noted = None if body is None else planted(world, item, body)
    return records.envelope(
        world.standard, item, world.random, subject.named_reference, world.today, noted, **members
    )


def identity_of(item: Item, field: str, person: Subject) -> dict[str, Any]:
    """Values that make a record's field identify the person by the resident identity number."""
    kinds = {f.name: RESIDENT_ID for f in item.fields if f.code_set == DOCUMENT_TYPES}
    return {**kinds, field: person.value}


def content_of_person(
    world: World, item: Item, subject: Subject, field: Field, person: Subject
) -> dict[str, Any]:
    """A valid content in which the field identifies the person and is as sensitive as that makes it."""
    fixed, violations = identity_of(item, field.name, person), item_validator(item)
    contents = (content(world, item, subject, fixed, optional=True) for _ in range(DRAWS))
    for body in contents:
        if not violations(body) and personal(world, item, subject, field, body):
            return body
    raise NotVerified(Message("checks.no_such_record", {"item": item.code}))


def personal(world: World, item: Item, subject: Subject, field: Field, body: Mapping[str, Any]) -> bool:
    """True if no condition makes the field of this content something else than personal information."""
    seen = view(world.standard, item, body, subject.type, "public", authorized=False)
    return seen[field.name].sensitivity == field.sensitivity


def takes(field: Field, person: Subject) -> bool:
    """True if a field can hold the person's resident identity number."""
    return fits(field.schema, person.value)


def planted(world: World, item: Item, body: Mapping[str, Any]) -> dict[str, Any]:
    """Note the distinctive texts of a content as planted."""
    marks = distinctive(item, body)
    return {name: world.plant(value) if name in marks else value for name, value in body.items()}


def distinctive(item: Item, body: Mapping[str, Any]) -> dict[str, str]:
    """The texts of a content that recognize it: found elsewhere, they came from here and not by chance."""
    silent = {f.name for f in item.fields if f.code_set or f.schema.get("format") in DATES}
    texts = {name: value for name, value in body.items() if isinstance(value, str) and name not in silent}
    return {name: text for name, text in texts.items() if len(text) >= least(text)}


def least(text: str) -> int:
    """The least length of a text of this kind, in characters."""
    if not text.isascii():
        return CHINESE
    return LATIN if any(map(str.isalpha, text)) else NUMERIC
