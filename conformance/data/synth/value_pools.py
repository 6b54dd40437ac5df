"""The fields of an item in parts that know nothing of each other, and a pool of legal values for each part.

Fields are in one part where a rule or a condition speaks of both. So any combination is legal.
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
"""Rows for an entry, at least."""
_QUESTIONS = 3000
_DAYS = frozenset({"calendar-date", "date", "year-month"})
_KNOWN = frozenset({"$schema", "$id", "type", "properties", "required", "unevaluatedProperties", "allOf"})
_CONDITION = frozenset({"if", "then", "else"})
_LEAST_SHARE, _SHARES = 0.3, 0.65


@dataclass(frozen=True, slots=True)
class ValuePool:
    """Fields that go together."""

    names: tuple[str, ...]
    entries: tuple[Entry, ...]
    skewed: bool = False
    """Some entries are much more frequent than others."""


def split(item: Item, together: Iterable[tuple[str, ...]]) -> list[tuple[str, ...]]:
    """The names of the fields of each part, in the order of the item; `together`: what else goes together."""
    names = [f.name for f in item.fields]
    group = {name: {name} for name in names}
    for bound in (*together, *_bound(item)):
        joined = set().union(*(group[name] for name in bound if name in group))
        group.update(dict.fromkeys(joined, joined))
    grouped: set[str] = set()
    groups = []
    for name in names:
        if name not in grouped:
            grouped |= group[name]
            groups.append(tuple(n for n in names if n in group[name]))
    return groups


def _bound(item: Item) -> Iterator[tuple[str, ...]]:
    names = tuple(f.name for f in item.fields)
    yield from (rule.fields for rule in item.rules)
    yield from (tuple(_spoken_of(condition)) for condition in conditions(item.schema))
    yield from ((name, f"{name}_uscc") for name in names)
    if not _is_plain(item.schema):
        yield names


def _is_plain(schema: JsonSchema) -> bool:
    """Whether fields are bound by conditions and rules alone."""
    keywords = {k for k in schema if not k.startswith("x-")}
    parts = schema.get("allOf", ())
    return keywords <= _KNOWN | _CONDITION and all(set(part) <= _CONDITION for part in parts)


def _spoken_of(condition: JsonSchema) -> Iterator[str]:
    for branch in _CONDITION & condition.keys():
        schema = condition[branch]
        if isinstance(schema, Mapping):
            yield from schema.get("properties", ())
            yield from schema.get("required", ())


def pool(item: Item, names: tuple[str, ...], values: Lifelike, rows: int, *, always: bool) -> ValuePool:
    """A part with its pool, for so many rows. `always`: its optional fields are never absent."""
    small = part_of(item, names)
    make, most = (_alone, _OF_ONE) if len(names) == 1 else (_ruled, _OF_MANY)
    makes = make(small, values, max(_LEAST, min(most, rows // _SHARED)), always=always)
    return ValuePool(names, tuple(makes), skewed=small.fields[0].desensitization_type == "company_name")


def _alone(item: Item, values: Lifelike, count: int, *, always: bool) -> Iterator[Entry]:
    share = 1.0 if always else _LEAST_SHARE + _SHARES * values.random.random()
    for _ in range(count):
        yield maker(item, values).make(optional=values.random.random() < share)


def _ruled(item: Item, values: Lifelike, most: int, *, always: bool) -> Iterator[Entry]:
    """Legal entries: as many as are wanted, or as can be found with so many questions to the rules."""
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
        yield make.repaired(_in_order(item, free, frozenset(make.fixed)))


def _in_order(item: Item, content: dict[str, Any], fixed: frozenset[str]) -> dict[str, Any]:
    """The content with its days in the order of its fields, as most rules want them."""
    days = [
        f.name for f in item.fields if f.schema.get("format") in _DAYS and f.name in content.keys() - fixed
    ]
    return content | dict(zip(days, sorted(content[name] for name in days), strict=True))


def part_of(item: Item, names: tuple[str, ...]) -> Item:
    """The item as if it had these fields only."""
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
    return set(names).isdisjoint(_spoken_of(condition))


def maker(item: Item, values: Lifelike) -> Maker:
    """Makes contents that are, as a rule, still served."""
    fixed = {}
    if item.serve_until and item.field(item.serve_until).required:
        fixed[item.serve_until] = str(values.today + timedelta(days=values.random.randrange(30, 1095)))
    return Maker(item, values, obeys_rules, fixed=fixed)


def source_of(seed: str, name: str, reserved: Reserved, order_day: Any) -> Lifelike:
    """Values for one part, by its name alone."""
    return Lifelike(Random(f"{seed}/{name}"), reserved, order_day)


def reduced(item: Item, columns: frozenset[str]) -> Item:
    """The item without the optional fields that are not wanted; key fields are never absent."""
    kept = (f for f in item.fields if f.required or not columns or f.name in columns or f.name in item.key)
    return replace(item, fields=tuple(_present(f) if f.name in item.key else f for f in kept))


def _present(field: Field) -> Field:
    return replace(field, required=True)
