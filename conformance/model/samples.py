"""Sample values of a JSON Schema, where a reply of the right shape is all that is needed."""

from collections.abc import Mapping
from typing import Any

from conformance.model.wire import Json

_SAMPLES: Mapping[str, Json] = {"boolean": False, "null": None, "string": ""}


def sample(schema: Mapping[str, Any], elements: int = 0) -> Json:
    """A value of required members only, with at least so many elements in each array.

    Takes `const`, the first of `enum`, null where it is allowed, else the first alternative, and `minimum`.
    Strings are empty: patterns and formats do not count.
    """
    if "const" in schema:
        return schema["const"]
    if "enum" in schema:
        return schema["enum"][0]
    for keyword in ("oneOf", "anyOf"):
        if keyword in schema:
            alternatives = schema[keyword]
            return None if {"type": "null"} in alternatives else sample(alternatives[0], elements)
    return _of_type(schema, elements)


def _of_type(schema: Mapping[str, Any], elements: int) -> Json:
    kind = schema.get("type", "object")
    match kind if isinstance(kind, str) else kind[0]:
        case "object":
            properties = schema.get("properties", {})
            return {name: sample(properties.get(name, {}), elements) for name in schema.get("required", ())}
        case "array":
            return [sample(schema.get("items", {}), elements)] * max(elements, schema.get("minItems", 0))
        case "integer" | "number":
            return schema.get("minimum", 0)
        case simple:
            return _SAMPLES[simple]
