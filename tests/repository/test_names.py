"""Guards over names: few that say nothing by themselves, and no class name that means two things."""

import ast
from collections import Counter
from pathlib import Path

import pytest

from tests.repository.names import VAGUE, bound_names, census, room_of
from tests.repository.tracked import tracked

CEILING = 0.01
"""Share of vague names that a room may have."""


def test_names_explain_themselves() -> None:
    names = census(tracked("*.py"))
    assert len(names.bound) > 30
    above = {room: names.share(room) for room in names.bound if names.share(room) > CEILING}
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
    assert {name for name, count in classes.items() if count > 1} == set()


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
