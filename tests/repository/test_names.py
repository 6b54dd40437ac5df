"""Guards over names: few that say nothing by themselves, and no class name that means two things."""

import ast
from collections import Counter
from pathlib import Path

import pytest

from tests.repository.names import VAGUE, bound_names, census, room_of
from tests.repository.tracked import tracked

CEILING = 0.01
"""Share of vague names that a room may have."""
HIGHER = {
    "benchmarks": 0.092,
    "conformance": 0.068,
    "conformance/cli": 0.111,
    "conformance/counterpart": 0.034,
    "conformance/data": 0.077,
    "conformance/data/check": 0.066,
    "conformance/data/engine": 0.093,
    "conformance/data/files": 0.08,
    "conformance/data/keys": 0.112,
    "conformance/data/plan": 0.059,
    "conformance/data/report": 0.048,
    "conformance/data/synth": 0.055,
    "conformance/doctor": 0.07,
    "conformance/evidence": 0.024,
    "conformance/expect": 0.036,
    "conformance/gap": 0.048,
    "conformance/monitors": 0.029,
    "conformance/preload": 0.065,
    "conformance/results": 0.02,
    "conformance/runner": 0.043,
    "conformance/workspace": 0.05,
    "docs/examples": 0.022,
    "tests/browser": 0.102,
    "tests/conformance": 0.091,
    "tests/conformance/cli": 0.137,
    "tests/conformance/counterpart": 0.028,
    "tests/conformance/data": 0.098,
    "tests/conformance/doctor": 0.049,
    "tests/conformance/evidence": 0.086,
    "tests/conformance/gap": 0.023,
    "tests/conformance/loader": 0.099,
    "tests/conformance/messages": 0.089,
    "tests/conformance/monitors": 0.049,
    "tests/conformance/oracles": 0.056,
    "tests/conformance/preload": 0.099,
    "tests/conformance/results": 0.068,
    "tests/conformance/runner": 0.089,
    "tests/conformance/synth": 0.05,
    "tests/conformance/wire": 0.017,
    "tests/docs": 0.012,
    "tests/equal": 0.105,
    "tests/interop": 0.091,
    "tests/interop/clients": 0.087,
    "tests/reference_impl": 0.044,
    "tests/reference_impl/desensitization": 0.096,
    "tests/reference_impl/http": 0.058,
    "tests/reference_impl/policy": 0.086,
    "tests/reference_impl/standard": 0.023,
    "tests/reference_impl/store": 0.122,
    "tests/spark": 0.044,
    "tests/standard/api": 0.044,
    "tests/standard/schemas": 0.011,
}
"""Rooms that are not there yet, with their share at most; entries only ever become smaller or go."""
AMBIGUOUS = frozenset(
    [
        "Block",
        "Column",
        "State",
        "Variant",
    ]
)
"""Class names that still mean two things in one package; entries only ever go."""


def test_names_explain_themselves() -> None:
    names = census(tracked("*.py"))
    assert len(names.bound) > 30
    above = {room: names.share(room) for room in names.bound if names.share(room) > HIGHER.get(room, CEILING)}
    assert above == {}, [name for room in above for name in names.vague[room]]


@pytest.mark.parametrize("package", ["conformance", "reference_impl"])
def test_a_class_name_means_one_thing(package: str) -> None:
    classes = Counter(
        node.name
        for path in tracked(f"{package}/*.py")
        for node in ast.parse(path.read_text("utf-8")).body
        if isinstance(node, ast.ClassDef) and not node.name.startswith("_")
    )
    assert len(classes) > 20
    assert {name for name, count in classes.items() if count > 1} - AMBIGUOUS == set()


SAMPLE = """
def f(found, *, row):
    total = [one for one in row]
    total.sort()
    with open(row) as told:
        print(told)
    return total, found



def g(found):
    return found
"""


def test_a_vague_name_would_be_seen() -> None:
    names = [(name.text, name.is_vague) for name in bound_names(ast.parse(SAMPLE))]
    assert names.count(("found", True)) == 1
    assert names.count(("found", False)) == 1
    assert ("told", True) in names
    assert ("one", False) in names, "a comprehension of one line explains its variable"
    assert ("total", False) in names


def test_rooms_are_packages() -> None:
    assert room_of("conformance/wire/client.py") == "conformance/wire"
    assert room_of("conformance/data/mask/plan.py") == "conformance/data/mask"
    assert room_of("tests/conformance/wire/test_wire.py") == "tests/conformance/wire"
    assert room_of("reference_impl/__main__.py") == "reference_impl"
    assert {room_of(path.as_posix()) for path in (Path("conftest.py"),)} == {"."}
    assert len(VAGUE) > 80
