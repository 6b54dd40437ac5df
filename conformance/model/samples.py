"""The smallest value of a JSON Schema, where a reply of the right shape is all that is needed."""

from collections.abc import Mapping
from typing import Any

from conformance.model.wire import Json

_SMALLEST: Mapping[str, Json] = {"boolean": False, "null": None, "array": [], "string": "", "object": {}}


def smallest(schema: Mapping[str, Any]) -> Json:
    """A value with required members and elements only.

    Takes `const`, `default`, the first of `enum`, the first alternative and the `minimum`. Strings are empty.
    """
    for keyword in ("const", "default"):
        if keyword in schema:
            return schema[keyword]
    if "enum" in schema:
        return schema["enum"][0]
    for keyword in ("oneOf", "anyOf"):
        if keyword in schema:
            return smallest(schema[keyword][0])
    return _of_type(schema)


def _of_type(schema: Mapping[str, Any]) -> Json:
    kind = schema.get("type", "object")
    match kind if isinstance(kind, str) else kind[0]:
        case "object":
            properties = schema.get("properties", {})
            return {name: smallest(properties.get(name, {})) for name in schema.get("required", ())}
        case "array":
            return [smallest(schema.get("items", {}))] * schema.get("minItems", 0)
        case "integer" | "number":
            return schema.get("minimum", 0)
        case other:
            return _SMALLEST[other]
