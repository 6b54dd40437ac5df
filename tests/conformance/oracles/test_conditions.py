"""CEL conditions: the truth table that pins their meaning, and errors that are never verdicts."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from conformance.loader import read_yaml, root
from conformance.oracles.cel import CelError, Expression, cents

TABLE = read_yaml(root() / "schemas" / "cel" / "truth-table.yaml")


@pytest.mark.parametrize("case", TABLE["cases"], ids=lambda case: case["id"])
def test_truth_table(case: dict[str, Any]) -> None:
    if case["result"] == "error":
        with pytest.raises(CelError):
            Expression(case["expression"]).evaluate(case["variables"])
    else:
        assert Expression(case["expression"]).evaluate(case["variables"]) is case["result"]


@pytest.mark.parametrize("source", ["", "record.", "record.a ==", "&&", "record.a = 1"])
def test_what_does_not_compile_is_an_error(source: str) -> None:
    with pytest.raises(CelError):
        Expression(source)


def test_a_value_that_is_no_boolean_is_an_error() -> None:
    with pytest.raises(CelError):
        Expression("record.a").evaluate({"record": {"a": "x"}})


def test_many_threads_share_an_expression() -> None:
    expression = Expression("has(record.a) && record.a in ['x', 'y']")
    records: list[dict[str, Any]] = [{"a": "x"}, {"a": "z"}, {}, {"a": "y"}] * 50
    with ThreadPoolExecutor(8) as pool:
        results = list(pool.map(lambda r: expression.evaluate({"record": r}), records))

    assert results == [True, False, False, True] * 50


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("0", 0),
        ("1", 100),
        ("1.5", 150),
        ("12.34", 1234),
        ("-0.01", -1),
        ("90071992547409.93", 9007199254740993),
    ],
)
def test_cents(text: str, amount: int) -> None:
    assert cents(text) == amount
