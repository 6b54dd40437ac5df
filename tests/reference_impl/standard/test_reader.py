"""The reader: strict files, flattened fields, formats, and a reason for each fault of a record."""

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import rfc8785

from reference_impl.standard import Catalogue, StandardError, load, root
from reference_impl.standard.formats import CHECKERS
from reference_impl.standard.rules import ConditionError, Expression, Variables
from reference_impl.standard.source import read

USCC = "91990100XT0000014N"
RESIDENT = "99010119491231001X"


def record(catalogue: Catalogue, **changes: Any) -> dict[str, Any]:
    """A valid record of F02-01; a change to None takes the member away."""
    valid = {
        "record_id": "r-1",
        "record_version": 1,
        "item_code": "F02-01",
        "checklist_version": catalogue.version,
        "subject": {
            "type": "enterprise",
            "name": "测试市示例机械有限公司",
            "ids": [{"scheme": "uscc", "value": USCC}],
        },
        "provider_uscc": USCC,
        "division_code": "110105",
        "operation": "insert",
        "as_of": "2026-01-05T09:00:00+08:00",
        "generated_at": "2026-01-05T09:00:00+08:00",
        "status": next(iter(catalogue.codes["record_status"])),
        "source_channel": next(iter(catalogue.codes["source_channel"])),
        "content": content(),
    }
    return {name: value for name, value in (valid | changes).items() if value is not None}


def content(**changes: Any) -> dict[str, Any]:
    valid = {"person_name": "测甲一", "person_id_type": "RESIDENT_ID", "person_id_no": RESIDENT}
    return {name: value for name, value in (valid | changes).items() if value is not None}


def faults(catalogue: Catalogue, given: object) -> set[tuple[str, str]]:
    return {(rejection.code, rejection.pointer) for rejection in catalogue.validate_record(given)}


def test_valid_record_has_no_fault(catalogue: Catalogue) -> None:
    assert catalogue.validate_record(record(catalogue)) == ()


def test_withdrawal_needs_no_content(catalogue: Catalogue) -> None:
    assert faults(catalogue, record(catalogue, operation="withdraw", content=None)) == set()
    assert ("forbidden_field", "/content") in faults(catalogue, record(catalogue, operation="withdraw"))
    assert ("schema", "/content") in faults(catalogue, record(catalogue, content=None))


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({"item_code": "Z99-99"}, ("unknown_item", "/item_code")),
        ({"checklist_version": "1999.1"}, ("checklist_version", "/checklist_version")),
        ({"collected_at": "2026-01-05T09:00:00+08:00"}, ("forbidden_field", "/collected_at")),
        ({"record_version": 0}, ("schema", "/record_version")),
        ({"record_id": None}, ("schema", "/record_id")),
        ({"provider_uscc": USCC[:-1] + "A"}, ("format", "/provider_uscc")),
        ({"operation": "delete"}, ("code_set", "/operation")),
        ({"as_of": "2026-01-05T09:00:00Z"}, ("format", "/as_of")),
        ({"as_of": "2026-02-30T09:00:00+08:00"}, ("format", "/as_of")),
        ({"content": content(person_name=None)}, ("schema", "/content/person_name")),
        ({"content": content(nickname="x")}, ("forbidden_field", "/content/nickname")),
        ({"content": content(person_id_type="OTHER_ID")}, ("code_set", "/content/person_id_type")),
        ({"content": content(person_id_no="990101194912310019")}, ("format", "/content/person_id_no")),
        ({"content": content(person_name=7)}, ("schema", "/content/person_name")),
        ({"content": content(phone="12")}, ("format", "/content/phone")),
        ({"content": []}, ("schema", "/content")),
    ],
)
def test_each_fault_has_its_code_and_pointer(
    catalogue: Catalogue, changes: dict[str, Any], fault: tuple[str, str]
) -> None:
    assert fault in faults(catalogue, record(catalogue, **changes))


def test_subject_type_must_be_one_of_the_item(catalogue: Catalogue) -> None:
    subject = {
        "type": "natural_person",
        "name": "测甲一",
        "ids": [{"scheme": "resident_id", "value": RESIDENT}],
    }
    assert faults(catalogue, record(catalogue, subject=subject)) == {
        ("unknown_subject_type", "/subject/type")
    }


