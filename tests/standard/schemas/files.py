"""The shapes as the tests read them: files, self-contained schemas, and both validators with all formats."""

from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema
import jsonschema_rs
from jsonschema import Draft202012Validator, FormatChecker

from conformance.loader.files import read_yaml
from conformance.loader.inline import inline
from conformance.loader.shapes import code_sets, lookup
from conformance.loader.tree import Tree, read_tree
from conformance.oracles.formats import CHECKERS

ROOT = Path(__file__).parents[3]
SHAPES = ROOT / "schemas"
EXAMPLES = SHAPES / "examples"


@cache
def tree() -> Tree:
    return read_tree(ROOT)


def value(name: str) -> Any:
    """The value of a file below `schemas/`."""
    return tree().value(f"schemas/{name}")


def read(path: Path) -> Any:
    return read_yaml(path)


@cache
def self_contained(name: str, *pointer: str) -> Mapping[str, Any]:
    """The schema at a place of a file, references inlined and code sets added."""
    node = value(name)
    for part in pointer:
        node = node[part]
    codes = {set_id: tuple(code_set.codes) for set_id, code_set in code_sets(tree()).items()}
    inlined: Mapping[str, Any] = inline(node, f"schemas/{name}", lookup(tree()), codes)
    return inlined


@cache
def item_files() -> Mapping[str, str]:
    """The file of every item of the nation and of provinces, below `schemas/`, by its name."""
    found = [p for p in below("checklist") if "items" in p.parts or "overlays" in p.parts]
    return {p.stem: p.relative_to(SHAPES).as_posix() for p in found if "-" in p.stem}


def schema_of(example: Path) -> Mapping[str, Any]:
    """The schema an example is about, by its folder."""
    match example.relative_to(EXAMPLES).parts:
        case ("elements", element, _, _):
            return self_contained("elements.yaml", "$defs", element)
        case ("items", code, _, _):
            return self_contained(item_files()[code])
        case ("record", _, _):
            return self_contained("checklist/record.yaml")
    raise AssertionError(example)


Places = frozenset[tuple[str, str]]
"""(JSON pointer, keyword) of each violation."""


def by_reference(schema: Mapping[str, Any], instance: Any) -> Places:
    """What jsonschema, the reference validator, finds."""
    return frozenset(
        ("".join(f"/{part}" for part in error.absolute_path), str(error.validator))
        for error in _reference(id(schema), schema).iter_errors(instance)
    )


def by_rust(schema: Mapping[str, Any], instance: Any) -> Places:
    """What jsonschema-rs, the fast validator, finds."""
    return frozenset(
        ("".join(f"/{part}" for part in error.instance_path), error.kind.name)
        for error in _rust(id(schema), schema).iter_errors(instance)
    )


_REFERENCE: dict[int, Draft202012Validator] = {}
_RUST: dict[int, Any] = {}


def _reference(key: int, schema: Mapping[str, Any]) -> Draft202012Validator:
    if key not in _REFERENCE:
        checker = FormatChecker(())
        for name, is_legal in CHECKERS.items():
            checker.checks(name)(lambda v, legal=is_legal: not isinstance(v, str) or legal(v))
        _REFERENCE[key] = Draft202012Validator(schema, format_checker=checker)
    return _REFERENCE[key]


def _rust(key: int, schema: Mapping[str, Any]) -> Any:
    if key not in _RUST:
        _RUST[key] = jsonschema_rs.Draft202012Validator(
            dict(schema), formats=dict(CHECKERS), validate_formats=True, offline=True
        )
    return _RUST[key]


def is_schema(schema: Mapping[str, Any]) -> bool:
    jsonschema.Draft202012Validator.check_schema(schema)
    return True


def below(folder: str) -> Iterator[Path]:
    yield from sorted((SHAPES / folder).rglob("*.yaml"))
