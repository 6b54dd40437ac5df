"""The examples of the standard and their hand-written verdicts: the part of lint that needs the oracles."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from conformance.loader.files import read_yaml
from conformance.loader.inline import inline
from conformance.loader.problem import FileErrors, Problem, problem
from conformance.loader.shapes import ELEMENTS, code_sets, lookup
from conformance.loader.tree import EXAMPLES, read_tree
from conformance.model.standard import Standard
from conformance.oracles.validate import Validator, item_validator, schema_validator


def check_examples(root: Path, standard: Standard) -> list[Problem]:
    """Every example below a root whose verdict is not what its folder and its `violates` say."""
    validators = _Validators(root, standard)
    problems: list[Problem] = []
    for path in sorted((root / EXAMPLES).rglob("*.yaml")):
        name = path.relative_to(root).as_posix()
        try:
            problems += _check(
                name, read_yaml(path, name), validators.of(path.parent.parent, root / EXAMPLES)
            )
        except FileErrors as errors:
            problems += errors.problems
    return problems


class _Validators:
    """Judges of the examples, by the name of their folder."""

    def __init__(self, root: Path, standard: Standard) -> None:
        self._standard = standard
        self._tree = read_tree(root)
        self._codes = {name: tuple(s.codes) for name, s in code_sets(self._tree).items()}
        self._known: dict[str, Validator | None] = {}

    def of(self, folder: Path, examples: Path) -> Validator | None:
        name = folder.relative_to(examples).as_posix()
        if name not in self._known:
            self._known[name] = self._made(*name.split("/"))
        return self._known[name]

    def _made(self, kind: str, name: str = "") -> Validator | None:
        if kind == "record":
            return schema_validator(self._standard.checklist.record_schema)
        if kind == "items":
            item = self._standard.checklists.described(name)
            return item_validator(item) if item else None
        element = self._tree.value(ELEMENTS, {}).get("$defs", {}).get(name) if kind == "elements" else None
        if element is None:
            return None
        return schema_validator(inline(element, ELEMENTS, lookup(self._tree), self._codes))


def _check(file: str, example: Any, validator: Validator | None) -> Iterator[Problem]:
    if validator is None or not isinstance(example, dict) or "data" not in example:
        yield problem(file, "", "", "example_unknown")
        return
    issues = validator(example["data"])
    issue_texts = [f"{i.pointer} {i.rule or i.keyword}" for i in issues]
    if "/invalid/" not in file:
        if issues:
            yield problem(file, "/data", "", "example_invalid", found=issue_texts)
        return
    expected = example.get("violates", {})
    if "rule" in expected:
        right = {i.rule for i in issues} == {expected["rule"]}
    else:
        right = any(i.pointer == expected.get("pointer") for i in issues)
    if not right:
        yield problem(file, "/violates", "", "example_valid", expected=expected, found=issue_texts or "-")
