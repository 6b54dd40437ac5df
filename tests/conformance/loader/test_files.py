"""YAML 1.2 core, read strictly."""

from pathlib import Path

import pytest

from conformance.loader import FileErrors, StandardErrors, read_yaml, root
from conformance.loader.files import read_document


def read(folder: Path, text: str) -> object:
    path = folder / "x.yaml"
    path.write_bytes(text.encode())
    return read_yaml(path)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("no", "no"),
        ("yes", "yes"),
        ("on", "on"),
        ("2026-01-01", "2026-01-01"),
        ("12:30", "12:30"),
        ("010", 10),
        ("0o10", 8),
        ("0x1F", 31),
        ("1_000", "1_000"),
        ("1e3", 1000.0),
        (".5", 0.5),
        ("true", True),
        ("False", False),
        ("~", None),
        ("null", None),
        ("'1'", "1"),
        ("<<", "<<"),
        ("", None),
        ("# nothing", None),
        ("{on: 1, no: 2}", {"on": 1, "no": 2}),
        ("{990100: x, null: y}", {"990100": "x", "null": "y"}),
        ("{'<<': {a: 1}, b: 2}", {"<<": {"a": 1}, "b": 2}),
    ],
)
def test_core_schema(tmp_path: Path, text: str, value: object) -> None:
    found = read(tmp_path, text)
    assert (found, type(found)) == (value, type(value))


@pytest.mark.parametrize(
    ("text", "key", "line"),
    [
        ("a: 1\nb: 2\na: 3\n", "yaml_duplicate", 3),
        ("a:\n  b: 1\n  'b': 2\n", "yaml_duplicate", 3),
        ("a: &x 1\nb: *x\n", "yaml_alias", None),
        ("a: &x [*x]\n", "yaml_alias", None),
        ("a: 1\n? [b]\n: 2\n", "yaml_key", 2),
        ("a: !!binary aGk=\n", "yaml_tag", 1),
        ("a: !thing 1\n", "yaml_tag", 1),
        ("a: [1\nb: 2\n", "yaml_syntax", 2),
        ("a: 1\n---\nb: 2\n", "yaml_syntax", 2),
        ("a: \x07\n", "yaml_syntax", None),
    ],
)
def test_what_is_refused_says_where(tmp_path: Path, text: str, key: str, line: int | None) -> None:
    with pytest.raises(FileErrors) as raised:
        read(tmp_path, text)

    (problem,) = raised.value.problems
    assert problem.message.key == f"loader.{key}"
    assert line is None or problem.line == line


def test_all_that_is_refused_is_reported(tmp_path: Path) -> None:
    with pytest.raises(FileErrors) as raised:
        read(tmp_path, "a: 1\na: 2\nb: !x 1\nc: {d: 1, d: 2}\n")

    assert [p.line for p in raised.value.problems] == [2, 3, 4]


def test_a_missing_file_and_bad_bytes_are_reported(tmp_path: Path) -> None:
    (tmp_path / "bad.yaml").write_bytes(b"a: \xff")
    for name in ("bad.yaml", "none.yaml"):
        with pytest.raises(FileErrors):
            read_yaml(tmp_path / name)


def test_lines_of_parts_are_known(tmp_path: Path) -> None:
    (tmp_path / "x.yaml").write_text("a:\n  - b: 1\n    c: 2\n", "utf-8")
    document = read_document(tmp_path / "x.yaml")

    assert document.line(("a", 0, "c")) == 3
    assert document.line(("a", 0, "missing", "deep")) == 2


def test_the_root_is_found_and_a_wrong_one_refused(tmp_path: Path) -> None:
    assert (root() / "schemas").is_dir()
    with pytest.raises(StandardErrors):
        root(tmp_path)