@pytest.mark.parametrize(
    "given", [None, 1, "x", [], {}, {"subject": 1, "content": {"a": None}, "item_code": ["F"]}]
)
def test_no_input_breaks_the_reader(catalogue: Catalogue, given: object) -> None:
    assert catalogue.validate_record(given)


def test_cross_field_rule_names_itself(catalogue: Catalogue) -> None:
    item = catalogue.items["F01-04"]
    figures = {
        "report_year": 2025,
        "public_flags": {},
        "main_business_income": "20.01",
        "operating_income": "20.00",
    }
    (rejection,) = item.validate(figures)
    assert (rejection.code, rejection.rule) == ("rule", "F01-04.main_within_total")
    assert rejection.message["zh"]
    assert rejection.message["en"]
    assert item.validate(figures | {"operating_income": "20.01"}) == ()


def test_rules_wait_for_sound_fields(catalogue: Catalogue) -> None:
    figures = {"report_year": 2025, "public_flags": {}, "main_business_income": "x", "operating_income": "1"}
    assert {r.code for r in catalogue.items["F01-04"].validate(figures)} == {"format"}


@pytest.mark.parametrize("oddity", [10**30, float("nan"), [[[]]], {"a": 10**30}])
def test_odd_values_are_faults_and_nothing_worse(catalogue: Catalogue, oddity: Any) -> None:
    figures = {"report_year": 2025, "public_flags": {}, "net_profit": oddity, "operating_income": "20.00"}
    assert {r.pointer for r in catalogue.items["F01-04"].validate(figures)} == {"/net_profit"}


def test_what_is_no_json_is_refused(catalogue: Catalogue) -> None:
    assert faults(catalogue, record(catalogue, record_id="\ud800")) == {("format", "")}


def test_digest_is_over_the_parsed_file(catalogue: Catalogue, schemas: Path) -> None:
    from hashlib import sha256

    parsed = read(schemas / "checklist" / "items" / "F02-01.yaml")
    assert catalogue.items["F02-01"].digest == sha256(rfc8785.dumps(parsed)).hexdigest()


def test_fields_are_flattened(catalogue: Catalogue) -> None:
    fields = {field.name: field for field in catalogue.items["F02-01"].fields}
    assert fields["person_id_no"].sensitivity == "S4"
    assert fields["person_id_no"].identified_by == "person_id_no"
    assert fields["person_id_no"].required
    assert fields["person_name"].desensitization_type == "person_name"
    assert fields["phone"].person_role == "legal_representative"
    assert not fields["phone"].required


def test_every_item_of_the_checklist_is_read(catalogue: Catalogue, schemas: Path) -> None:
    first, second = read(schemas / "checklist" / "national.yaml")["versions"]
    assert [list(edition.items) for edition in catalogue.editions] == [
        first["items"],
        sorted([*first["items"], *second["items"]]),
    ]


@pytest.mark.parametrize(
    ("day", "version", "accepted"),
    [
        (date(2025, 12, 31), "2026.1", ["2026.1"]),
        (date(2027, 3, 31), "2026.1", ["2026.1"]),
        (date(2027, 4, 1), "2027.1", ["2027.1", "2026.1"]),
        (date(2027, 6, 29), "2027.1", ["2027.1", "2026.1"]),
        (date(2027, 6, 30), "2027.1", ["2027.1"]),
    ],
)
def test_the_version_in_force_follows_the_day(
    catalogue: Catalogue, day: date, version: str, accepted: list[str]
) -> None:
    catalogue_of_day = replace(catalogue, today=lambda: day)
    governing = {
        e.version: catalogue_of_day.governing({"checklist_version": e.version}).version
        for e in catalogue_of_day.editions
    }
    assert catalogue_of_day.version == version
    assert sorted(v for v, governed in governing.items() if v == governed) == sorted(accepted)


