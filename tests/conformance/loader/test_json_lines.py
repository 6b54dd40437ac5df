"""Each member and entry of a JSON text has the line on which it begins."""

import json
from collections.abc import Iterator
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from conformance.loader.files import Pointer
from conformance.loader.json_lines import json_lines

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=6),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
    max_leaves=12,
)


def pointers(value: Any, at: Pointer = ()) -> Iterator[Pointer]:
    """Pointers of a value in the order in which JSON writes them."""
    yield at
    if isinstance(value, dict):
        for name, entry in value.items():
            yield from pointers(entry, (*at, name))
    elif isinstance(value, list):
        for index, entry in enumerate(value):
            yield from pointers(entry, (*at, index))


@given(VALUES)
def test_every_part_has_its_line(value: Any) -> None:
    text = json.dumps(value, indent=1)
    lines, rows = json_lines(text), text.split("\n")
    assert list(lines) == list(pointers(value))
    assert list(lines.values()) == sorted(lines.values())
    for at, line in lines.items():
        if at and isinstance(at[-1], str):
            assert rows[line - 1].lstrip().startswith(json.dumps(at[-1]) + ":")


def test_a_line_break_may_stand_anywhere() -> None:
    assert json_lines('\n{"a"\n:\n[1,\n\n{}], "b":2}') == {
        (): 2,
        ("a",): 2,
        ("a", 0): 4,
        ("a", 1): 6,
        ("b",): 6,
    }
