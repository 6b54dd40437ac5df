"""Data before code: a new item, a new element and a changed rule are YAML alone, on both sides."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from conformance import checks, monitors
from conformance.loader import load_standard, load_target
from conformance.runner import Settings, plan
from tests.system.processes import Line, Outcome, copy_of_standard, edit, serving

CODE = "F09-09"
ELEMENT = """
  vehicle_plate:
    x-title: {zh: 机动车号牌, en: Vehicle plate}
    x-class: S3
    x-desensitization: plate
    type: string
    pattern: "^[\\u4E00-\\u9FA5][A-Z][0-9A-Z]{5}$"
    minLength: 7
    maxLength: 7
"""
ITEM = """
$schema: https://json-schema.org/draft/2020-12/schema
$id: F09-09.yaml
x-item:
  code: F09-09
  title: {zh: 营运车辆信息, en: Commercial vehicles}
  category: F09
  version: "1.0"
  providers: [交通运输部]
  subject_types: [enterprise]
  key: [plate]
  disclosure: public_part_authorized_detail
  collection_mode: physical
  sharing_mode: head_to_head
  update_frequency: monthly
type: object
properties:
  plate:
    $ref: "../../elements.yaml#/$defs/vehicle_plate"
    x-title: {zh: 号牌号码, en: Plate}
  seats:
    $ref: "../../elements.yaml#/$defs/count"
    x-title: {zh: 座位数, en: Seats}
  registered_on:
    $ref: "../../elements.yaml#/$defs/date"
    x-title: {zh: 登记日期, en: Date of registration}
  valid_until:
    $ref: "../../elements.yaml#/$defs/date"
    x-title: {zh: 有效期至, en: Valid until}
required: [plate, registered_on]
unevaluatedProperties: false
x-rules:
  - id: F09-09.validity
    rule: "!has(record.valid_until) || record.registered_on <= record.valid_until"
    fields: [registered_on, valid_until]
    message: {zh: 有效期不得早于登记日期, en: The validity ends before it begins}