@pytest.mark.parametrize(
    ("name", "good", "bad"),
    [
        ("uscc", [USCC], [USCC[:-1] + "P", USCC.lower(), USCC + "\n", "9199010OXT0000014N", ""]),
        ("resident-id", [RESIDENT, "990101194912310028"], ["990101194902300010", RESIDENT.lower()]),
        ("calendar-date", ["2024-02-29"], ["2023-02-29", "2024-2-29", "20240229", "２０２４-02-29"]),
        ("decimal", ["0", "-1.50", "12"], ["01", "1.", ".5", "1e3", "+1", "1\n", "NaN"]),
        (
            "datetime-cst",
            ["2026-01-05T09:00:00+08:00"],
            ["2026-01-05T09:00:00Z", "2026-01-05 09:00:00+08:00"],
        ),
        ("year-month", ["202612"], ["202613", "2026-12", "202600"]),
        ("patent-no", ["ZL1984011524499", "ZL84200002X"], ["ZL1984011524490", "1984011524499"]),
        ("org-code", ["XT0000014", "XT000001-4"], ["XT0000015", "xt0000014"]),
    ],
)
def test_formats(name: str, good: list[str], bad: list[str]) -> None:
    assert all(map(CHECKERS[name], good))
    assert not any(map(CHECKERS[name], [*bad, "", *(text + "\n" for text in good)]))


def test_yaml_is_core_only(tmp_path: Path) -> None:
    file = tmp_path / "f.yaml"
    file.write_text("[2024-01-01, yes, on, 1_000, 1:30, 010, 0x1f, 1e3, true, null]\n", "utf-8")
    assert read(file) == ["2024-01-01", "yes", "on", "1_000", "1:30", 10, 31, 1000.0, True, None]


@pytest.mark.parametrize(
    "text", ["a: 1\na: 2\n", "x: {b: 1, b: 1}\n", "a: [\n", "!!python/object:os.system {}\n"]
)
def test_bad_yaml_is_refused(tmp_path: Path, text: str) -> None:
    file = tmp_path / "f.yaml"
    file.write_text(text, "utf-8")
    with pytest.raises(StandardError):
        read(file)


def test_root_prefers_the_given_folder(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        root(tmp_path)
    assert (root() / "schemas").is_dir()


def test_truth_table_of_conditions(schemas: Path) -> None:
    cases = read(schemas / "cel" / "truth-table.yaml")["cases"]
    assert cases
    for case in cases:
        expression = Expression(case["expression"])
        if case["result"] == "error":
            with pytest.raises(ConditionError):
                expression.holds(Variables(case["variables"]))
        else:
            assert expression.holds(Variables(case["variables"])) is case["result"], case["id"]


def copied(schemas: Path, target: Path) -> Path:
    import shutil

    shutil.copytree(schemas, target / "schemas")
    shutil.copytree(schemas.parent / "standard", target / "standard")
    return target / "schemas"


def test_overlay_adds_to_its_own_province_only(schemas: Path) -> None:
    root = schemas.parent
    test_province, elsewhere = load(root, "990100"), load(root, "110000")
    assert set(test_province.items) - set(elsewhere.items) == {"G01-01"}
    assert load(root).items.keys() == elsewhere.items.keys()
    changed = {
        code for code, item in elsewhere.items.items() if item.digest != test_province.items[code].digest
    }
    assert changed == {"F07-01", "F14-01"}
    for edition in test_province.editions:
        fields = {f.name: f for f in edition.items["F14-01"].fields}
        assert fields["certified_staff"].legal_basis
        assert not fields["certified_staff"].required


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        ("desensitization/types.yaml", "op: cn_name, max_fill: 2", "op: cn_name, max_file: 2"),
        ("desensitization/types.yaml", "op: cn_name", "op: name"),
        ("checklist/items/F02-01.yaml", "$defs/phone", "$defs/telephone"),
        ("elements.yaml", "x-code-set: position", "x-code-set: no_such_set"),
        ("elements.yaml", "x-desensitization: phone", "x-desensitization: no_such_type"),
    ],
)
def test_inconsistent_standard_is_refused(
    schemas: Path, tmp_path: Path, file: str, old: str, new: str
) -> None:
    path = copied(schemas, tmp_path) / file
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new), "utf-8")
    with pytest.raises(StandardError):
        load(tmp_path)
