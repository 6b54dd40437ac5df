"""Making a schema self-contained: references inlined, siblings tightened in, code sets as enumerations."""

from collections.abc import Callable, Mapping
from typing import Any

Lookup = Callable[[str, str], tuple[Any, str] | None]
"""(reference, file it stands in) -> (the node referred to, the file that node stands in)."""

_TIGHTEN: Mapping[str, Callable[[Any, Any], Any]] = {
    "minimum": max,
    "exclusiveMinimum": max,
    "minLength": max,
    "minItems": max,
    "maximum": min,
    "exclusiveMaximum": min,
    "maxLength": min,
    "maxItems": min,
}
_LITERAL = frozenset({"enum", "const", "default", "examples"})
_MAX_DEPTH = 32


class UnresolvedReferenceError(Exception):
    """A reference leads back to itself, or nowhere."""


def inline(
    node: Any, file: str, lookup: Lookup, code_sets: Mapping[str, tuple[str, ...]], depth: int = 0
) -> Any:
    """The schema `node` of `file` without references; `x-` annotations of the outer schema win."""
    if depth > _MAX_DEPTH:
        raise UnresolvedReferenceError(file)
    if isinstance(node, list):
        return [inline(part, file, lookup, code_sets, depth + 1) for part in node]
    if not isinstance(node, dict):
        return node
    siblings = {
        key: value if _is_literal(key) else inline(value, file, lookup, code_sets, depth + 1)
        for key, value in node.items()
        if key != "$ref"
    }
    if isinstance(node.get("$ref"), str):
        target = lookup(node["$ref"], file)
        if target is None:
            raise UnresolvedReferenceError(node["$ref"])
        siblings = merge(inline(target[0], target[1], lookup, code_sets, depth + 1), siblings)
    return _with_codes(siblings, code_sets)


def merge(base: Mapping[str, Any], siblings: Mapping[str, Any]) -> dict[str, Any]:
    """Both schemas at once. Limits take the tighter value; other keywords in conflict go into `allOf`."""
    result = dict(base)
    conflicts: dict[str, Any] = {}
    for key, value in siblings.items():
        if key not in result or key.startswith("x-") or key in ("enum", "const", "description"):
            result[key] = value
        elif key in _TIGHTEN:
            result[key] = _TIGHTEN[key](result[key], value)
        elif key == "allOf":
            result[key] = [*result[key], *value]
        elif result[key] != value:
            conflicts[key] = value
    if conflicts:
        result["allOf"] = [*result.get("allOf", []), conflicts]
    return result


def _is_literal(key: str) -> bool:
    return key in _LITERAL or key.startswith("x-")


def _with_codes(schema: dict[str, Any], code_sets: Mapping[str, tuple[str, ...]]) -> dict[str, Any]:
    codes = code_sets.get(str(schema.get("x-code-set")))
    if codes is None or schema.get("type") == "array":
        return schema
    allowed = frozenset(c for c in schema.get("enum", codes) if isinstance(c, str))
    remaining = [code for code in codes if code in allowed]
    return {**schema, "enum": remaining}
