"""JSON Schemas of the standard, compiled once, with code sets as enums."""

from collections.abc import Mapping
from typing import Any

import jsonschema_rs

from reference_impl.standard.formats import CHECKERS
from reference_impl.standard.source import StandardError

BASE = "https://fcsp.invalid/schemas/"
Codes = Mapping[str, Mapping[str, Mapping[str, Any]]]


class Compiler:
    """Compiles schemas that refer to the elements."""

    def __init__(self, elements: Mapping[str, Any], codes: Codes) -> None:
        self._codes = codes
        self._elements = elements["$defs"]
        located = self._located(elements, "elements.yaml")
        self._registry = jsonschema_rs.Registry([(located["$id"], located)])

    def compile(self, schema: Mapping[str, Any], path: str) -> jsonschema_rs.Draft202012Validator:
        """A validator of the schema in the file `path`, relative to `schemas/`."""
        located = self._located(schema, path)
        try:
            return jsonschema_rs.Draft202012Validator(
                located, registry=self._registry, formats=dict(CHECKERS), validate_formats=True
            )
        except (jsonschema_rs.ValidationError, jsonschema_rs.ReferencingError, ValueError) as error:
            raise StandardError(f"{path}: {error}") from error

    def flatten(self, schema: Mapping[str, Any]) -> dict[str, Any]:
        """A property with its element's annotations and keywords; its own siblings win."""
        name = schema.get("$ref", "").partition("#/$defs/")[2]
        if name and name not in self._elements:
            raise StandardError(f"unknown element {name}")
        return {**self._elements.get(name, {}), **schema}

    def _located(self, schema: Mapping[str, Any], path: str) -> dict[str, Any]:
        return {**self._with_enums(schema), "$id": BASE + path}

    def _with_enums(self, node: Any) -> Any:
        if isinstance(node, list):
            return [self._with_enums(child) for child in node]
        if not isinstance(node, dict):
            return node
        copy = {name: self._with_enums(child) for name, child in node.items()}
        if code_set := node.get("x-code-set"):
            if code_set not in self._codes:
                raise StandardError(f"unknown code set {code_set}")
            copy["enum"] = list(self._codes[code_set])
        return copy
