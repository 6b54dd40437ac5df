"""The document of a checked delivery: it obeys its schema, and nothing unseen counts as good."""

import json
from typing import Any

import jsonschema_rs
import pytest
import yaml
from jsonschema import Draft202012Validator

from tests.conformance.data.report import sample
from tests.conformance.results.sample import ROOT

SCHEMA = yaml.safe_load((ROOT / "schemas/meta/delivery_result.schema.yaml").read_text("utf-8"))
NAMES = tuple(sample.ALL)


@pytest.fixture(scope="module")
def validator() -> jsonschema_rs.Draft202012Validator:
    Draft202012Validator.check_schema(SCHEMA)
    return jsonschema_rs.Draft202012Validator(SCHEMA)


def errors(validator: jsonschema_rs.Draft202012Validator, document: Any) -> list[str]:
    read = json.loads(json.dumps(document))
    return [f"{error.instance_path} {error.message}"[:300] for error in validator.iter_errors(read)]


@pytest.mark.parametrize("name", NAMES)
def test_document_obeys_its_schema(validator: jsonschema_rs.Draft202012Validator, name: str) -> None:
    assert errors(validator, sample.document_of(name).to_json()) == []


def test_schema_is_closed(validator: jsonschema_rs.Draft202012Validator) -> None:
    document = sample.document_of("faulty").to_json()
    item = {**document["items"][0], "surprise": 1}
    assert errors(validator, {**document, "surprise": 1})
    assert errors(validator, {**document, "items": [item]})
    assert errors(validator, {**document, "files": [{**document["files"][0], "surprise": 1}]})


@pytest.mark.parametrize("change", [{"complete": False}, {"exit_code": 1}, {"counts": {"rows": 0, "bad": 0}}])
def test_schema_knows_what_conforming_means(
    validator: jsonschema_rs.Draft202012Validator, change: dict[str, Any]
) -> None:
    assert errors(validator, {**sample.document_of("clean").to_json(), **change})


@pytest.mark.parametrize(
    ("name", "kind", "exit_code"),
    [
        ("clean", "conforms", 0),
        ("faulty", "does_not_conform", 1),
        ("hostile", "does_not_conform", 1),
        ("unread", "not_fully_verified", 3),
        ("stopped", "not_fully_verified", 3),
        ("interrupted", "not_fully_verified", 3),
        ("empty", "not_fully_verified", 3),
    ],
)
def test_nothing_unseen_conforms(name: str, kind: str, exit_code: int) -> None:
    made = sample.document_of(name)
    assert (made.conclusion.kind, made.exit_code) == (kind, exit_code)


def test_conclusion_says_what_was_not_seen() -> None:
    conclusions = {name: sample.document_of(name).conclusion.text for name in NAMES}
    assert "interrupted" in conclusions["interrupted"].en
    assert "could not be read (problems: 1)" in conclusions["stopped"].en
    assert "No row" in conclusions["unread"].en
    assert "No file" in conclusions["empty"].en
    assert "9,874 of the 1,020,003" in conclusions["faulty"].en
    for texts in conclusions.values():
        assert any("\u4e00" <= letter <= "\u9fff" for letter in texts.zh)
        assert not any("\u4e00" <= letter <= "\u9fff" for letter in texts.en)


def test_files_say_how_far_they_were_read() -> None:
    states = {name: [file.state for file in sample.document_of(name).files] for name in NAMES[:-1]}
    assert states["interrupted"] == ["read", "begun", "not_reached"]
    assert states["stopped"] == ["stopped"]
    assert states["unread"] == ["stopped"]
    assert set(states["faulty"]) == {"read"}


def verdicts(name: str, code: str) -> dict[str, str]:
    (item,) = (item for item in sample.document_of(name).items if item.code == code)
    return {rule.id: rule.verdict.value for rule in item.rules}


def test_rows_that_were_not_compared_prove_nothing() -> None:
    rule_verdicts = verdicts("interrupted", sample.PENALTY)
    assert rule_verdicts["unique"] == "not_verified"
    assert rule_verdicts["decision_date/format"] == "passed"
    (item,) = sample.document_of("interrupted").items
    assert [one.of for one in item.indicators if one.id == "uniqueness"] == [0]


def test_rows_that_cannot_be_read_prove_nothing() -> None:
    check = sample.clean()
    tally = check.tallies[sample.PENALTY] = sample.tally(rows=4, bad=4)
    sample.breach(tally, "line/no_json", 4, (1, None), kind="readability")
    (item,) = sample.document(check).items
    rule_verdicts = {rule.id: rule.verdict.value for rule in item.rules}
    assert (rule_verdicts["line/no_json"], rule_verdicts["line/blank"]) == ("failed", "passed")
    assert rule_verdicts["decision_date/format"] == rule_verdicts["unique"] == "not_verified"


def test_a_reference_to_what_came_earlier_is_no_fault() -> None:
    check = sample.clean()
    sample.breach(check.tallies[sample.PENALTY], "document_no/reference", 7, (3, None), kind="")
    document = sample.document(check)
    assert document.conclusion.kind == "conforms"
    (rule,) = (rule for rule in document.items[0].rules if rule.id == "document_no/reference")
    assert (rule.verdict, rule.rows) == ("warned", 7)
