import re
from random import Random
from typing import Any

import polars as pl
import pytest

from conformance.data.mask.kernels.bytes.byte_patterns import byte_patterns, width
from conformance.data.mask.kernels.bytes.fixed_width import FixedWidthMask
from conformance.model.shapes import Desensitization, Kind
from conformance.oracles.desensitization import apply
from tests.conformance.data.mask.bytes.kernel_samples import (
    RULES,
    byte_kernel,
    changed,
    made_by,
    made_by_masks,
    near,
    of_pattern,
    wrong,
)

TYPES = tuple(
    name
    for name, rules in RULES.types.items()
    if rules.operators.get(Kind.PART, {}).get("op") == "mask" and list(byte_patterns(rules.valid))
)
PATTERNS = ("[A-C]{2}(x1|y2)?[0-9]{3,4}", "[0-9]{11}")
OPERATORS: tuple[dict[str, Any], ...] = (
    {"op": "mask", "first": 0, "last": 0},
    {"op": "mask", "first": 2, "last": 0, "char": "#"},
    {"op": "mask", "first": 0, "last": 3, "fill": 2},
    {"op": "mask", "first": 3, "last": 3, "min_hidden": 3},
    {"op": "mask", "first": 1, "last": 1, "char": "1"},
    {"op": "mask", "first": 1, "last": 1, "char": "中"},
)


def test_there_are_types() -> None:
    assert {"resident_id", "mobile", "phone", "bank_card", "account_no", "id_document"} <= {*TYPES}


@pytest.mark.parametrize("type_", TYPES)
def test_texts_of_a_type(type_: str) -> None:
    _compared(RULES, type_, RULES.types[type_].valid)


@pytest.mark.parametrize("operator", OPERATORS, ids=str)
@pytest.mark.parametrize("tail", [None, 4])
@pytest.mark.parametrize("normalize", ["id", "text", "none"])
def test_other_parameters(operator: dict[str, Any], tail: int | None, normalize: str) -> None:
    rules = changed("plain", operator, tail=tail, normalize=normalize, valid=PATTERNS)
    _compared(rules, "plain", PATTERNS)


def _compared(rules: Desensitization, type_: str, patterns: tuple[str, ...]) -> None:
    """All that is made is what the reference makes, and where that is a mask, it is made."""
    random, kernel = Random(type_), byte_kernel(rules, type_)
    by_size = kernel.by_size if isinstance(kernel, FixedWidthMask) else {}
    for pattern in byte_patterns(patterns):
        texts: list[str | None] = [of_pattern(pattern, random) for _ in range(200)]
        texts += [other for text in texts[:8] for other in near(str(text), random)]
        texts += [None, None]
        random.shuffle(texts)
        if width(pattern) not in by_size:
            continue
        masks = made_by(rules, type_, texts)
        assert not wrong(rules, type_, texts, masks)
        left = [text for text, value in zip(texts, masks, strict=True) if text is not None and value is None]
        assert not [t for t in left if len(t) == width(pattern) and _masked(rules, type_, t)]
        assert len(left) < 40
    possible = {width(s) for s in byte_patterns(patterns) if _masked(rules, type_, of_pattern(s, random))}
    odd = rules.types[type_].operators[Kind.PART].get("char", "*") in "1中"
    assert by_size.keys() == possible or odd


def _masked(rules: Desensitization, type_: str, text: str) -> bool:
    settled = rules.types[type_].normalize != "id" or text == text.upper()
    valid = any(re.fullmatch(pattern, text) for pattern in rules.types[type_].valid)
    return valid and settled and apply(rules, type_, Kind.PART, text).value != rules.fallback


def test_texts_of_many_lengths_are_left_to_the_vectorized_operator() -> None:
    random = Random(0)
    texts = ["".join(random.choices("0123456789ABC", k=random.randrange(4, 34))) for _ in range(500)]
    masks = made_by_masks("account_no", pl.Series("value", [*texts, None])).to_list()
    assert not wrong(RULES, "account_no", [*texts, None], masks)
    assert masks.count(None) == sum(not 6 <= len(text) <= 32 for text in texts) + 1


@pytest.mark.parametrize("texts", [[], [None], [""], ["", None, "13812345678"], ["中" * 9], ["9" * 5000]])
def test_few_texts(texts: list[str | None]) -> None:
    made = made_by_masks("phone", pl.Series("it", texts, pl.String))
    assert made.name == "it"
    assert made.dtype == pl.String
    assert made.to_list() == ["138******78" if text == "13812345678" else None for text in texts]


def test_the_texts_given_stay_as_they_are() -> None:
    texts = pl.Series("it", ["13812345678"] * 9 + ["x"])
    kernel = byte_kernel(RULES, "phone")
    assert kernel is not None
    kernel(texts)
    assert texts.to_list() == ["13812345678"] * 9 + ["x"]
