"""What desensitization promises: nothing passes through, nothing raises, nothing widens."""

import re
from typing import Any

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from conformance.loader import load_standard
from conformance.model.shapes import Form, Kind
from conformance.oracles.desensitization import Disclosed, apply
from conformance.oracles.desensitization.characters import normal_form, units
from tests.conformance.oracles.strategies import ANY_TEXT, values

RULES = load_standard().desensitization
KEY = bytes(range(32))
HIDING = [Kind.PART, Kind.GEN, Kind.TOK, Kind.SUP]
THOROUGH = settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.too_slow])
PERSONAL = (
    "resident_id",
    "id_document",
    "passport",
    "mobile",
    "phone",
    "bank_card",
    "account_no",
    "taxpayer_id",
    "plate",
)


def shown(type_id: str, kind: Kind, value: Any, recipient: str = "r") -> Disclosed:
    return apply(RULES, type_id, kind, value, key=KEY, recipient=recipient)


@pytest.mark.parametrize("type_id", sorted(RULES.types))
def test_every_outcome_has_a_declared_shape(type_id: str) -> None:
    @given(st.sampled_from(HIDING), values(RULES, RULES.types[type_id]))
    @THOROUGH
    def check(kind: Kind, value: Any) -> None:
        disclosed = shown(type_id, kind, value)
        operator = RULES.types[type_id].operators.get(kind, {"op": "drop"})["op"]

        assert disclosed.form in (RULES.operators[operator]["form"], Form.MASKED, Form.RAW)
        if disclosed.form is Form.WITHHELD:
            assert disclosed.value is None
        if disclosed.form is Form.RAW:
            assert operator == "keep"

    check()


@pytest.mark.parametrize("type_id", PERSONAL)
def test_a_mask_is_never_a_valid_value_and_shows_no_more_than_it_may(type_id: str) -> None:
    part = RULES.types[type_id].operators[Kind.PART]

    @given(values(RULES, RULES.types[type_id]))
    @THOROUGH
    def check(value: Any) -> None:
        masked = shown(type_id, Kind.PART, value).value
        assume(isinstance(masked, str) and masked != "")

        assert not any(
            re.fullmatch(p, normal_form(masked, "id", RULES.tables)) for p in RULES.types[type_id].valid
        )
        assert len([u for u in units(masked) if u != "*"]) <= part.get("first", 0) + part.get("last", 0)
        assert shown(type_id, Kind.PART, masked).value == RULES.fallback

    check()


@pytest.mark.parametrize("type_id", PERSONAL)
@given(text=ANY_TEXT)
@settings(max_examples=60, deadline=None)
def test_malformed_text_never_passes(type_id: str, text: str) -> None:
    form = normal_form(text, "id", RULES.tables) if text.isprintable() else ""
    malformed = form and not any(re.fullmatch(p, form) for p in RULES.types[type_id].valid)
    for kind in (Kind.PART, Kind.TOK) if malformed else ():
        assert shown(type_id, kind, text).value in (RULES.fallback, None, "")


@given(st.from_regex(RULES.types["resident_id"].valid[0], fullmatch=True))
@THOROUGH
def test_tokens_are_stable_for_one_recipient_and_differ_between_two(value: str) -> None:
    token = shown("resident_id", Kind.TOK, value, "a").value

    assert token == shown("resident_id", Kind.TOK, f" {value.lower()[:6]}-{value.lower()[6:]}", "a").value
    assert token != shown("resident_id", Kind.TOK, value, "b").value
    assert re.fullmatch(r"tk_[0-9a-f]{22}", token)


@pytest.mark.parametrize("damage", [{"valid": ("[",)}, {"normalize": "nothing"}, {"tail": "x"}])
def test_even_a_fault_of_the_rules_hides_the_value(damage: dict[str, Any]) -> None:
    """The unforeseen leads to the fallback, too."""
    from dataclasses import replace

    broken = replace(RULES, types={**RULES.types, "mobile": replace(RULES.types["mobile"], **damage)})

    assert apply(broken, "mobile", Kind.PART, "15400001234").value == RULES.fallback
