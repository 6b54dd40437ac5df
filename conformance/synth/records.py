"""Records of any item by its schema and rules: valid, at boundaries, or wrong in exactly one way."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from random import Random
from typing import Any

from conformance.model.shapes import Item
from conformance.model.standard import Standard
from conformance.oracles.channels import usual_channel
from conformance.synth.content import Maker, Obeys, conditions, tightened
from conformance.synth.faults import UNKNOWN, faults
from conformance.synth.identities import uscc
from conformance.synth.values import Size, Values, fits

Subject = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class RecordVariant:
    """A valid content at a boundary."""

    name: str
    content: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Invalid:
    """A content that is wrong in one way."""

    kind: str
    content: Mapping[str, Any]
    pointer: str
    """JSON pointer (RFC 6901) to the member at fault; for a missing member, to its place."""
    rule: str | None = None
    """Id of the cross-field rule that is broken."""


def valid(  # noqa: PLR0913
    standard: Standard,
    item: Item,
    random: Random,
    subject: Subject | None,
    today: date,
    *,
    obeys: Obeys,
    fixed: Mapping[str, Any] | None = None,
    optional: bool | None = None,
) -> dict[str, Any]:
    """A valid content in force. `fixed`: wanted values; `optional`: all optional fields, none, or some."""
    values = Values(random, standard.reserved, today)
    bare = optional is False and item.serve_until and not item.field(item.serve_until).required
    values_ = {**({} if bare else _in_force(item, random, today)), **(fixed or {})}
    return Maker(item, values, obeys, subject, values_).make(optional=optional)


def variants(  # noqa: PLR0913
    standard: Standard, item: Item, random: Random, subject: Subject | None, today: date, *, obeys: Obeys
) -> tuple[RecordVariant, ...]:
    """Valid contents at the boundaries: optional fields absent and present, shortest and longest values."""
    least = Maker(item, Values(random, standard.reserved, today), obeys, subject)
    maker = replace(least, fixed=_in_force(item, random, today))
    return (
        RecordVariant("required_only", least.make(optional=False)),
        RecordVariant("all_fields", maker.make(optional=True)),
        RecordVariant("shortest", maker.make(optional=True, size=Size.SHORTEST)),
        RecordVariant("longest", maker.make(optional=True, size=Size.LONGEST)),
    )


def invalid(  # noqa: PLR0913
    standard: Standard,
    item: Item,
    random: Random,
    subject: Subject | None,
    today: date,
    *,
    obeys: Obeys,
) -> list[Invalid]:
    """Contents wrong in one way each: by field, then the object, its conditions, each cross-field rule."""
    maker = Maker(item, Values(random, standard.reserved, today), obeys, subject)
    base = maker.make(optional=True)
    unknown = Invalid("additional_member", {**base, UNKNOWN: "x"}, f"/{UNKNOWN}")
    return [*_by_field(item, base), unknown, *_by_condition(maker, base), *_by_rule(maker, base)]


def envelope(  # noqa: PLR0913, PLR0917
    standard: Standard,
    item: Item,
    random: Random,
    subject: Subject,
    today: date,
    content: Mapping[str, Any] | None,
    **members: Any,
) -> dict[str, Any]:
    """A valid record around a content (None for a withdrawal); `members` replace single members."""
    yesterday = today - timedelta(days=1)
    record: dict[str, Any] = {
        "record_id": f"T{random.getrandbits(80):020x}",
        "record_version": 1,
        "item_code": item.code,
        "checklist_version": standard.checklist.version,
        "subject": dict(subject),
        "provider_uscc": uscc(random, standard.reserved, "authority"),
        "division_code": random.choice(standard.reserved["uscc"]["divisions"]),
        "operation": "withdraw" if content is None else "insert",
        "as_of": f"{yesterday}T08:00:00+08:00",
        "generated_at": f"{yesterday}T09:30:00+08:00",
        "status": "withdrawn" if content is None else "valid",
        "source_channel": usual_channel(standard, item.sharing_mode),
    }
    return record | ({} if content is None else {"content": dict(content)}) | members


def _in_force(item: Item, random: Random, today: date) -> dict[str, str]:
    """A last day of service that has not come yet: a record past it is valid and never seen again.

    It is more than a year ahead, for as long as a data set is used that a platform has loaded.
    """
    if item.serve_until is None:
        return {}
    return {item.serve_until: str(today + timedelta(days=random.randrange(400, 1000)))}


def invalid_envelopes(record: Mapping[str, Any], item: Item, subject_types: tuple[str, ...]) -> list[Invalid]:
    """Records wrong in one way of the envelope; `record` is a valid one, `subject_types` all there are."""
    ids = record["subject"]["ids"]
    wrong = [Invalid("missing_required", _without(record, name), f"/{name}") for name in record]
    wrong += [
        Invalid("additional_member", {**record, "collected_at": record["as_of"]}, "/collected_at"),
        Invalid("too_small", {**record, "record_version": 0}, "/record_version"),
        Invalid("unknown_code", {**record, "operation": "replace"}, "/operation"),
        Invalid("unknown_item", {**record, "item_code": "Z99-99"}, "/item_code"),
        Invalid("bad_format", {**record, "as_of": record["as_of"][:10]}, "/as_of"),
        Invalid("bad_format", {**record, "provider_uscc": record["provider_uscc"].lower()}, "/provider_uscc"),
        Invalid("empty", {**record, "subject": {**record["subject"], "ids": []}}, "/subject/ids"),
        Invalid(
            "bad_format",
            {
                **record,
                "subject": {**record["subject"], "ids": [{**ids[0], "value": ids[0]["value"] + "\n"}]},
            },
            "/subject/ids/0/value",
        ),
    ]
    refused = [t for t in subject_types if t not in item.subject_types]
    wrong += [
        Invalid("subject_type", {**record, "subject": {**record["subject"], "type": t}}, "/subject/type")
        for t in refused[:1]
    ]
    return wrong


def _by_field(item: Item, base: Mapping[str, Any]) -> Iterator[Invalid]:
    for field in item.fields:
        if field.required:
            yield Invalid("missing_required", _without(base, field.name), f"/{field.name}")
        if field.name in base:
            for kind, value, below in faults(field.schema, base[field.name]):
                yield Invalid(kind, {**base, field.name: value}, f"/{field.name}{below}")


def _by_condition(maker: Maker, base: dict[str, Any]) -> Iterator[Invalid]:
    """Contents with a value that the field allows and a condition forbids."""
    for condition in conditions(maker.item.schema):
        branch = condition.get("then", {})
        switched = maker.switched_on(base, condition["if"])
        for name, schema in branch.get("properties", {}).items():
            if isinstance(schema, dict) and name in switched:
                field_schema = maker.item.field(name).schema
                for _, value, below in faults(tightened(field_schema, schema), switched[name]):
                    if fits(field_schema, value):
                        yield Invalid("condition", {**switched, name: value}, f"/{name}{below}")
        for name in branch.get("required", ()):
            yield Invalid("condition", _without(switched, name), f"/{name}")


def _by_rule(maker: Maker, base: dict[str, Any]) -> Iterator[Invalid]:
    """For each rule a content that breaks it and no other."""
    for rule in maker.item.rules:
        yield Invalid("rule", maker.repaired(base, broken=rule), f"/{rule.fields[0]}", rule.id)


def _without(content: Mapping[str, Any], name: str) -> dict[str, Any]:
    return {k: v for k, v in content.items() if k != name}
