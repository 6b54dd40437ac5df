"""Values at fault as reports show them."""

from typing import Any

import pytest

from conformance.data.check.value_shape import value_for_report
from conformance.data.rows import Reason, row_item
from tests.conformance.data.item_rows import standard


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (None, "null"),
        (True, "true"),
        (1.5, "1.5"),
        ("2021-2-3", '"2021-2-3"'),
        ("\\N", '"\\\\N"'),
        ("一\u3000二", '"一\\u3000二"'),
        ("\u202etxt", '"\\u202etxt"'),
        ("\ud800", '"\\ud800"'),
        ({"a": [None]}, '{"a": [null]}'),
        ("x" * 100, f'"{"x" * 59}… (102)'),
    ],
)
def test_public_values_are_shown_as_json(value: Any, expected: str) -> None:
    checklist = standard().checklist
    item = row_item(checklist.item("F04-05"), checklist)
    row = {"determined_date": value}
    assert value_for_report(item, Reason("determined_date/format", "determined_date"), row) == expected
