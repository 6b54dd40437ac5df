"""The subset of CEL: what it allows, and that it refuses everything on which engines disagree."""

from typing import Any

import pytest

from conformance.loader import read_yaml, root
from conformance.loader.cel import Variable, check_expression

VARIABLES = {
    ("record", "day"): Variable("string", "calendar-date"),
    ("record", "name"): Variable("string", "", required=True),
    ("record", "amount"): Variable("string", "decimal"),
    ("record_cents", "amount"): Variable("integer"),
    ("record", "flag"): Variable("boolean"),
    ("record", "list"): Variable("array", "", required=True),
    ("record", "flags"): Variable("object"),
    ("record", "flags", "a"): Variable("boolean"),
}


@pytest.mark.parametrize(
    "source",
    [
        "record.name == 'x'",
        'record.name != "x" && true',
        "!has(record.day) || record.day <= '2026-01-01'",
        "has(record.day) && record.day == '2026-01-01' || record.name == 'x'",
        "!(has(record.day) && has(record.flag)) || record.flag",
        "!(!has(record.flag)) && record.flag",
        "has(record.amount) && record_cents.amount >= 0",
        "has(record.amount) && record_cents.amount > -1",
        "!has(record.amount) || record_cents.amount - (record_cents.amount + 1) + 1 == 0",
        f"!has(record.amount) || {' + '.join(['record_cents.amount'] * 8)} < 1",
        "record.name in ['a', 'b']",
        "'x' in record.list",
        "has(record.flags) && has(record.flags.a) && record.flags.a",
        "((has(record.flag)) && (record.flag))",
    ],
)
def test_allowed(source: str) -> None:
    assert check_expression(source, VARIABLES) == []


@pytest.mark.parametrize(
    ("source", "key"),
    [
        ("record.day <= '2026-01-01'", "cel_guard"),
        ("record.day <= '2026-01-01' || !has(record.day)", "cel_guard"),
        ("has(record.day) || record.day <= '2026-01-01'", "cel_guard"),
        ("has(record.flag) && record.day == 'x'", "cel_guard"),
        ("record.name == 'a' && (has(record.flag) || true) && record.flag", "cel_guard"),
        ("has(record.flags.a) && record.flags.a", "cel_guard"),
        ("record_cents.amount > 1", "cel_guard"),
        ("has(record.amount) && record.amount > '1'", "cel_decimal"),
        ("record.name == 1", "cel_types"),
        ("record.name in [1, 2]", "cel_types"),
        ("record.name in ['a', 1]", "cel_types"),
        ("record.name in record.name", "cel_types"),
        ("has(record.flag) && record.flag == 1", "cel_types"),
        ("record.name", "cel_types"),
        ("record.name && true", "cel_types"),
        ("!record.name", "cel_types"),
        ("record.list < record.list", "cel_order"),
        ("record.name < 'b'", "cel_shapes"),
        ("has(record.day) && record.day < '2026-1-1'", "cel_shapes"),
        ("has(record.day) && record.day < '202601'", "cel_shapes"),
        ("record.none == 'x'", "cel_field"),
        ("has(record.none)", "cel_field"),
        ("has(other.name)", "cel_field"),
        ("size(record.name) > 1", "cel_function"),
        ("timestamp(record.name) == timestamp('x')", "cel_function"),
        ("record.name.startsWith('x')", "cel_subset"),
        ("record['name'] == 'x'", "cel_subset"),
        ("record.name + 'x' == 'y'", "cel_types"),
        ("has(record.amount) && record.amount + 1 == 2", "cel_types"),
        ("record_cents.amount + 1 == 2", "cel_guard"),
        ("has(record.amount) && record_cents.amount + 1 == 'x'", "cel_types"),
        ("has(record.amount) && record_cents.amount * 2 == 2", "cel_subset"),
        ("has(record.amount) && -record_cents.amount == 2", "cel_subset"),
        (f"has(record.amount) && {' + '.join(['record_cents.amount'] * 9)} == 1", "cel_subset"),
        (f"has(record.amount) && 1 - ({' - '.join(['record_cents.amount'] * 8)}) == 1", "cel_subset"),
        ("true ? true : false", "cel_subset"),
        ("record.name == null", "cel_subset"),
        ("1.0 == 1.0", "cel_subset"),
        ("1u == 1u", "cel_subset"),
        ("[1] == [1]", "cel_subset"),
        ("record.list.all(x, x == 'a')", "cel_subset"),
        ("has(record)", "cel_subset"),
        ("{'a': 1}.a == 1", "cel_subset"),
        ("record.name ==", "cel_syntax"),
        ("", "cel_syntax"),
    ],
)
def test_refused(source: str, key: str) -> None:
    assert f"loader.{key}" in [m.key for m in check_expression(source, VARIABLES)]


TABLE = read_yaml(root() / "schemas" / "cel" / "truth-table.yaml")
_TYPES = {bool: "boolean", int: "integer", str: "string", list: "array", dict: "object"}


def variables_of(value: Any, path: tuple[str, ...] = ()) -> dict[tuple[str, ...], Variable]:
    """What a case's variables tell of the fields: they are there, but may be absent elsewhere."""
    variables: dict[tuple[str, ...], Variable] = {}
    for name, part in value.items():
        if path:
            variables[*path, name] = Variable(_TYPES[type(part)])
        if isinstance(part, dict):
            variables |= variables_of(part, (*path, name))
    return variables


@pytest.mark.parametrize(
    "entry",
    [entry for entry in TABLE["forbidden"] if "witness" in entry],
    ids=lambda entry: entry["construct"],
)
def test_every_forbidden_construct_is_refused(entry: dict[str, Any]) -> None:
    witness = entry["witness"]
    assert check_expression(witness["expression"], variables_of(witness["variables"]))
