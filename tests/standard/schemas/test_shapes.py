"""The files themselves: each obeys its closed meta-schema, and references lead somewhere."""

import re
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator, FormatChecker

from conformance.loader.meta import OF_FILES, meta_of
from conformance.oracles.formats import is_resident_id, is_uscc
from tests.standard.schemas import files
from tests.standard.schemas.engines import by_python, by_rust

MINE = [p for p in files.below("") if p.parts[len(files.SHAPES.parts)] in ("checklist", "codes", "cel")]
MINE += [files.SHAPES / "elements.yaml"]
CLOSED = {name for _, name in OF_FILES if not name.startswith("desensitization")}
CLOSED |= {"target", "trust", "messages"}
META = [files.SHAPES / "meta" / f"{name}.schema.yaml" for name in sorted(CLOSED)]
ITEMS = sorted((files.SHAPES / "checklist" / "items").glob("*.yaml"))
ELEMENTS = files.value("elements.yaml")["$defs"]


def _meta(path: Path) -> str | None:
    return meta_of(path.relative_to(files.ROOT).as_posix())


ENVELOPES = ("record.yaml", "row.yaml")
"""Schemas of what stands around an item; schemas themselves, and no files of a kind of their own."""


@pytest.mark.parametrize("path", [pytest.param(p, id=p.stem) for p in MINE if p.name not in ENVELOPES])
def test_each_file_obeys_its_meta_schema(path: Path) -> None:
    schema = files.read(files.SHAPES / "meta" / f"{_meta(path)}.schema.yaml")
    validator = Draft202012Validator(schema, format_checker=FormatChecker(["date", "regex"]))
    assert [f"{list(e.absolute_path)}: {e.message}" for e in validator.iter_errors(files.read(path))] == []


@pytest.mark.parametrize("path", [pytest.param(p, id=p.stem) for p in META])
def test_meta_schemas_are_schemas_and_closed(path: Path) -> None:
    schema = files.read(path)
    assert files.is_schema(schema)
    assert schema["$id"] == path.name
    assert schema["title"]
    assert [at for at, node in _objects(schema) if not _is_closed(node)] == []


def _objects(node: Any, at: str = "") -> Iterator[tuple[str, dict[str, Any]]]:
    """Every schema that names members."""
    if isinstance(node, dict):
        if isinstance(node.get("properties"), dict) and node.get("type") == "object":
            yield at, node
        for key, part in node.items():
            yield from _objects(part, f"{at}/{key}")
    elif isinstance(node, list):
        for part in node:
            yield from _objects(part, at)


def _is_closed(node: dict[str, Any]) -> bool:
    return node.get("additionalProperties", True) is not True or node.get("unevaluatedProperties") is False


@pytest.mark.parametrize("path", [pytest.param(p, id=p.stem) for p in ITEMS])
def test_items_hang_together(path: Path) -> None:
    item = files.read(path)
    properties, details = item["properties"], item["x-item"]
    assert path.name == item["$id"]
    assert path.stem.partition("@")[0] == details["code"]
    assert details["category"] in {c["code"] for c in files.value("checklist/national.yaml")["categories"]}
    assert set(item["required"]) | set(details["key"]) <= properties.keys()
    assert set(details["subject_types"]) <= _codes("subject_type")
    for shape in properties.values():
        assert (path.parent / shape["$ref"].split("#")[0]).resolve() == files.SHAPES / "elements.yaml"
        assert shape["$ref"].rpartition("/")[2] in ELEMENTS
        assert shape.get("x-person", {}).get("identified_by") in {None, *properties}
    for rule in item["x-rules"]:
        assert rule["id"].startswith(f"{details['code']}.")
        assert set(rule["fields"]) == set(re.findall(r"record(?:_cents)?\.([a-z_0-9]+)", rule["rule"]))


@pytest.mark.parametrize("engine", [by_python, by_rust])
@pytest.mark.parametrize(
    "published", [{}, {"total_assets": True}, {"total_assets": False, "net_profit": True}]
)
def test_a_figure_of_the_annual_report_is_public_exactly_by_its_own_flag(
    engine: Callable[[str, dict[str, Any]], object], published: dict[str, bool]
) -> None:
    item = files.value("checklist/items/F01-04.yaml")
    figures = {name: p for name, p in item["properties"].items() if p.get("x-class") == "S2"}
    assert set(figures) == set(item["properties"]["public_flags"]["properties"])
    record = {"report_year": 2025, "public_flags": published}
    for name, figure in figures.items():
        (condition,) = figure["x-class-when"]
        assert condition["class"] == "S0"
        assert engine(condition["when"], {"record": record}) is published.get(name, False)


