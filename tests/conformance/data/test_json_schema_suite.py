"""The cases of the JSON-Schema-Test-Suite for the keywords in use, as rows judged by column."""

import io
import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from conformance.data.batch import Unreadable
from conformance.data.check.judge import ItemJudge
from conformance.data.engine import Acceptor
from conformance.data.files.ndjson.read import batches
from conformance.data.plan import compile_plan
from conformance.data.rows import row_reasons
from tests.conformance.data.hostile_lines import STYLES, written
from tests.conformance.data.item_rows import judge

SUITE = Path(__file__).parents[3] / ".venv" / "json-schema-test-suite"
"""`make` unpacks it from the source package of jsonschema, which carries it."""
KEYWORDS = (
    "additionalProperties",
    "allOf",
    "anyOf",
    "const",
    "enum",
    "if-then-else",
    "maxLength",
    "maximum",
    "minLength",
    "minimum",
    "not",
    "pattern",
    "properties",
    "required",
    "type",
    "unevaluatedProperties",
)
TYPES = ("string", "integer", "boolean")


def cases() -> Iterator[tuple[str, dict[str, Any], Any, bool]]:
    for keyword in KEYWORDS:
        for group in json.loads((SUITE / f"{keyword}.json").read_text("utf-8")):
            if _is_self_contained(group["schema"]):
                for test in group["tests"]:
                    name = f"{keyword}: {group['description']}: {test['description']}"
                    yield name, group["schema"], test["data"], test["valid"]


def _is_self_contained(schema: Any) -> bool:
    return isinstance(schema, dict) and not {"$ref", "$dynamicRef", "$vocabulary"} & set(
        json.dumps(schema).split('"')
    )


def test_the_suite_is_there() -> None:
    assert SUITE.is_dir(), "run `make test` (or `make lint`) once, which unpacks it"
    assert len(list(cases())) > 300


def of_schema(schema: Mapping[str, Any]) -> ItemJudge:
    """A judge of rows of this schema, without rules."""
    item = replace(judge("F09-02").item, schema=schema, rules=(), key=())
    plan = compile_plan(item)
    return replace(
        judge("F09-02"), item=item, plan=plan, accepts=Acceptor(plan.accepts), reasons=row_reasons(item, plan)
    )


def accepted(judge: ItemJudge, row: Mapping[str, Any], style: tuple[str, str]) -> tuple[bool, bool]:
    """Whether a row is right, and whether its columns alone said so."""
    (batch,) = batches(io.BytesIO(written(row, style) + b"\n"), 0)
    columns = batch.columns(judge.plan.shape)
    if (columns.faithful & judge.accepts(columns.frame))[0]:
        return True, True
    value = batch.value(0)
    assert not isinstance(value, Unreadable)
    return not judge.reasons(value), False


@pytest.mark.parametrize("style", STYLES, ids=["compact", "spaced"])
def test_members(style: tuple[str, str]) -> None:
    """Each case as a member, alone and beside each type that a column may have."""
    by_column = 0
    for name, schema, data, valid in cases():
        for extra in ({}, *({"type": kind} for kind in TYPES)):
            if "type" in schema and extra:
                continue
            member = {**schema, **extra}
            right = valid and (not extra or _is(data, extra["type"]))
            enclosing = {"type": "object", "properties": {"v": member}, "unevaluatedProperties": False}
            is_accepted, fast = accepted(of_schema(enclosing), {"v": data}, style)
            by_column += fast
            assert is_accepted == right, (name, member, data)
    assert by_column >= 30


def _is(data: Any, kind: str) -> bool:
    match kind:
        case "string":
            return isinstance(data, str)
        case "boolean":
            return isinstance(data, bool)
        case _:
            return isinstance(data, (int, float)) and not isinstance(data, bool) and float(data).is_integer()


@pytest.mark.parametrize("style", STYLES, ids=["compact", "spaced"])
def test_rows(style: tuple[str, str]) -> None:
    """Each case about objects as the schema of a row."""
    row_count = 0
    for name, schema, data, valid in cases():
        if isinstance(data, dict):
            row_schema = {"properties": {}, **schema}
            assert accepted(of_schema(row_schema), data, style)[0] == valid, (name, schema, data)
            row_count += 1
    assert row_count > 80


@pytest.mark.parametrize(
    "schema", [{"enum": [1.0, 2]}, {"const": 1.0}, {"not": {"const": 1.0}}, {"not": {"enum": [True]}}]
)
@pytest.mark.parametrize("value", [1, 2, 3])
def test_equal_numbers_are_equal_literals(schema: dict[str, Any], value: int) -> None:
    row_schema = {
        "type": "object",
        "properties": {"v": {"type": "integer", **schema}},
        "unevaluatedProperties": False,
    }
    alone = not of_schema(row_schema).reasons({"v": value})
    assert accepted(of_schema(row_schema), {"v": value}, STYLES[0])[0] == alone


@pytest.mark.parametrize("value", ["2021-02-03", "2021-2-3", "2021-02-30", ""])
def test_formats_of_others_are_those_of_the_validator(value: str) -> None:
    row_schema = {
        "type": "object",
        "properties": {"v": {"type": "string", "format": "date"}},
        "unevaluatedProperties": False,
    }
    assert accepted(of_schema(row_schema), {"v": value}, STYLES[0])[0] == (value == "2021-02-03")
