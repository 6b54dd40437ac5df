"""The disclosure policy: every cell of the matrix, and what decides which cell counts."""

from pathlib import Path
from typing import Any

import pytest

from reference_impl.policy.disclosure import Disclosure
from reference_impl.standard import Catalogue, load

RESIDENT = "99010119491231001X"
OTHER = "990101194912310028"
KEY = bytes(range(32))
AUDIENCES = (
    "public",
    "financial_institution",
    "guarantee_institution",
    "credit_reporting_agency",
    "credit_service_agency",
    "hub",
    "upstream",
    "provider",
    "subject",
    "modeling",
)
INSTITUTIONS = AUDIENCES[1:4]
EXPECTED = {
    "S0": dict.fromkeys(AUDIENCES[:-1], ("raw", "raw")),
    "S1": {a: ("gen", "gen") if a in {"public", "provider"} else ("raw", "raw") for a in AUDIENCES[:-1]},
    "S2": dict.fromkeys(AUDIENCES[1:5], ("gen", "raw"))
    | {"hub": ("gen", "gen"), "upstream": ("gen", "gen"), "subject": ("raw", "raw")},
    "S3": dict.fromkeys(INSTITUTIONS, ("sup", "raw"))
    | {"hub": ("part", "part"), "upstream": ("part", "part"), "subject": ("raw", "raw")}
    | {"credit_service_agency": ("sup", "part")},
    "S4": dict.fromkeys(INSTITUTIONS, ("sup", "raw"))
    | {"hub": ("tok", "tok"), "upstream": ("tok", "tok"), "subject": ("part", "part")},
    "S5": {},
}  # fmt: skip


@pytest.fixture(scope="module")
def disclosure(catalogue: Catalogue) -> Disclosure:
    return Disclosure(catalogue, KEY)


def view(
    disclosure: Disclosure, code: str, content: dict[str, Any], audience: str, **right: Any
) -> dict[str, Any]:
    defaults: dict[str, Any] = {
        "authorized": False,
        "own": False,
        "persons": frozenset(),
        "recipient": "91990100XT0000014N",
    }
    subject_type = right.pop("subject_type", "enterprise")
    return disclosure.view(
        disclosure.catalogue.items[code], content, subject_type, audience, **(defaults | right)
    )


def person(**changes: Any) -> dict[str, Any]:
    return {
        "person_name": "测甲一",
        "person_id_type": "RESIDENT_ID",
        "person_id_no": RESIDENT,
        "phone": "15400001234",
    } | changes


@pytest.mark.parametrize("sensitivity", EXPECTED)
@pytest.mark.parametrize("audience", AUDIENCES)
def test_matrix_is_as_published(catalogue: Catalogue, sensitivity: str, audience: str) -> None:
    cell = catalogue.desensitization.cells.get((sensitivity, audience), ("sup", "sup"))
    assert tuple(cell) == EXPECTED[sensitivity].get(audience, ("sup", "sup"))


def test_authorization_never_shows_less(catalogue: Catalogue) -> None:
    order = ["sup", "tok", "gen", "part", "raw"]
    for cell in catalogue.desensitization.cells.values():
        assert order.index(cell.authorized) >= order.index(cell.none)


@pytest.mark.parametrize("audience", INSTITUTIONS)
def test_persons_need_their_own_authorization(disclosure: Disclosure, audience: str) -> None:
    by_enterprise = view(disclosure, "F02-01", person(), audience, authorized=True)
    assert by_enterprise["person_id_no"] == {"form": "withheld"}
    assert by_enterprise["phone"] == {"form": "withheld"}
    assert by_enterprise["person_name"] == {"form": "raw", "value": "测甲一"}

    by_another = view(disclosure, "F02-01", person(), audience, authorized=True, persons=frozenset({OTHER}))
    assert by_another["person_id_no"] == {"form": "withheld"}

    by_person = view(disclosure, "F02-01", person(), audience, persons=frozenset({RESIDENT.lower()}))
    assert by_person["person_id_no"] == {"form": "raw", "value": RESIDENT}
    assert by_person["phone"] == {"form": "raw", "value": "15400001234"}


def test_person_without_identifier_counts_as_not_authorized(disclosure: Disclosure) -> None:
    content = person()
    del content["person_id_no"]
    fields = view(disclosure, "F02-01", content, "financial_institution", persons=frozenset({RESIDENT, ""}))
    assert fields["phone"] == {"form": "withheld"}
    assert "person_id_no" not in fields


