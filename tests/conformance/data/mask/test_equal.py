"""Every row comes out of the columns as the reference discloses it: all items, audiences, operators."""

from dataclasses import replace
from random import Random
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conformance.data.mask import DisclosureRequest, compile_plan, mask
from conformance.data.mask.kernels.oracle import OracleKernel
from conformance.data.mask.kernels.vectorized import VectorizedKernel, VectorizedOperator
from conformance.model.shapes import Field, Form, Item, Kind
from conformance.model.text import Text
from conformance.oracles.desensitization import apply
from tests.conformance.data.item_rows import CODES, rows, standard, wrong_rows
from tests.conformance.data.mask.batch_samples import HOSTILE, KEY, RECIPIENT, Rows, deviations, wired

AUDIENCES = tuple(standard().codes["audience"].codes)
RULES = standard().desensitization
TYPES = tuple(RULES.types)
SUBJECTS = (None, "enterprise", "individual_business", "farmer_household", "nonsense", 5)


def terms(item: Item, audience: str, **more: Any) -> DisclosureRequest:
    return DisclosureRequest(standard(), item, audience, key=KEY, recipient=RECIPIENT, **more)


@pytest.mark.parametrize("code", CODES)
def test_items_for_all_audiences(code: str) -> None:
    item, random = standard().checklist.item(code), Random(code)
    sample_rows = [*rows(code, random, 3), *list(wrong_rows(code, random))[:5]]
    sample_rows += [spoiled(item, row, random) for row in sample_rows]
    persons = frozenset(_persons(item, sample_rows[:3]))
    for audience in AUDIENCES:
        authorizable = standard().codes["audience"].codes[audience].properties.get("authorizable")
        for authorized in (False, True) if authorizable else (False,):
            related_persons = frozenset[str]() if random.random() < 0.5 else persons
            request = terms(item, audience, authorized=authorized, persons=related_persons)
            assert not deviations(request, sample_rows)


def spoiled(item: Item, row: dict[str, Any], random: Random) -> dict[str, Any]:
    names = [f.name for f in item.fields]
    changed = {random.choice(names): random.choice(HOSTILE) for _ in range(2)}
    subject = random.choice(SUBJECTS)
    extra = {"remark": "x"} if random.random() < 0.1 else {}
    around = {"subject.name": "张三的小店", "subject.resident_id": "990101199001010012", "record.id": "r1"}
    return row | changed | extra | around | ({} if subject is None else {"subject.type": subject})


def _persons(item: Item, made: list[dict[str, Any]]) -> list[str]:
    names = {f.person.identified_by for f in item.fields if f.person}
    return [str(row[n]) for row in made for n in names if n and n in row]


def one_field(type_: str, level: str = "S3") -> Item:
    """An item with a field of the type for which nothing but data was written."""
    field = Field("it", Text("", ""), "it", False, level, (), type_, None, None, None, {"type": "string"})
    name = replace(field, name="person", desensitization_type="person_name")
    return replace(standard().checklist.items[0], fields=(field, name), disclosure="public")


def in_kind(type_: str, kind: Kind, **options: Any) -> DisclosureRequest:
    """DisclosureRequest under which the field is disclosed in the kind."""
    cells = {key: replace(cell, none=kind) for key, cell in RULES.cells.items()}
    rules = replace(RULES, cells=cells)
    return DisclosureRequest(
        replace(standard(), desensitization=rules), one_field(type_), "hub", key=KEY, recipient="B", **options
    )


@pytest.mark.parametrize("type_", TYPES)
def test_types_in_all_kinds(type_: str) -> None:
    for kind in Kind:
        values: list[dict[str, Any]] = [{"it": value} for value in HOSTILE]
        values += [{}, {"person": "张三"}]
        values += [{"it": value, "person": "张三"} for value in HOSTILE]
        assert not deviations(in_kind(type_, kind), values)


OPERATORS: tuple[dict[str, Any], ...] = (
    {"op": "keep"}, {"op": "drop"}, {"op": "const", "value": "x"},
    {"op": "mask", "first": 2, "last": 1, "char": "#"}, {"op": "mask", "first": 0, "last": 0, "fill": 3},
    {"op": "cn_name", "max_fill": 1}, {"op": "cn_name", "max_fill": 5},
    {"op": "split", "on": "@", "left": {"op": "const"}, "right": {"op": "mask", "first": 1, "last": 1}},
    {"op": "split", "on": "1", "left": {"op": "keep"}, "right": {"op": "keep"}},
    {"op": "parts", "on": ".", "count": 4, "keep": 0},
    {"op": "parts", "on": "-", "count": 3, "keep": 1, "fill": "?"},
    {"op": "parts", "on": ".", "count": 4, "keep": 4}, {"op": "address", "level": "province", "fill": 1},
    {"op": "address", "level": "district"}, {"op": "bucket", "edges": [0, 7, 500000], "unit": "CNY"},
    {"op": "bucket", "edges": [5, 1], "unit": "x"}, {"op": "round", "to": "0.1"},
    {"op": "round", "to": "10", "mode": "half_up"}, {"op": "date", "to": "quarter"},
    {"op": "date", "to": "month"}, {"op": "token", "domain": "d"},
    {"op": "text", "detect": [{"type": "phone", "pieces": 4}], "max_gap": 0},
)  # fmt: skip


