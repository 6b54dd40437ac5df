"""Problems of a settings file from the errors of its model: line, member, expectation, never the value."""

from collections.abc import Iterator, Mapping
from typing import Any, TypeVar

from pydantic import ValidationError

from conformance.loader.files import Document, Pointer, pointer_text
from conformance.loader.meta import unknown_key
from conformance.loader.problem import Problem
from conformance.loader.settings_model import NULL, UNIQUE, SettingsModel
from conformance.model.text import Message

Content = TypeVar("Content", bound=SettingsModel)
_TYPES = {
    "string_type": "string",
    "string_unicode": "string",
    "int_type": "integer",
    "float_type": "number",
    "list_type": "array",
    "dict_type": "object",
    "model_type": "object",
    "union_tag_not_found": "string, object",
}
"""Expected type by the type of the error."""
_LIMITS = {
    "string_too_short": ("minLength", "min_length"),
    "string_too_long": ("maxLength", "max_length"),
    "too_short": ("minItems", "min_length"),
    "greater_than": ("exclusiveMinimum", "gt"),
    "greater_than_equal": ("minimum", "ge"),
    "less_than_equal": ("maximum", "le"),
}
"""Keyword of JSON Schema, and the member of the context with the limit, by the type of the error."""
_KINDS: tuple[tuple[type, str], ...] = (
    (bool, "boolean"),
    (str, "string"),
    (int, "integer"),
    (float, "number"),
    (list, "array"),
    (dict, "object"),
)


def read_settings(
    file: str, document: Document, model: type[Content]
) -> tuple[Content | None, tuple[Problem, ...]]:
    """The content of a document; None with every problem where it is not in the form of the model."""
    try:
        return model.model_validate(document.value), ()
    except ValidationError as error:
        schema = model.model_json_schema()
        entries = error.errors(include_url=False)
        return None, tuple(_problem(file, document, schema, dict(entry)) for entry in entries)


def _problem(file: str, document: Document, schema: Mapping[str, Any], entry: Mapping[str, Any]) -> Problem:
    kind, at = entry["type"], _place(document.value, entry["loc"])
    if kind == "missing":
        return problem_at(file, document, at, "missing", name=str(entry["loc"][-1]))
    if kind == "extra_forbidden":
        return unknown_key(file, document, at, str(at[-1]), sorted(_allowed(schema, at[:-1])))
    key, args = _expectation(kind, entry.get("ctx", {}))
    return problem_at(file, document, at, key, **args, found=_found(entry["input"]))


def problem_at(file: str, document: Document, at: Pointer, key: str, **args: Any) -> Problem:
    """A problem with a message of the loader, at a member of a document."""
    return Problem(file, pointer_text(at), "", Message(f"loader.{key}", args), document.line(at))


def _expectation(kind: str, context: Mapping[str, Any]) -> tuple[str, dict[str, Any]]:
    """Key and arguments of the message on what was expected."""
    if kind in _TYPES:
        return "type", {"expected": _TYPES[kind]}
    if kind in _LIMITS:
        keyword, name = _LIMITS[kind]
        return "limit", {"keyword": keyword, "expected": context[name]}
    if kind == "literal_error":
        return "choice", {"expected": context["expected"].replace(" or ", ", ").replace("'", "")}
    if kind == "string_pattern_mismatch":
        return "pattern", {"expected": context["pattern"]}
    if kind == UNIQUE:
        return "keyword", {"keyword": "uniqueItems", "expected": "true"}
    return "type", {"expected": "not null" if kind == NULL else kind}


def _place(value: Any, location: tuple[str | int, ...]) -> Pointer:
    """The members of a location that the document has, without the tags that pydantic adds."""
    at: list[str | int] = []
    for part in location:
        try:
            value = value[part]
        except (LookupError, TypeError):
            continue
        at.append(part)
    return tuple(at)


def _allowed(schema: Mapping[str, Any], at: Pointer) -> set[str]:
    """Members that the schema allows at a place."""
    entries = [*_resolved(schema, schema)]
    for part in at:
        members = [member for entry in entries for member in _inner(entry, part)]
        entries = [option for member in members for option in _resolved(member, schema)]
    return {name for entry in entries for name in entry.get("properties", ())}


def _resolved(entry: Mapping[str, Any], schema: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """The schema behind references, and each alternative."""
    if "$ref" in entry:
        yield from _resolved(schema["$defs"][entry["$ref"].rpartition("/")[2]], schema)
    elif "anyOf" in entry or "oneOf" in entry:
        for option in (*entry.get("anyOf", ()), *entry.get("oneOf", ())):
            yield from _resolved(option, schema)
    else:
        yield entry


def _inner(entry: Mapping[str, Any], part: str | int) -> Iterator[Mapping[str, Any]]:
    """Schemas of a member or an entry."""
    if isinstance(part, int):
        yield from (entry["items"],) if "items" in entry else ()
    elif part in entry.get("properties", {}):
        yield entry["properties"][part]
    else:
        yield from entry.get("patternProperties", {}).values()


def _found(value: Any) -> str:
    """Type of a value, and the length of a text: the value itself may be a secret in the wrong place."""
    if value is None:
        return "null"
    kind = next((name for type_, name in _KINDS if isinstance(value, type_)), type(value).__name__)
    return f"{kind} ({len(value)})" if isinstance(value, str | list) else kind
