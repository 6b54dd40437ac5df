"""Examples: verdicts written by hand, and two validators that have to agree with them and with each other."""

from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from conformance.oracles.cel import cents
from tests.standard.schemas import files
from tests.standard.schemas.engines import by_python, by_rust

Engine = Callable[[str, dict[str, Any]], object]
ALL = list(files.below("examples"))
KEYS = {"valid": {"description", "data"}, "invalid": {"description", "data", "violates"}}


def _id(path: Path) -> str:
    return path.relative_to(files.EXAMPLES).with_suffix("").as_posix()


VALID = [pytest.param(p, id=_id(p)) for p in ALL if p.parent.name == "valid"]
INVALID = [pytest.param(p, id=_id(p)) for p in ALL if p.parent.name == "invalid"]


def broken_rules(example: Path, engine: Engine) -> set[str]:
    """Cross-field rules that a content breaks according to an engine; other examples have none."""
    if example.parts[-4] != "items":
        return set()
    schema, content = files.schema_of(example), files.read(example)["data"]
    decimals = {n for n, p in schema["properties"].items() if p.get("format") == "decimal"}
    amounts = {n: cents(v) for n, v in content.items() if n in decimals}
    variables = {"record": content, "record_cents": amounts}
    return {rule["id"] for rule in schema["x-rules"] if engine(rule["rule"], variables) is not True}


@pytest.mark.parametrize("example", VALID)
def test_valid_examples_are_valid_to_both(example: Path) -> None:
    schema, data = files.schema_of(example), files.read(example)["data"]
    assert files.by_reference(schema, data) == frozenset()
    assert files.by_rust(schema, data) == frozenset()
    assert broken_rules(example, by_python) == broken_rules(example, by_rust) == set()


@pytest.mark.parametrize("example", INVALID)
def test_invalid_examples_break_what_they_name(example: Path) -> None:
    schema, document = files.schema_of(example), files.read(example)
    by_reference = files.by_reference(schema, document["data"])
    by_fast = files.by_rust(schema, document["data"])
    if "rule" in document["violates"]:
        assert (by_reference, by_fast) == (frozenset(), frozenset())
        expected = {document["violates"]["rule"]}
        assert broken_rules(example, by_python) == broken_rules(example, by_rust) == expected
        return
    violation = (document["violates"]["pointer"], document["violates"]["keyword"])
    assert violation in by_reference
    assert {place for place, _ in by_fast} == {place for place, _ in by_reference}
    assert violation in by_fast


@pytest.mark.parametrize("example", [pytest.param(p, id=_id(p)) for p in ALL])
def test_examples_say_what_they_are_about(example: Path) -> None:
    document = files.read(example)
    assert set(document) == KEYS[example.parent.name]
    assert document["description"].endswith((".", "?"))


def test_there_are_enough_pairs() -> None:
    counts = Counter((p.parent.parent.relative_to(files.EXAMPLES).as_posix(), p.parent.name) for p in ALL)
    for identifier in ("uscc", "org_code", "resident_id"):
        assert counts[f"elements/{identifier}", "valid"] >= 5
        assert counts[f"elements/{identifier}", "invalid"] >= 10
    for item in files.item_files():
        assert counts[f"items/{item}", "valid"] >= 2
        assert counts[f"items/{item}", "invalid"] >= (2 if "@" in item else 4)
    assert {kind for _, kind in counts} == {"valid", "invalid"}


def test_each_rule_has_an_example_that_breaks_it() -> None:
    broken = {files.read(p)["violates"].get("rule") for p in ALL if p.parent.name == "invalid"}
    for file in files.item_files().values():
        assert {rule["id"] for rule in files.value(file)["x-rules"]} <= broken


@pytest.mark.parametrize("example", [p for p in INVALID if "newline" in str(p.id)])
def test_a_final_newline_is_refused_everywhere(example: Path) -> None:
    assert "\n" in str(files.read(example)["data"]) or "\\n" in str(files.read(example)["data"])