"""


OF_ALL_ITEMS = (
    "CAT-001",
    "DES-001/fields_take_the_form_of_the_matrix[enterprise]",
    "DES-003/derived_values_follow_the_rules[enterprise]",
)
"""Cases that look at every item, the new one among them."""


def extended(folder: Path) -> Path:
    """A copy of the standard with one more element and one more item."""
    root = copy_of_standard(folder)
    edit(root / "schemas/elements.yaml", "\n  uscc:\n", f"{ELEMENT}  uscc:\n")
    (root / f"schemas/checklist/items/{CODE}.yaml").write_text(ITEM.lstrip(), "utf-8")
    edit(root / "schemas/checklist/national.yaml", "items: [F01-01", f"items: [{CODE}, F01-01")
    return root


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return extended(tmp_path_factory.mktemp("extended"))


@pytest.fixture(scope="module")
def extended_run(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Outcome]:
    """The suite with the extended standard on a platform that serves it."""
    with serving(tmp_path_factory.mktemp("extended-run") / "work", standard=root) as line:
        yield line.run(*cases_of_the_new_item(root, line), *OF_ALL_ITEMS, "--standard", str(root))


def cases_of_the_new_item(root: Path, line: Line) -> list[str]:
    """Everything that tests the new item by itself."""
    standard, target = load_standard(root), load_target(line.workspace.target)
    settings = Settings(level="provincial")
    planned = plan(standard, target, checks.collect(), monitors.collect(standard), settings=settings)
    return [one.case.id for one in planned.planned if CODE in one.case.parameter]


@pytest.fixture(scope="module")
def unchanged(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Line]:
    """A platform that serves the standard as it was."""
    with serving(tmp_path_factory.mktemp("unchanged") / "work") as line:
        yield line


def test_new_item_is_served_masked_validated_and_tested(extended_run: Outcome) -> None:
    assert extended_run.code == 0, extended_run.process.stdout[-3000:]
    passed = {id_ for id_, verdict in extended_run.verdicts().items() if verdict == "passed"}
    assert f"COL-001/accepted_record_is_served[{CODE}]" in passed
    assert f"COL-002/invalid_records_are_rejected_with_their_reason[{CODE}]" in passed
    assert f"CAT-003/schema_digest_is_the_standards[{CODE}]" in passed
    assert "DES-001/fields_take_the_form_of_the_matrix[enterprise]" in passed
    assert "DES-003/derived_values_follow_the_rules[enterprise]" in passed


def test_new_rule_and_new_duty_are_tried(extended_run: Outcome) -> None:
    """A record without the new required field and one that breaks the new rule were delivered and refused."""
    assert extended_run.run_folder is not None
    reasons = [
        (reason["code"], reason["pointer"], reason.get("rule"))
        for row in (extended_run.run_folder / "transcript.jsonl").read_text("utf-8").splitlines()[1:]
        for reason in refusals(json.loads(row))
    ]
    assert ("schema", "/content/plate", None) in reasons
    assert f"{CODE}.validity" in {rule for _, _, rule in reasons}


def refusals(record: dict[str, Any]) -> list[dict[str, Any]]:
    """The reasons of every refused record of the new item."""
    if f"COL-002/invalid_records_are_rejected_with_their_reason[{CODE}]" != record["case"]["id"]:
        return []
    bodies = [step["reply"]["body"]["text"] for step in record["exchanges"]]
    pages = [json.loads(body) for body in bodies if '"outcomes"' in body]
    outcomes = [outcome for page in pages for outcome in page["outcomes"]]
    return [reason for outcome in outcomes for reason in outcome.get("reasons", [])]


def test_new_element_is_masked_by_its_rule(extended_run: Outcome) -> None:
    """The hub saw the plate as the rule of its type says: two characters, stars, one character."""
    assert extended_run.run_folder is not None
    plates = [
        field
        for row in (extended_run.run_folder / "transcript.jsonl").read_text("utf-8").splitlines()[1:]
        for field in disclosed(json.loads(row), "plate")
        if field.get("form") == "masked"
    ]
    assert plates
    assert {(field["value"][:2], field["value"][2:-1]) for field in plates} == {("测A", "****")}


def disclosed(record: dict[str, Any], name: str) -> list[dict[str, Any]]:
    """The field in every query reply of a case."""
    fields = []
    for step in record["exchanges"]:
        if step["request"]["operation"] == "createQuery" and step["reply"]["status"] == 200:
            body = json.loads(step["reply"]["body"]["text"])
            for result in body.get("results", []):
                fields += [entry["fields"][name] for entry in result["records"] if name in entry["fields"]]
    return fields


def test_platform_without_the_new_item_fails(unchanged: Line, root: Path) -> None:
    outcome = unchanged.run("CAT-001", "--standard", str(root), output="runs-new-item")
    assert outcome.code == 1, outcome.process.stdout[-2000:] + outcome.process.stderr[-2000:]
    assert CODE in outcome.process.stdout


def test_changed_mask_parameter_fails_the_unchanged_platform(unchanged: Line, tmp_path: Path) -> None:
    root = copy_of_standard(tmp_path / "copy")
    types = root / "schemas/desensitization/types.yaml"
    phone = types.read_text("utf-8").index("\nphone:")
    text = types.read_text("utf-8")
    changed = text[phone:].replace("op: mask, first: 3, last: 2", "op: mask, first: 2, last: 2", 1)
    assert changed != text[phone:]
    types.write_text(text[:phone] + changed, "utf-8")

    before = unchanged.run("DES-003", output="runs-before")
    after = unchanged.run("DES-003", "--standard", str(root), output="runs-after")

    assert before.code == 0, before.process.stdout[-2000:]
    assert after.code == 1, after.process.stdout[-2000:] + after.process.stderr[-2000:]
    failed = {id_ for id_, verdict in after.verdicts().items() if verdict == "failed"}
    assert any(id_.startswith("DES-003/derived_values_follow_the_rules[") for id_ in failed)
