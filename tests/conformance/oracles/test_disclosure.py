"""The expected view of a record follows the matrix, and only the allowed forms are accepted."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conformance.expect import same
from conformance.loader import load_standard
from conformance.model.shapes import ClassWhen, Field, Form, Item, Kind, Person
from conformance.model.text import Text
from conformance.oracles.disclosure import ExpectedField, judge_view, sensitive_values, view

STANDARD = load_standard()
NOTHING = Text("无", "none")
ID, OTHER_ID = "99010119491231001X", "990101194912310028"


def field(name: str, level: str, kind: str, **members: Any) -> Field:
    defaults: dict[str, Any] = {"class_when": (), "person": None, "code_set": None, "unit": None}
    schema = members.pop("schema", {"type": "string"})
    return Field(
        name, NOTHING, name, False, level, desensitization_type=kind, schema=schema, **(defaults | members)
    )


LEGAL = Person("legal_representative", "person_id")
ITEM = Item(
    code="F99-01",
    title=NOTHING,
    category="F99",
    version="1.0",
    providers=(),
    subject_types=(),
    key=(),
    disclosure="public_part_authorized_detail",
    collection_mode="physical",
    sharing_mode="head_to_head",
    update_frequency="monthly",
    fields=(
        field("name", "S0", "company_name"),
        field("area", "S1", "address"),
        field(
            "income", "S2", "revenue", class_when=(ClassWhen("has(record.public) && record.public", "S0"),)
        ),
        field("public", "S0", "plain", schema={"type": "boolean"}),
        field("phone", "S3", "phone"),
        field("person_name", "S0", "person_name"),
        field("person_id", "S4", "resident_id", person=LEGAL),
        field("person_phone", "S3", "phone", person=LEGAL),
        field("password", "S5", "secret"),
        field("text", "S0", "free_text"),
    ),
    rules=(),
    schema={},
    digest="",
)
CONTENT: dict[str, Any] = {
    "name": "测试市示例机械有限公司",
    "area": "测试省测试市测试区示例路1号",
    "income": "3200000.00",
    "public": False,
    "phone": "15400001234",
    "person_name": "测甲一",
    "person_id": ID,
    "person_phone": "15400005678",
    "password": "secret",
    "text": "责令测甲一改正，电话15400001234。",
}


def kinds(
    audience: str, *, authorized: bool = False, persons: tuple[str, ...] = (), **changes: Any
) -> dict[str, Kind]:
    content = CONTENT | changes.pop("content", {})
    subject = changes.pop("subject", "enterprise")
    expected = view(STANDARD, replace(ITEM, **changes), content, subject, audience, authorized, persons)
    return {name: f.kind for name, f in expected.items()}


def test_the_matrix_is_followed_without_authorization() -> None:
    kind_by_field = kinds("financial_institution")

    assert kind_by_field["name"] is Kind.RAW
    assert kind_by_field["area"] is Kind.RAW
    assert kind_by_field["income"] is Kind.GEN
    assert kind_by_field["phone"] is Kind.SUP
    assert kind_by_field["person_id"] is Kind.SUP
    assert kind_by_field["password"] is Kind.SUP


def test_authorization_of_the_subject_does_not_open_fields_of_persons() -> None:
    kind_by_field = kinds("financial_institution", authorized=True)

    assert kind_by_field["income"] is Kind.RAW
    assert kind_by_field["phone"] is Kind.RAW
    assert kind_by_field["person_id"] is Kind.SUP
    assert kind_by_field["person_phone"] is Kind.SUP
    assert kind_by_field["password"] is Kind.SUP


@pytest.mark.parametrize("spelled", [ID, ID.lower(), " 990101 19491231 001X"])
def test_authorization_of_the_person_opens_only_that_person_s_fields(spelled: str) -> None:
    kind_by_field = kinds("financial_institution", persons=(spelled,))

    assert kind_by_field["person_id"] is Kind.RAW
    assert kind_by_field["person_phone"] is Kind.RAW
    assert kind_by_field["phone"] is Kind.SUP
    assert kinds("financial_institution", persons=(OTHER_ID,))["person_phone"] is Kind.SUP


@pytest.mark.parametrize("missing", [None, "", " ", 5])
def test_a_record_without_the_identifier_opens_to_nobody(missing: Any) -> None:
    assert (
        kinds("financial_institution", persons=(ID, ""), content={"person_id": missing})["person_phone"]
        is Kind.SUP
    )


def test_an_item_under_authorization_shows_nothing_without_it() -> None:
    assert set(kinds("financial_institution", disclosure="authorized").values()) == {Kind.SUP}
    assert kinds("financial_institution", disclosure="authorized", authorized=True)["income"] is Kind.RAW
    assert kinds("subject", disclosure="authorized")["income"] is Kind.RAW


def test_the_subject_sees_its_own_and_not_the_person_s() -> None:
    kind_by_field = kinds("subject")
    assert (kind_by_field["income"], kind_by_field["phone"], kind_by_field["person_phone"]) == (
        Kind.RAW,
        Kind.RAW,
        Kind.SUP,
    )

    kind_by_field = kinds("subject", persons=(ID,))
    assert (kind_by_field["person_phone"], kind_by_field["person_id"]) == (Kind.RAW, Kind.PART)


def test_commercial_secrets_of_natural_person_like_subjects_are_personal() -> None:
    assert kinds("financial_institution", subject="individual_business")["income"] is Kind.SUP
    assert kinds("financial_institution", subject="farmer_cooperative")["income"] is Kind.GEN


def test_the_class_depends_on_the_record() -> None:
    assert kinds("public", content={"public": True})["income"] is Kind.RAW
    assert kinds("public", content={"public": False})["income"] is Kind.SUP


def test_a_condition_without_a_value_hides_the_field() -> None:
    assert kinds("financial_institution", authorized=True, content={"public": "yes"})["income"] is Kind.SUP


def test_an_audience_the_matrix_does_not_name_sees_nothing() -> None:
    assert set(kinds("modeling").values()) == {Kind.SUP}


def expected(audience: str, *, authorized: bool = False) -> Mapping[str, ExpectedField]:
    return view(STANDARD, ITEM, CONTENT, "enterprise", audience, authorized, ())


def right(audience: str, **more: Any) -> dict[str, Any]:
    return {name: f.shown for name, f in expected(audience, **more).items()}


def test_a_right_view_has_no_deviation() -> None:
    actual = right("financial_institution")
    assert judge_view(expected("financial_institution"), actual) == []

    disclosed = {name: f for name, f in actual.items() if f["form"] != "withheld"}
    assert judge_view(expected("financial_institution"), disclosed) == []


def test_free_text_is_cleaned_for_everybody() -> None:
    for audience in ("public", "subject"):
        assert expected(audience)["text"].shown == {"form": "masked", "value": "责令***改正，电话***。"}


def test_a_token_is_judged_by_its_shape() -> None:
    hub = view(STANDARD, ITEM, CONTENT, "enterprise", "hub", False, ())["person_id"]

    assert hub.form is Form.TOKEN
    assert hub.accepts({"form": "token", "value": "tk_0123456789abcdef012345"})
    assert not hub.accepts({"form": "token", "value": "tk_0123456789ABCDEF012345"})
    assert not hub.accepts({"form": "token", "value": ID})
    assert not hub.accepts({"form": "masked", "value": "***"})
    assert not hub.accepts(None)


@pytest.mark.parametrize(
    ("name", "actual"),
    [
        ("phone", {"form": "raw", "value": "15400001234"}),
        ("phone", {"form": "masked", "value": "154******34"}),
        ("phone", {"form": "withheld", "value": "15400001234"}),
        ("phone", {"form": "withheld", "hint": "15400001234"}),
        ("phone", "15400001234"),
        ("income", {"form": "raw", "value": "3200000.00"}),
        ("income", {"form": "bucket", "min": 1000000, "max": 3200001, "unit": "CNY"}),
        ("income", {"form": "bucket", "min": 1000000, "max": 5000000, "unit": "USD"}),
        ("income", {"form": "withheld"}),
        ("income", None),
        ("name", {"form": "raw", "value": "测试市示例"}),
        ("name", {"form": "raw"}),
        ("name", {"value": "测试市示例机械有限公司"}),
        ("public", {"form": "raw", "value": 0}),
        ("undeclared", {"form": "raw", "value": "x"}),
        ("undeclared", "x"),
    ],
)
def test_each_deviation_is_found(name: str, actual: Any) -> None:
    fields = right("financial_institution") | {name: actual}
    if actual is None:
        del fields[name]
    deviations = judge_view(expected("financial_institution"), fields)

    assert [d.field for d in deviations] == [name]


@pytest.mark.parametrize("actual", [None, [], "x", 1])
def test_a_view_that_is_no_object_deviates_wherever_something_is_due(actual: Any) -> None:
    assert {d.field for d in judge_view(expected("public"), actual)} >= {"name"}


def test_open_intervals_may_say_null_or_nothing() -> None:
    rich = view(STANDARD, ITEM, CONTENT | {"income": "900000000"}, "enterprise", "hub", False, ())["income"]

    assert rich.accepts({"form": "bucket", "min": 400000000, "max": None, "unit": "CNY"})
    assert rich.accepts({"form": "bucket", "min": 400000000, "unit": "CNY"})
    assert not rich.accepts({"form": "bucket", "min": None, "max": 400000000, "unit": "CNY"})


def test_sensitive_values_are_those_not_shown_raw() -> None:
    sensitive, lawful = sensitive_values(expected("financial_institution"), CONTENT)

    assert {"phone", "person_id", "income", "password"} <= set(sensitive)
    assert "name" not in sensitive
    assert "测试市示例机械有限公司" in lawful
    assert "15400001234" not in lawful


def test_equality_is_that_of_json() -> None:
    assert same({"a": [1, None]}, {"a": [1.0, None]})
    assert not same(True, 1)
    assert not same([0], [False])


ANY = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda c: st.lists(c) | st.dictionaries(st.text(), c),
)


@given(
    st.fixed_dictionaries({}, optional=dict.fromkeys(CONTENT, ANY)),
    st.sampled_from(sorted(STANDARD.codes["audience"].codes)),
    st.booleans(),
    st.lists(st.sampled_from([ID, OTHER_ID, ""]), max_size=2),
    st.sampled_from(sorted(STANDARD.codes["subject_type"].codes)),
)
@settings(max_examples=200, deadline=None)
def test_no_value_whatever_opens_what_is_closed(
    content: dict[str, Any],
    audience: str,
    authorized: bool,  # noqa: FBT001
    persons: list[str],
    subject: str,
) -> None:
    """Fail closed: authentication secrets never, persons' fields only to their own authorization."""
    fields = view(STANDARD, ITEM, content, subject, audience, authorized, persons)

    assert fields.keys() == content.keys()
    if "password" in fields:
        assert fields["password"].form is Form.WITHHELD
    outsider = audience not in {"hub", "upstream"} and content.get("person_id") not in persons
    if outsider and "person_phone" in fields:
        assert fields["person_phone"].form is Form.WITHHELD
    if audience == "public":
        assert all(f.form is Form.WITHHELD for name, f in fields.items() if name in ("phone", "person_id"))
