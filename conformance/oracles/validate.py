"""Whether collected data obey the standard: schema with its formats, then the cross-field rules."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

import jsonschema_rs

from conformance.model.shapes import Checklist, CrossFieldRule, Item, JsonSchema
from conformance.oracles.cel import CelError, Expression, cents
from conformance.oracles.formats import CHECKERS


@dataclass(frozen=True, slots=True)
class Invalidity:
    """One way in which a value disobeys."""

    pointer: str
    keyword: str
    """The JSON Schema keyword, or `rule`."""
    rule: str
    """Id of the cross-field rule; empty for the schema."""
    detail: str


Validator = Callable[[Any], tuple[Invalidity, ...]]


def schema_validator(schema: JsonSchema) -> Validator:
    """All violations of a schema, formats of this standard included."""
    compiled = jsonschema_rs.Draft202012Validator(
        dict(schema),
        formats=dict(CHECKERS),
        validate_formats=True,
        offline=True,
    )

    def validate(value: Any) -> tuple[Invalidity, ...]:
        return tuple(_invalidity(error) for error in compiled.iter_errors(value))

    return validate


class _Identity:
    """An item as the key of a cache: the same object, since comparing items takes longer than using one."""

    __slots__ = ("item",)

    def __init__(self, item: Item) -> None:
        self.item = item

    def __hash__(self) -> int:
        return id(self.item)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Identity) and self.item is other.item


def item_validator(item: Item) -> Validator:
    """All violations of an item's `content`: schema first, then each rule whose fields are sound."""
    return _compiled_item(_Identity(item))


@lru_cache(maxsize=256)
def _compiled_item(key: _Identity) -> Validator:
    item = key.item
    by_schema = schema_validator(item.schema)
    rules = tuple((rule, Expression(rule.expression)) for rule in item.rules)
    money = money_fields(item)

    def validate(content: Any) -> tuple[Invalidity, ...]:
        issues = by_schema(content)
        if not isinstance(content, dict):
            return issues
        unsound = {i.pointer.split("/")[1] for i in issues if i.pointer}
        variables = rule_variables(content, money - unsound)
        sound = ((r, e) for r, e in rules if unsound.isdisjoint(r.fields))
        return issues + tuple(_violations(sound, variables))

    return validate


def obeys_rules(item: Item, content: Mapping[str, Any]) -> bool:
    """True if a content that is legal by its schema obeys the item's cross-field rules."""
    variables = rule_variables(content, money_fields(item))
    rules = ((rule, Expression(rule.expression)) for rule in item.rules)
    return not any(_violations(rules, variables))


def record_validator(checklist: Checklist) -> Validator:
    """All violations of a record: envelope, what the item asks of it, content (absent in a withdrawal)."""
    envelope = schema_validator(checklist.record_schema)
    items = {item.code: (item, item_validator(item)) for item in checklist.items}

    def validate(record: Any) -> tuple[Invalidity, ...]:
        issues = envelope(record)
        if not isinstance(record, dict):
            return issues
        item, by_item = items.get(str(record.get("item_code")), (None, None))
        if item is None or by_item is None:
            return (*issues, Invalidity("/item_code", "item", "", "unknown item"))
        issues += tuple(_of_envelope(checklist, item, record))
        inner = by_item(record["content"]) if "content" in record else ()
        return issues + tuple(replace(i, pointer=f"/content{i.pointer}") for i in inner)

    return validate


def _of_envelope(checklist: Checklist, item: Item, record: Mapping[str, Any]) -> Iterator[Invalidity]:
    """Demands of the item and of the checklist in force on the envelope."""
    subject = record.get("subject")
    kind = subject.get("type") if isinstance(subject, dict) else None
    if isinstance(kind, str) and kind not in item.subject_types:
        yield Invalidity("/subject/type", "subject_type", "", f"not among {', '.join(item.subject_types)}")
    version = record.get("checklist_version")
    if isinstance(version, str) and version != checklist.version:
        yield Invalidity("/checklist_version", "checklist_version", "", f"not {checklist.version}")


def rule_variables(content: Mapping[str, Any], money: frozenset[str]) -> dict[str, Any]:
    """Variables of a rule: the record, and its amounts as integer cents beside it."""
    amounts = {n: cents(v) for n, v in content.items() if n in money and isinstance(v, str)}
    return {"record": dict(content), "record_cents": amounts}


def money_fields(item: Item) -> frozenset[str]:
    """The fields of which rules see integer cents."""
    return frozenset(f.name for f in item.fields if _has_cents(f.schema))


def _has_cents(schema: JsonSchema) -> bool:
    return schema.get("format") == "decimal"


def _violations(
    rules: Iterator[tuple[CrossFieldRule, Expression]], variables: Mapping[str, Any]
) -> Iterator[Invalidity]:
    for rule, expression in rules:
        pointer = f"/{rule.fields[0]}" if rule.fields else ""
        try:
            obeys, detail = expression.evaluate(variables), rule.expression
        except CelError as error:
            obeys, detail = False, str(error)
        if not obeys:
            yield Invalidity(pointer, "rule", rule.id, detail)


def _invalidity(error: jsonschema_rs.ValidationError) -> Invalidity:
    parts = (str(p).replace("~", "~0").replace("/", "~1") for p in error.instance_path)
    return Invalidity("".join(f"/{p}" for p in parts), error.kind.name, "", error.message)
