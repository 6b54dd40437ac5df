"""The formats of the standard, with the check digits of the standards they come from."""

import re

import pytest

from conformance.loader import load_standard
from conformance.oracles.formats import CHECKERS
from reference_impl.standard import formats as exemplar

CASES = [
    ("uscc", "91990100XT0000014N", True),
    ("uscc", "91990100XT0000014M", False),
    ("uscc", "91990100xt0000014n", False),
    ("uscc", "91990100XT0000014N\n", False),
    ("uscc", "91990100XT000001IN", False),
    ("uscc", "９1990100XT0000014N", False),
    ("uscc", "", False),
    ("org-code", "MA0000011", False),
    ("resident-id", "99010119491231001X", True),
    ("resident-id", "99010119491231001x", False),
    ("resident-id", "990101194912310010", False),
    ("resident-id", "990101194902300013", False),
    ("resident-id", "990101194912310028", True),
    ("resident-id", "99010119491231001X\n", False),
    ("resident-id", "990101491231001", False),
    ("calendar-date", "2024-02-29", True),
    ("calendar-date", "2023-02-29", False),
    ("calendar-date", "2024-2-29", False),
    ("calendar-date", "0000-01-01", False),
    ("calendar-date", "2024-02-29\n", False),
    ("calendar-date", "２024-02-29", False),
    ("datetime-cst", "2026-01-01T08:00:00+08:00", True),
    ("datetime-cst", "2026-01-01T08:00:00.123456789+08:00", True),
    ("datetime-cst", "2026-01-01T00:00:00Z", False),
    ("datetime-cst", "2026-01-01T24:00:00+08:00", False),
    ("datetime-cst", "2026-02-30T08:00:00+08:00", False),
    ("datetime-cst", "2026-01-01 08:00:00+08:00", False),
    ("datetime-cst", "2026-01-01T08:00:00", False),
    ("patent-no", "ZL1984011524499", True),
    ("patent-no", "ZL84200002X", True),
    ("patent-no", "ZL1984011524490", False),
    ("patent-no", "ZL198401152449.9", False),
    ("patent-no", "zl1984011524499", False),
    ("patent-no", "ZL1984011524499\n", False),
    ("year-month", "202602", True),
    ("year-month", "202613", False),
    ("year-month", "202600", False),
    ("year-month", "000001", False),
    ("year-month", "2026-02", False),
    ("decimal", "0", True),
    ("decimal", "-12.50", True),
    ("decimal", "01", False),
    ("decimal", "-0", False),
    ("decimal", "-0.00", False),
    ("decimal", "1.", False),
    ("decimal", "1e3", False),
    ("decimal", "+1", False),
    ("decimal", "1,000", False),
    ("decimal", "1.5\n", False),
    ("decimal", "١", False),
    ("line", "一 行", True),
    ("line", " 一行", False),
    ("line", "一行\n", False),
    ("line", "一\t行", False),
    ("line", "一行\u3000", False),
]


@pytest.mark.parametrize(("name", "text", "verdict"), CASES)
def test_format(name: str, text: str, verdict: bool) -> None:  # noqa: FBT001
    assert CHECKERS[name](text) is verdict


def test_every_format_is_tested() -> None:
    assert {name for name, _, _ in CASES} == set(CHECKERS)


def test_the_formats_are_those_of_the_standard() -> None:
    assert load_standard().formats.keys() == set(CHECKERS)


def test_the_exemplar_has_no_format_of_its_own() -> None:
    assert exemplar.CHECKERS.keys() - {"date"} <= load_standard().formats.keys()


@pytest.mark.parametrize(("name", "text"), [(name, text) for name, text, verdict in CASES if verdict])
def test_whatever_has_a_format_matches_its_pattern(name: str, text: str) -> None:
    assert re.search(load_standard().formats[name].pattern, text)


def used(node: object) -> set[str]:
    if isinstance(node, list):
        return set().union(*map(used, node)) if node else set()
    if isinstance(node, dict):
        format_names = {node["format"]} if isinstance(node.get("format"), str) else set()
        return format_names.union(*map(used, node.values()))
    return set()


def test_every_format_the_items_use_is_checked() -> None:
    checklist = load_standard().checklist
    found = used([dict(item.schema) for item in checklist.items]) | used(dict(checklist.record_schema))
    assert found
    assert found <= set(CHECKERS)
