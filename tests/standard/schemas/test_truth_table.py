"""The truth table: the same result in both engines; what is forbidden is seen to divide them."""

from typing import Any

import pytest

from tests.standard.schemas import files
from tests.standard.schemas.engines import by_python, by_rust

TABLE = files.value("cel/truth-table.yaml")
CASES = [pytest.param(case, id=case["id"]) for case in TABLE["cases"]]
WITNESSES = [pytest.param(f["witness"], id=f["construct"]) for f in TABLE["forbidden"] if "witness" in f]


@pytest.mark.parametrize("case", CASES)
def test_both_engines_say_what_the_table_says(case: dict[str, Any]) -> None:
    expected = case["result"]
    assert by_python(case["expression"], case["variables"]) == expected
    assert by_rust(case["expression"], case["variables"]) == expected


@pytest.mark.parametrize("witness", WITNESSES)
def test_engines_disagree_on_what_is_forbidden(witness: dict[str, Any]) -> None:
    one = by_python(witness["expression"], witness["variables"])
    other = by_rust(witness["expression"], witness["variables"])
    assert (type(one), one) != (type(other), other)


def test_the_table_is_large_and_its_cases_differ() -> None:
    asked = {(case["expression"], str(case["variables"])) for case in TABLE["cases"]}
    assert len(asked) == len({case["id"] for case in TABLE["cases"]}) == len(TABLE["cases"]) >= 60
    assert {case["result"] for case in TABLE["cases"]} == {True, False, "error"}
