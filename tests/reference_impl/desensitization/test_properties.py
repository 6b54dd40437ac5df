"""What holds of every operator for every input: closed failure, no pass-through, determinism."""

import json
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from reference_impl.desensitization import Context, Desensitization
from reference_impl.standard import load, root

RULES: Desensitization = load(root()).desensitization
CONTEXT = Context(bytes(range(32)), "91990100XT0000014N", ("测甲一", "Test Person"))
CALLS = [(rule.id, kind) for rule in RULES.types.values() for kind in ("raw", *rule.calls, "sup")]
SHOWING = {"keep", "text"}
FORMS = {"raw", "masked", "bucket", "token", "withheld"}

TEXTS = st.text(alphabet=st.characters(exclude_categories=()), max_size=40)
JSON: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | TEXTS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
    max_leaves=5,
)
IDENTIFIERS = {
    rule.id: st.one_of(*(st.from_regex(p, fullmatch=True) for p in rule.valid)).filter(rule.accepts)
    for rule in RULES.types.values()
    if rule.valid
}
MASKED = {"mask", "split", "cn_name", "parts", "token", "date"}
MASKS = [(r.id, k) for r in RULES.types.values() for k, call in r.calls.items() if call.op in MASKED]
ONLY_MASKS = [(t, k) for t, k in MASKS if RULES.call(t, k).op == "mask"]
ANY_CALL = st.sampled_from(CALLS)
MANY = settings(max_examples=400, deadline=None)
SOME = settings(max_examples=150, deadline=None)


def apply(type_id: str, kind: str, value: Any) -> dict[str, Any]:
    return RULES.apply(type_id, kind, value, CONTEXT)


@MANY
@given(type_and_kind=ANY_CALL, value=JSON)
def test_any_input_gives_a_declared_form(type_and_kind: tuple[str, str], value: Any) -> None:
    type_id, kind = type_and_kind
    disclosed = apply(type_id, kind, value)
    call = RULES.call(type_id, kind)
    assert disclosed["form"] in {RULES.forms[call.op], "masked"} | ({"raw"} if call.op == "text" else set())
    if call.op not in SHOWING | {"drop"} and not isinstance(value, str | int):
        assert disclosed.get("value") in {None, RULES.fallback, "***"}


@MANY
@given(type_and_kind=st.sampled_from(MASKS), value=TEXTS)
def test_what_is_not_valid_falls_back(type_and_kind: tuple[str, str], value: str) -> None:
    type_id, kind = type_and_kind
    rule = RULES.types[type_id]
    from reference_impl.desensitization.normalize import has_surrogate, is_blank, normalize

    assume(not is_blank(value, RULES.tables))
    normal = "" if has_surrogate(value) else normalize(value, rule.normalize, RULES.tables)
    assume(not rule.accepts(normal))
    assert apply(type_id, kind, value) == {"form": "masked", "value": "***"}


@SOME
@given(type_and_kind=st.sampled_from(MASKS), data=st.data())
def test_no_valid_value_passes_through(type_and_kind: tuple[str, str], data: st.DataObject) -> None:
    type_id, kind = type_and_kind
    value = data.draw(IDENTIFIERS[type_id])
    disclosed = apply(type_id, kind, value)
    assert value not in json.dumps(disclosed, ensure_ascii=False)
    assert not RULES.types[type_id].accepts(str(disclosed["value"]))


@SOME
@given(type_and_kind=st.sampled_from(ONLY_MASKS), data=st.data())
def test_a_mask_reveals_no_more_than_its_parameters(
    type_and_kind: tuple[str, str], data: st.DataObject
) -> None:
    type_id, kind = type_and_kind
    call = RULES.call(type_id, kind)
    masked = str(apply(type_id, kind, data.draw(IDENTIFIERS[type_id]))["value"])
    budget = call.parameters.get("first", 0) + call.parameters.get("last", 0)
    assert len(masked.replace("*", "")) <= budget
    assert masked == "***" or masked.count("*") >= call.parameters["min_hidden"]


@SOME
@given(type_and_kind=ANY_CALL, value=JSON)
def test_same_input_same_output(type_and_kind: tuple[str, str], value: Any) -> None:
    type_id, kind = type_and_kind
    assert repr(apply(type_id, kind, value)) == repr(apply(type_id, kind, value))


@SOME
@given(type_and_kind=ANY_CALL, data=st.data())
def test_doing_it_twice_is_as_declared(
    declared: dict[str, Any], type_and_kind: tuple[str, str], data: st.DataObject
) -> None:
    type_id, kind = type_and_kind
    first = apply(type_id, kind, data.draw(IDENTIFIERS.get(type_id, TEXTS)))
    call = RULES.call(type_id, kind)
    assume(first["form"] != "withheld" and first.get("value") not in {"", None, "***"})
    first_value = (
        first["value"] if "value" in first else {name: first[name] for name in ("min", "max", "unit")}
    )
    second = apply(type_id, kind, first_value)
    if declared[call.op]["idempotent"] == "same":
        assert second.get("value") == first_value
    else:
        assert second == {"form": "masked", "value": "***"}


@SOME
@given(
    before=st.sampled_from(["电话", "tel", "", "a", "号码："]),
    after=st.sampled_from(["。", "x", "", "，测甲一"]),
    digits=st.from_regex(r"1[3-9][0-9]{9}", fullmatch=True).filter(str.isascii),
    gap=st.sampled_from(["", " ", "-", "\u200b", "\u3000"]),
    wide=st.booleans(),
)
def test_no_mobile_survives_in_a_text(before: str, after: str, digits: str, gap: str, wide: bool) -> None:  # noqa: FBT001
    mobile = f"{digits[:3]}{gap}{digits[3:7]}{gap}{digits[7:]}"
    if wide:
        mobile = "".join(chr(ord(c) + 0xFEE0) if c.isdigit() else c for c in mobile)
    cleaned = apply("free_text", "raw", before + mobile + after)
    assert cleaned["form"] == "masked"
    assert not any(c.isdigit() for c in cleaned["value"])
    assert "测甲一" not in cleaned["value"]


@SOME
@given(digits=st.text("0123456789", min_size=8, max_size=8))
def test_tokens_differ_between_recipients_and_keys(digits: str) -> None:
    value = f"99010119491231{digits[:3]}X"
    contexts = (CONTEXT, Context(CONTEXT.key, "91990100XT0000022H"), Context(bytes(32), CONTEXT.recipient))
    tokens = {RULES.apply("resident_id", "tok", value, context)["value"] for context in contexts}
    assert len(tokens) == 3
    assert all(token.startswith("tk_") and len(token) == 25 for token in tokens)


@pytest.fixture(scope="module")
def declared() -> dict[str, Any]:
    from reference_impl.standard.source import read

    operators: dict[str, Any] = read(root() / "schemas" / "desensitization" / "operators.yaml")["operators"]
    return operators