def test_subject_sees_others_as_the_public_does(disclosure: Disclosure) -> None:
    other_person = view(disclosure, "F02-01", person(), "subject", own=True)
    assert other_person["phone"] == {"form": "withheld"}
    assert other_person["person_name"]["form"] == "raw"

    same_person = view(disclosure, "F02-01", person(), "subject", own=True, persons=frozenset({RESIDENT}))
    assert same_person["phone"] == {"form": "raw", "value": "15400001234"}
    assert same_person["person_id_no"] == {"form": "masked", "value": "9****************X"}


def test_hub_gets_tokens_of_its_own_and_partial_masks(disclosure: Disclosure) -> None:
    hub = view(disclosure, "F02-01", person(), "hub", recipient="hub")
    upstream = view(disclosure, "F02-01", person(), "upstream", recipient="upstream")
    assert hub["person_id_no"]["form"] == upstream["person_id_no"]["form"] == "token"
    assert hub["person_id_no"]["value"] != upstream["person_id_no"]["value"]
    assert hub["phone"] == {"form": "masked", "value": "154******34"}


def figures(**flags: bool) -> dict[str, Any]:
    return {"report_year": 2025, "public_flags": flags, "total_assets": "1234567.00", "net_profit": "-5.00"}


def test_class_depends_on_the_record(disclosure: Disclosure) -> None:
    fields = view(disclosure, "F01-04", figures(total_assets=True, net_profit=False), "public")
    assert fields["total_assets"] == {"form": "raw", "value": "1234567.00"}
    assert fields["net_profit"] == {"form": "withheld"}
    bank = view(disclosure, "F01-04", figures(total_assets=False), "financial_institution")
    assert bank["total_assets"]["form"] == bank["net_profit"]["form"] == "bucket"
    assert bank["net_profit"]["max"] == 0


def test_condition_that_errs_opens_nothing(disclosure: Disclosure) -> None:
    content = figures()
    del content["public_flags"]
    shown = view(disclosure, "F01-04", content, "financial_institution", authorized=True)
    assert shown["total_assets"] == {"form": "withheld"}


def test_content_beyond_conditions_opens_nothing(disclosure: Disclosure) -> None:
    content = figures(total_assets=True) | {"total_equity": "\ud800"}
    shown = view(disclosure, "F01-04", content, "public")
    assert shown["total_assets"] == {"form": "withheld"}


@pytest.mark.parametrize("subject_type", ["individual_business", "family_farm", "farmer_household"])
def test_commercial_secrets_of_natural_person_like_subjects_are_personal(
    disclosure: Disclosure, subject_type: str
) -> None:
    fields = view(disclosure, "F01-04", figures(), "financial_institution", subject_type=subject_type)
    assert fields["total_assets"] == {"form": "withheld"}
    granted_fields = view(
        disclosure, "F01-04", figures(), "financial_institution", subject_type=subject_type, authorized=True
    )
    assert granted_fields["total_assets"] == {"form": "raw", "value": "1234567.00"}


def test_item_on_authorization_shows_nothing_without(disclosure: Disclosure, catalogue: Catalogue) -> None:
    item = next(item for item in catalogue.items.values() if item.disclosure == "authorized")
    content = {field.name: "x" for field in item.fields}
    for audience in AUDIENCES:
        fields = view(disclosure, item.code, content, audience, own=True)
        if audience == "subject":
            assert any(field["form"] == "raw" for field in fields.values())
        else:
            assert {field["form"] for field in fields.values()} == {"withheld"}


def test_free_text_is_cleaned_of_names_in_the_record(schemas: Path, tmp_path: Path) -> None:
    import shutil

    shutil.copytree(schemas, tmp_path / "schemas")
    shutil.copytree(schemas.parent / "standard", tmp_path / "standard")
    path = tmp_path / "schemas" / "checklist" / "items" / "F02-01.yaml"
    remark = '  remark: {$ref: "../../elements.yaml#/$defs/free_text", x-title: {zh: 备注, en: Remark}}'
    text = path.read_text("utf-8").replace("\nproperties:\n", f"\nproperties:\n{remark}\n")
    path.write_text(text, "utf-8")
    disclosure = Disclosure(load(tmp_path), KEY)
    content = person(remark="测甲一（15400001234）已到场，证件" + RESIDENT)
    for audience in ("public", "financial_institution", "subject"):
        fields = view(disclosure, "F02-01", content, audience, own=True, authorized=True)
        assert fields["remark"] == {"form": "masked", "value": "***（***）已到场，证件***"}
    clean = view(disclosure, "F02-01", person(remark="已到场"), "public")
    assert clean["remark"] == {"form": "raw", "value": "已到场"}
