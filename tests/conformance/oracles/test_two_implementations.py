"""The judge and the exemplar desensitize alike: two independent readings of one page."""

import math
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from conformance.loader import load_standard, root
from conformance.model.shapes import Form, Kind
from conformance.oracles.desensitization import Disclosed, apply, run
from reference_impl.desensitization import Context
from reference_impl.standard import load
from tests.conformance.oracles.strategies import (
    ANY_TEXT,
    DATES,
    JUNK,
    NUMBERS,
    addresses,
    prose,
    real_addresses,
    values,
)

RULES = load_standard().desensitization
EXEMPLAR = load(root()).desensitization
KEY, RECIPIENT, NAMES = bytes(range(32)), "91990100XT0000014N", ("测甲一", "Test Person", "试·乙二")
THOROUGH = settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def on_the_wire(disclosed: Disclosed) -> dict[str, Any]:
    match disclosed.form:
        case Form.WITHHELD:
            return {"form": "withheld"}
        case Form.BUCKET:
            return {"form": "bucket", **disclosed.value}
    return {"form": str(disclosed.form), "value": disclosed.value}


def comparable(value: Any) -> Any:
    """NaN equals nothing, not even itself."""
    return "NaN" if isinstance(value, float) and math.isnan(value) else value


def agree(ours: Disclosed, theirs: dict[str, Any]) -> None:
    expected = on_the_wire(ours)
    assert {k: comparable(v) for k, v in theirs.items()} == {k: comparable(v) for k, v in expected.items()}
    assert type(theirs.get("value")) is type(expected.get("value"))


@pytest.mark.parametrize("type_id", sorted(RULES.types))
def test_types(type_id: str) -> None:
    @given(st.sampled_from(Kind), values(RULES, RULES.types[type_id]))
    @THOROUGH
    def compare(kind: Kind, value: Any) -> None:
        ours = apply(RULES, type_id, kind, value, key=KEY, recipient=RECIPIENT, names=NAMES)
        agree(ours, EXEMPLAR.apply(type_id, kind, value, Context(KEY, RECIPIENT, NAMES)))

    compare()


@given(
    prose(RULES),
    st.lists(st.sampled_from([*NAMES, "测", "", "123", "\u6e2c e\u0301 e\u0301", " 测 甲 "]), max_size=3),
)
@THOROUGH
def test_free_text(text: str, names: list[str]) -> None:
    ours = apply(RULES, "free_text", Kind.RAW, text, names=names)
    agree(ours, EXEMPLAR.apply("free_text", Kind.RAW, text, Context(b"", "", tuple(names))))


SMALL = st.integers(0, 4)
SIDE = st.one_of(
    st.just({"op": "keep"}),
    st.just({"op": "const", "value": "#"}),
    st.fixed_dictionaries({"op": st.just("mask"), "first": SMALL, "last": SMALL}),
)
PARAMETERS: dict[str, st.SearchStrategy[dict[str, Any]]] = {
    "keep": st.just({}),
    "drop": st.just({}),
    "const": st.fixed_dictionaries({}, optional={"value": st.text(min_size=1, max_size=3)}),
    "mask": st.fixed_dictionaries(
        {},
        optional={
            "first": SMALL,
            "last": SMALL,
            "char": st.sampled_from(["*", "#"]),
            "fill": st.sampled_from(["same", 1, 3]),
            "min_hidden": st.integers(1, 5),
        },
    ),
    "split": st.fixed_dictionaries({"on": st.sampled_from(["@", "-", "ab"]), "left": SIDE, "right": SIDE}),
    "cn_name": st.fixed_dictionaries({}, optional={"max_fill": st.integers(1, 3)}),
    "address": st.fixed_dictionaries(
        {"level": st.sampled_from(["province", "city", "district"])}, optional={"fill": st.integers(1, 6)}
    ),
    "bucket": st.fixed_dictionaries(
        {
            "edges": st.lists(st.integers(-100, 10**6), min_size=1, max_size=5, unique=True).map(sorted),
            "unit": st.just("CNY"),
        }
    ),
    "round": st.fixed_dictionaries(
        {"to": st.sampled_from(["1", "0.1", "0.01", "10", "1000"])},
        optional={"mode": st.sampled_from(["floor", "half_up"])},
    ),
    "date": st.fixed_dictionaries({"to": st.sampled_from(["year", "quarter", "month"])}),
    "token": st.fixed_dictionaries({"domain": st.sampled_from(["mobile", "name"])}),
    "parts": st.fixed_dictionaries(
        {"on": st.sampled_from([".", "-"]), "count": st.integers(2, 4), "keep": st.integers(0, 4)},
        optional={"fill": st.sampled_from(["*", "x"])},
    ),
    "text": st.fixed_dictionaries(
        {"detect": st.just([{"type": "mobile", "pieces": 3}])}, optional={"max_gap": st.integers(0, 3)}
    ),
}
SHORT = st.text("ab-@.\u0301 测*\u00b7欧阳1", max_size=8)


def test_all_operators_are_compared() -> None:
    assert PARAMETERS.keys() == RULES.operators.keys()


@pytest.mark.parametrize("operator", sorted(PARAMETERS))
def test_operators(operator: str) -> None:
    inputs = st.one_of(
        SHORT, ANY_TEXT, JUNK, NUMBERS, DATES, prose(RULES), addresses(RULES), real_addresses(RULES)
    )

    @given(PARAMETERS[operator], inputs, st.binary(max_size=20), st.sampled_from(["", "r", "a\x1fb"]))
    @THOROUGH
    def compare(parameters: dict[str, Any], value: Any, key: bytes, recipient: str) -> None:
        ours = run(RULES, operator, parameters, value, key=key, recipient=recipient, names=NAMES)
        agree(ours, EXEMPLAR.run(operator, parameters, value, Context(key, recipient, NAMES)))

    compare()
