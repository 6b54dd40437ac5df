"""Value pools: independent groups of fields, and a pool of valid values for each group.

Fields mentioned by one rule or condition share a group, so any combination of entries is valid.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from random import Random
from typing import Any

from conformance.data.synth.realistic_values import Lifelike
from conformance.model.shapes import Field, Item, JsonSchema
from conformance.oracles.validate import obeys_rules
from conformance.synth.content import Maker, conditions
from conformance.synth.identities import Reserved

Entry = Mapping[str, Any]
_OF_ONE, _OF_MANY, _LEAST = 2048, 1024, 64
_SHARED = 4
"""Minimum rows per entry."""
_QUESTIONS = 3000
_DAYS = frozenset({"calendar-date", "date", "year-month"})
_KNOWN = frozenset({"$schema", "$id", "type", "properties", "required", "unevaluatedProperties", "allOf"})
_CONDITION = frozenset({"if", "then", "else"})
_LEAST_SHARE, _SHARES = 0.3, 0.65


@dataclass(frozen=True, slots=True)
class ValuePool:
    """A group of fields with its valid entries."""

    names: tuple[str, ...]
    entries: tuple[Entry, ...]
    skewed: bool = False
    """True if some entries are much more frequent than others."""


def split(item: Item, together: Iterable[tuple[str, ...]]) -> list[tuple[str, ...]]:
    """Field names of each group, in item order. `together`: further fields to keep in one group."""
    names = [f.name for f in item.fields]
    group = {name: {name} for name in names}
    for bound in (*together, *_bound_fields(item)):
        joined = set().union(*(group[name] for name in bound if name in group))
        group.update(dict.fromkeys(joined, joined))
    grouped: set[str] = set()
    groups = []
    for name in names:
        if name not in grouped:
            grouped |= group[name]
            groups.append(tuple(n for n in names if n in group[name]))
    return groups


def _bound_fields(item: Item) -> Iterator[tuple[str, ...]]:
    names = tuple(f.name for f in item.fields)
    yield from (rule.fields for rule in item.rules)
    yield from (tuple(_condition_fields(condition)) for condition in conditions(item.schema))
    yield from ((name, f"{name}_uscc") for name in names)
    if not _is_plain(item.schema):
        yield names


def _is_plain(schema: JsonSchema) -> bool:
    """True if only rules and conditions relate fields of the schema."""
    keywords = {k for k in schema if not k.startswith("x-")}
    parts = schema.get("allOf", ())
    return keywords <= _KNOWN | _CONDITION and all(set(part) <= _CONDITION for part in parts)


def _condition_fields(condition: JsonSchema) -> Iterator[str]:
    for branch in _CONDITION & condition.keys():
        schema = condition[branch]
        if isinstance(schema, Mapping):
            yield from schema.get("properties", ())
            yield from schema.get("required", ())


def pool(item: Item, names: tuple[str, ...], values: Lifelike, rows: int, *, always: bool) -> ValuePool:
    """Pool of a group for a number of rows. `always`: optional fields are never absent."""
    small = part_of(item, names)
    make, most = (_single_field_entries, _OF_ONE) if len(names) == 1 else (_combined_entries, _OF_MANY)
    makes = make(small, values, max(_LEAST, min(most, rows // _SHARED)), always=always)
    return ValuePool(names, tuple(makes), skewed=small.fields[0].desensitization_type == "company_name")


def _single_field_entries(item: Item, values: Lifelike, count: int, *, always: bool) -> Iterator[Entry]:
    share = 1.0 if always else _LEAST_SHARE + _SHARES * values.random.random()
    for _ in range(count):
        yield maker(item, values).make(optional=values.random.random() < share)


def _combined_entries(item: Item, values: Lifelike, most: int, *, always: bool) -> Iterator[Entry]:
    """Yield valid entries: `most`, or as many as a bounded number of rule evaluations finds."""
    calls = 0

    def obeys(one: Item, content: Mapping[str, Any]) -> bool:
        nonlocal calls
        calls += 1
        return obeys_rules(one, content)

    for count in range(most):
        if calls > _QUESTIONS and count >= _LEAST:
            return
        make = replace(maker(item, values), obeys=obeys)
        free = replace(make, item=replace(item, rules=())).make(optional=always or None)
        yield make.repaired(_order_days(item, free, frozenset(make.fixed)))


def _order_days(item: Item, content: dict[str, Any], fixed: frozenset[str]) -> dict[str, Any]:
    """The content with dates ascending in field order, as most rules require."""
    days = [
        f.name for f in item.fields if f.schema.get("format") in _DAYS and f.name in content.keys() - fixed
    ]
    return content | dict(zip(days, sorted(content[name] for name in days), strict=True))


def part_of(item: Item, names: tuple[str, ...]) -> Item:
    """The item reduced to the given fields."""
    schema = {"allOf": [c for c in conditions(item.schema) if not names_apart(c, names)]}
    return replace(
        item,
        fields=tuple(f for f in item.fields if f.name in names),
        rules=tuple(r for r in item.rules if not set(names).isdisjoint(r.fields)),
        schema=schema,
        key=tuple(k for k in item.key if k in names),
        serve_until=item.serve_until if item.serve_until in names else None,
    )


def names_apart(condition: JsonSchema, names: tuple[str, ...]) -> bool:
    """True if the condition mentions none of the fields."""
    return set(names).isdisjoint(_condition_fields(condition))


def maker(item: Item, values: Lifelike) -> Maker:
    """Maker of contents that are usually still within their disclosure period."""
    fixed = {}
    if item.serve_until and item.field(item.serve_until).required:
        fixed[item.serve_until] = str(values.today + timedelta(days=values.random.randrange(30, 1095)))
    return Maker(item, values, obeys_rules, fixed=fixed)


def source_of(seed: str, name: str, reserved: Reserved, order_day: Any) -> Lifelike:
    """Value source for one group, seeded by its name."""
    return Lifelike(Random(f"{seed}/{name}"), reserved, order_day)


def without_unused_fields(item: Item, columns: frozenset[str]) -> Item:
    """The item without optional fields outside `columns` (empty: all); key fields become required."""
    kept = (f for f in item.fields if f.required or not columns or f.name in columns or f.name in item.key)
    return replace(item, fields=tuple(_make_required(f) if f.name in item.key else f for f in kept))


def _make_required(field: Field) -> Field:
    return replace(field, required=True)
