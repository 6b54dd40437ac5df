"""Records of every item of the checklist: valid ones are valid, invalid ones wrong where they say."""

import json
from collections import Counter

import pytest

from conformance.model.shapes import Field, Item
from conformance.oracles.validate import record_validator
from conformance.synth import identities, records
from conformance.synth.values import fits
from tests.conformance.synth.record_judge import TODAY, obeys, rng, violations_of, world

ITEMS = [pytest.param(item, id=item.code) for item in world().checklist.items]
SEEDS = range(8)


@pytest.mark.parametrize("item", ITEMS)
@pytest.mark.parametrize("optional", [True, False, None])
def test_valid_contents_are_valid(item: Item, *, optional: bool | None) -> None:
    for seed in SEEDS:
        random = rng(item.code, optional, seed)
        subject = identities.subject(random, world().reserved, item.subject_types[0])
        content = records.valid(world(), item, random, subject, TODAY, obeys=obeys, optional=optional)
        assert violations_of(item, content) == ()
        if optional:
            assert content.keys() == {f.name for f in item.fields}


@pytest.mark.parametrize("item", ITEMS)
def test_conditions_bend_to_a_number_that_was_chosen(item: Item) -> None:
    """A shareholder whose number is a person's cannot be a company."""
    for seed in SEEDS:
        random = rng("fixed", item.code, seed)
        number = identities.resident_id(random, world().reserved)
        for field in (f for f in item.fields if f.person and fits(f.schema, number)):
            fixed = naming(item, field.name, number)
            content = records.valid(
                world(), item, random, None, TODAY, obeys=obeys, fixed=fixed, optional=True
            )
            assert violations_of(item, content) == ()
            assert content[field.name] == number


def naming(item: Item, field: str, number: str) -> dict[str, str]:
    kinds = {f.name: "RESIDENT_ID" for f in item.fields if f.code_set == "id_document_type"}
    return {**kinds, field: number}


@pytest.mark.parametrize("item", ITEMS)
def test_variants_are_valid_and_reach_the_boundaries(item: Item) -> None:
    variants = {
        v.name: v.content for v in records.variants(world(), item, rng(item.code), None, TODAY, obeys=obeys)
    }
    assert {name: violations_of(item, content) for name, content in variants.items()} == dict.fromkeys(
        variants, ()
    )
    assert variants["all_fields"].keys() == {f.name for f in item.fields}
    assert variants["required_only"].keys() < variants["all_fields"].keys()
    shortest, longest = (len(json.dumps(variants[name])) for name in ("shortest", "longest"))
    assert shortest < longest or not any(map(is_elastic, item.fields))


def is_elastic(field: Field) -> bool:
    """Whether values of a field differ in length by more than the choice of a code."""
    lengths = (field.schema.get("minLength"), field.schema.get("maxLength"))
    return field.code_set is None and lengths[0] != lengths[1]


@pytest.mark.parametrize("item", ITEMS)
def test_invalid_contents_are_wrong_where_they_say(item: Item) -> None:
    for wrong in records.invalid(world(), item, rng(item.code), None, TODAY, obeys=obeys):
        violations = violations_of(item, wrong.content)
        assert violations, wrong
        if wrong.rule is not None:
            assert [i.rule for i in violations] == [wrong.rule]
            continue
        parent, _, name = wrong.pointer.rpartition("/")
        places = {wrong.pointer} | (
            {parent} if wrong.kind in ("missing_required", "additional_member") else set()
        )
        blamed = {i.pointer for i in violations if not i.rule}
        assert blamed == {p for p in blamed if p in places or p == ""}, (wrong.kind, name, violations)
        assert blamed & places


@pytest.mark.parametrize("item", ITEMS)
def test_every_field_and_rule_has_its_faults(item: Item) -> None:
    faults = records.invalid(world(), item, rng(item.code), None, TODAY, obeys=obeys)
    blamed = {wrong.pointer.split("/")[1] for wrong in faults}
    assert blamed >= {f.name for f in item.fields}
    assert {w.rule for w in faults if w.rule} == {r.id for r in item.rules}
    kinds = Counter(w.kind for w in faults)
    assert kinds["missing_required"] == sum(f.required for f in item.fields)
    assert kinds["unknown_code"] == sum("enum" in f.schema for f in item.fields)
    assert kinds["sentinel_date"] == sum(f.schema.get("format") == "calendar-date" for f in item.fields)


@pytest.mark.parametrize("item", ITEMS)
def test_the_faults_of_an_item_do_not_depend_on_chance(item: Item) -> None:
    fault_lists = set()
    for seed in range(4):
        faults = records.invalid(world(), item, rng(item.code, seed), None, TODAY, obeys=obeys)
        fault_lists.add(tuple((w.kind, w.pointer, w.rule) for w in faults if w.kind != "condition"))
    assert len(fault_lists) == 1


def test_a_condition_has_its_faults() -> None:
    item = world().checklist.item("F02-01")
    faults = records.invalid(world(), item, rng("condition"), None, TODAY, obeys=obeys)
    (wrong,) = [w for w in faults if w.kind == "condition"][:1]
    assert wrong.content["person_id_type"] == "RESIDENT_ID"
    assert wrong.pointer == "/person_id_no"


def test_chosen_values_stay() -> None:
    item = world().checklist.item("F09-02")
    fixed = {"decision_date": "2026-05-01", "document_no": "测试罚字〔2026〕1号"}
    content = records.valid(world(), item, rng("fixed"), None, TODAY, obeys=obeys, fixed=fixed)
    assert content | fixed == content
    assert "severity" in content


def test_the_subjects_own_number_is_used() -> None:
    item = world().checklist.item("F04-02")
    subject = identities.subject(rng("own"), world().reserved)
    content = records.valid(world(), item, rng("own", 2), subject, TODAY, obeys=obeys)
    assert content["taxpayer_id"] == subject["ids"][0]["value"]


@pytest.mark.parametrize("item", ITEMS)
def test_envelopes_are_valid_and_their_faults_are_not(item: Item) -> None:
    validate = record_validator(world().checklist)
    for kind in item.subject_types:
        random = rng(item.code, kind)
        subject = identities.subject(random, world().reserved, kind)
        content = records.valid(world(), item, random, subject, TODAY, obeys=obeys)
        record = records.envelope(world(), item, random, subject, TODAY, content)
        assert validate(record) == ()
        assert validate(records.envelope(world(), item, random, subject, TODAY, None)) == ()
        types = tuple(world().codes["subject_type"].codes)
        for wrong in records.invalid_envelopes(record, item, types):
            judged_otherwise = wrong.kind == "subject_type"
            assert validate(wrong.content) or judged_otherwise, wrong


def test_equal_seeds_give_equal_records() -> None:
    item = world().checklist.item("F09-02")
    one, other = (records.invalid(world(), item, rng("same"), None, TODAY, obeys=obeys) for _ in range(2))
    assert one == other