def test_the_checklist_lists_every_item_file_and_says_what_it_is() -> None:
    national = files.value("checklist/national.yaml")
    versions = national["versions"]
    listed = [code for version in versions for code in version["items"]]
    revised = [f"{code}@{v['version']}" for v in versions for code in v.get("revised", ())]
    assert sorted([*listed, *revised]) == [p.stem for p in ITEMS]
    assert versions[0]["items"] == sorted(versions[0]["items"])
    assert "重建" in national["status"]["zh"]
    assert "Reconstruction" in national["status"]["en"]


@pytest.mark.parametrize("name", sorted(ELEMENTS))
def test_elements_give_every_validator_the_same_verdict(name: str) -> None:
    element = ELEMENTS[name]
    if "x-code-set" in element:
        assert _codes(element["x-code-set"])
        assert "enum" not in element
    if "pattern" in element:
        fixed = element.get("minLength") == element.get("maxLength")
        assert fixed or {"format", "not"} & element.keys(), "a final newline may slip through"
    if element["type"] == "string" and "x-code-set" not in element:
        assert element["maxLength"]
        assert element["minLength"] >= 1
    if element["type"] == "integer":
        assert {"minimum", "maximum"} <= element.keys()


@pytest.mark.parametrize("path", [pytest.param(p, id=p.stem) for p in MINE if _meta(p) == "code_set"])
def test_code_sets_hold_each_code_once(path: Path) -> None:
    code_set = files.read(path)
    assert code_set["id"] == path.stem
    codes = [row["code"] for row in code_set["codes"]]
    assert len(codes) == len(set(codes))


def test_divisions_hang_together() -> None:
    rows = {row["code"]: row for row in files.value("codes/division.yaml")["codes"]}
    ranks = {"province": 0, "prefecture": 1, "county": 2}
    assert len(rows) > 3300
    for row in rows.values():
        assert ("parent" in row) == (row["level"] != "province")
        if "parent" in row:
            assert ranks[rows[row["parent"]]["level"]] < ranks[row["level"]]
        assert (row.get("reserved") is True) == row["code"].startswith("99")
    assert set(files.value("codes/reserved.yaml")["divisions"]) == {c for c in rows if c.startswith("99")}


def test_properties_of_codes_point_at_codes() -> None:
    assert {row["audience"] for row in files.value("codes/institution_class.yaml")["codes"]} <= _codes(
        "audience"
    )
    assert all(400 <= row["status"] <= 599 for row in files.value("codes/problem.yaml")["codes"])


@pytest.mark.parametrize("year", ["2025", "2026"])
def test_calendars_name_weekdays_off_and_weekends_on(year: str) -> None:
    calendar = files.value("codes/calendar.yaml")["years"][year]
    holidays = [date.fromisoformat(d) for d in calendar["holidays"]]
    workdays = [date.fromisoformat(d) for d in calendar["workdays"]]
    assert all(d.weekday() >= 5 for d in workdays)
    assert {d.year for d in (*holidays, *workdays)} == {int(year)}
    assert not set(holidays) & set(workdays)
    weekdays_off = sum(d.weekday() < 5 for d in holidays)
    assert weekdays_off - len(workdays) == {"2025": 13, "2026": 13}[year]


def test_examples_show_reserved_identities_only() -> None:
    for path in files.below("examples"):
        for found in re.findall(r"(?<![0-9A-Z])[0-9A-Z]{18}(?![0-9A-Z])", path.read_text("utf-8")):
            assert not is_uscc(found) or found[2:4] == "99", path
            assert not is_resident_id(found) or found.startswith("99"), path


def _codes(name: str) -> set[str]:
    return {row["code"] for row in files.value(f"codes/{name}.yaml")["codes"]}


def test_industries_are_the_divisions_and_what_is_below_them() -> None:
    """The pattern of the element and the code set say the same."""
    divisions = _codes("industry")
    pattern = re.compile(ELEMENTS["industry"]["pattern"])
    every = {f"{letter}{n:02d}" for letter in "ABCDEFGHIJKLMNOPQRSTUVWXYZ" for n in range(100)}
    assert {code for code in every if pattern.fullmatch(code)} == divisions
    assert len(divisions) == 97
    assert all(pattern.fullmatch(code + more) for code in divisions for more in ("1", "90"))
    assert not any(pattern.fullmatch(code + more) for code in every for more in ("123", "A", " "))