@pytest.mark.parametrize("operator", OPERATORS, ids=lambda o: o["op"])
@pytest.mark.parametrize("form", ["id", "name", "text", "none"])
def test_operators_with_other_parameters(operator: dict[str, Any], form: str) -> None:
    masking_type = replace(
        RULES.types["plain"],
        normalize=form,
        operators={Kind.PART: operator},
        tail=4 if form == "id" else None,
    )
    rules = replace(RULES, types=dict(RULES.types) | {"plain": masking_type})
    cells = {key: replace(cell, none=Kind.PART) for key, cell in RULES.cells.items()}
    changed = replace(standard(), desensitization=replace(rules, cells=cells))
    request = DisclosureRequest(changed, one_field("plain"), "hub", key=KEY, recipient=RECIPIENT)
    assert not deviations(request, [{"it": value} for value in HOSTILE])


SHAPED = st.one_of(
    st.text(max_size=24),
    st.text(
        st.sampled_from("0123456789Xx-—.  ＋+86１张欧阳三·•*市省广东深圳\u0301\u202e\u200d𠮷"), max_size=24
    ),
    st.from_regex(r"-?[0-9]{1,14}(\.[0-9]{1,4})?", fullmatch=True),
    st.from_regex(r"[12][0-9]{3}-?[01][0-9]-?[0-3][0-9]", fullmatch=True),
    st.from_regex(r"(\+86)?1[3-9][0-9]{9}", fullmatch=True),
    st.sampled_from(HOSTILE),
)


@settings(max_examples=20, deadline=None)
@given(
    values=st.lists(SHAPED, min_size=1, max_size=40),
    type_=st.sampled_from(TYPES),
    kind=st.sampled_from(list(Kind)),
)
def test_values_that_hypothesis_finds(values: list[Any], type_: str, kind: Kind) -> None:
    assert not deviations(in_kind(type_, kind), [{"it": value, "person": values[0]} for value in values])


def test_most_good_values_are_proved() -> None:
    """Else nothing above would say anything of the kernels."""
    good = {"person_name": "张小明", "resident_id": "990101199001010012", "phone": "13812345678"}
    good |= {"address": "广东省深圳市南山区1号", "amount": "1234.50", "date": "2024-02-28", "free_text": "无"}
    for type_, value in good.items():
        for kind in (Kind.PART, Kind.GEN, Kind.RAW):
            column = compile_plan(in_kind(type_, kind)).columns[0]
            for kernel in column.kernels(kind, text=True):
                if isinstance(kernel, VectorizedKernel):
                    assert not kernel(pl.Series("it", [value]))[1].item(), (type_, kind)


@pytest.mark.parametrize(
    "wrong",
    [
        VectorizedOperator(lambda text: text.str.head(3) + "********", lambda text, _: text.is_not_null()),
        VectorizedOperator(
            lambda text: text.str.head(3) + "******" + text.str.tail(2),
            lambda text, _: text.str.len_chars() > 5,
        ),
    ],
    ids=["another value", "a proof that is none"],
)
def test_a_planted_deviation_is_noticed(wrong: VectorizedOperator) -> None:
    request = in_kind("phone", Kind.PART)
    plan = compile_plan(request)
    kernels = plan.columns[0].kernels(Kind.PART, text=True)
    assert isinstance(kernels[-1], OracleKernel)
    plan.columns[0].compiled[Kind.PART, True] = (VectorizedKernel(wrong, Form.MASKED), kernels[-1])
    assert deviations(request, [{"it": value} for value in HOSTILE], plan)


def test_rows_without_a_field_stay_rows() -> None:
    plan = compile_plan(in_kind("phone", Kind.PART))
    assert wired(plan, [{}, {}]) == ["{}", "{}"]


def test_new_types_need_no_code() -> None:
    masking_type = replace(RULES.types["phone"], id="badge", valid=("[A-Z]{2}[0-9]{6}",), tail=None)
    rules = replace(RULES, types=dict(RULES.types) | {"badge": masking_type})
    request = DisclosureRequest(replace(standard(), desensitization=rules), one_field("badge"), "hub")
    masked = mask(compile_plan(request), Rows([{"it": "AB123456", "subject.type": "enterprise"}]))
    assert masked.columns["it"].values.to_list() == [apply(rules, "badge", Kind.PART, "AB123456").value]
    assert not masked.single
