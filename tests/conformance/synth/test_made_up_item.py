"""An item nobody has seen before: synthesis works from its schema and rules alone."""

from typing import Any

import pytest

from conformance.loader.shapes import item as build
from conformance.model.shapes import Item
from conformance.synth import records
from conformance.synth.values import NoValueError
from tests.conformance.synth.record_judge import TODAY, obeys, rng, violations_of, world


def _property(**schema: Any) -> dict[str, Any]:
    about = {"x-class": "S1", "x-desensitization": "plain"}
    return about | {"x-title": {"zh": "虚构", "en": "Made up"}} | schema


def _rule(name: str, rule: str, *fields: str) -> dict[str, Any]:
    message = {"zh": "虚构规则。", "en": "A made-up rule."}
    return {"id": f"Z01-01.{name}", "rule": rule, "fields": list(fields), "message": message}


def _item(rules: list[dict[str, Any]], **members: Any) -> Item:
    shape: dict[str, Any] = {
        "x-item": {
            "code": "Z01-01",
            "title": {"zh": "虚构项", "en": "Made-up item"},
            "category": "Z01",
            "version": "1.0",
            "providers": ["测试市应急管理局"],
            "subject_types": ["enterprise"],
            "key": ["serial"],
            "disclosure": "public",
            "collection_mode": "physical",
            "sharing_mode": "local_collection",
            "update_frequency": "daily",
        },
        "type": "object",
        "properties": {
            "serial": _property(type="string", pattern=r"^[A-F]{2}(-[0-9]{3}|/x)?$", maxLength=6),
            "kind": _property(type="string", enum=["FIRM", "FARM", "NONE"]),
            "begun": _property(type="string", format="calendar-date"),
            "ended": _property(type="string", format="calendar-date"),
            "share": _property(type="integer", minimum=0, maximum=100),
            "sum": _property(type="string", format="decimal", pattern=r"^(0|[1-9][0-9]{0,5})(\.[0-9]{2})?$"),
            "note": _property(type="string", minLength=2, maxLength=12),
            "tags": _property(
                type="array", items={"type": "string", "enum": ["a", "b"]}, minItems=1, maxItems=3
            ),
            "options": _property(
                type="object", properties={"open": {"type": "boolean"}}, additionalProperties=False
            ),
            "edition": _property(const=3),
        },
        "required": ["serial", "kind", "begun", "edition"],
        "unevaluatedProperties": False,
        "x-rules": rules,
    } | members
    references = {name: {"$ref": "elements.yaml#/$defs/made_up"} for name in shape["properties"]}
    return build(shape, shape | {"properties": references})


RULES = [
    _rule("order", "!has(record.ended) || record.begun <= record.ended", "begun", "ended"),
    _rule(
        "farm_share", 'record.kind != "FARM" || (has(record.share) && record.share == 37)', "kind", "share"
    ),
    _rule("sum_within", "!has(record.sum) || record_cents.sum < 5000000", "sum"),
    _rule("late_kind", 'record.begun < "2026-07-01" || record.kind in ["FIRM", "NONE"]', "begun", "kind"),
]
CONDITION = {
    "if": {"properties": {"kind": {"const": "NONE"}}, "required": ["kind"]},
    "then": {"properties": {"share": False, "note": {"maxLength": 4}}, "required": ["note"]},
    "else": {"required": ["share"]},
}


@pytest.mark.parametrize(
    "members", [{}, CONDITION, {"allOf": [CONDITION]}], ids=["plain", "condition", "in_all_of"]
)
def test_synthesis_needs_the_schema_only(members: dict[str, Any]) -> None:
    item = _item(RULES, **members)
    for seed in range(2):
        random = rng("made up", seed)
        for optional in (True, False, None):
            content = records.valid(world(), item, random, None, TODAY, obeys=obeys, optional=optional)
            assert violations_of(item, content) == ()
        for variant in records.variants(world(), item, random, None, TODAY, obeys=obeys):
            assert violations_of(item, variant.content) == (), variant.name
        wrong = records.invalid(world(), item, random, None, TODAY, obeys=obeys)
        assert [w for w in wrong if not violations_of(item, w.content)] == []
        assert {w.rule for w in wrong if w.rule} == {r.id for r in item.rules}


def test_a_rule_that_nothing_obeys_is_an_error() -> None:
    item = _item([_rule("never", "record.begun < record.begun", "begun")])
    with pytest.raises(NoValueError):
        records.valid(world(), item, rng("never"), None, TODAY, obeys=obeys)


def test_a_rule_that_nothing_breaks_is_an_error() -> None:
    item = _item([_rule("always", "record.begun == record.begun", "begun")])
    with pytest.raises(NoValueError):
        records.invalid(world(), item, rng("always"), None, TODAY, obeys=obeys)
