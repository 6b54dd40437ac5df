"""Terms for JSON Schema (2020-12): of one member, and of the whole row."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any as Json

from conformance.data.batch import Shape, Type
from conformance.data.plan import ast
from conformance.data.plan.ast import Fits, Has, InexpressibleError, Not, Term
from conformance.model.shapes import JsonSchema

TYPES: Mapping[str, Type] = {"string": Type.TEXT, "integer": Type.INTEGER, "boolean": Type.BOOLEAN}
_HOLDS: Mapping[str, Type | None] = {
    **TYPES,
    "number": Type.INTEGER,
    "null": None,
    "array": None,
    "object": None,
}
"""Column type by JSON Schema type."""
_SAYS_NOTHING = frozenset({"$schema", "$id", "$comment", "title", "description", "default", "examples"})
_CLOSED = frozenset({"unevaluatedProperties", "additionalProperties"})


def column_type(schema: Json) -> Type | None:
    """Column type of a member; None if a column cannot hold it."""
    return TYPES.get(str(schema.get("type"))) if isinstance(schema, Mapping) else None


def of_member(field: str, schema: JsonSchema, kind: Type) -> Term:
    """Term for the schema of a member that is present. Raises InexpressibleError."""
    return ast.All(tuple(_of_member(field, schema, kind)))


def _of_member(field: str, schema: JsonSchema, kind: Type) -> Iterator[Term]:
    for keyword, value in _keywords(schema):
        match keyword:
            case "type":
                yield ast.Constant(kind in _column_types(value))
            case "not":
                yield Not(of_member(field, value, kind))
            case "allOf":
                yield from (of_member(field, part, kind) for part in value)
            case "anyOf":
                yield ast.Any(tuple(of_member(field, part, kind) for part in value))
            case "enum":
                yield Fits(field, ast.OneOf(_literals(value, kind)))
            case "const":
                yield Fits(field, ast.OneOf(_literals([value], kind)))
            case _:
                yield Fits(field, _test(keyword, value, kind))


def _column_types(types: Json) -> set[Type | None]:
    named = types if isinstance(types, list) else [types]
    if unknown := [name for name in named if name not in _HOLDS]:
        raise InexpressibleError(f"type {unknown[0]}")
    return {_HOLDS[name] for name in named}


def _test(keyword: str, value: Json, kind: Type) -> ast.Test:
    """Test for a keyword that applies to values of this type. Raises InexpressibleError."""
    make = (_OF_TEXT if kind is Type.TEXT else _OF_INTEGER if kind is Type.INTEGER else {}).get(keyword)
    if make is None:
        raise InexpressibleError(keyword)
    return make(value)


_OF_TEXT: Mapping[str, Callable[[Json], ast.Test]] = {
    "pattern": ast.Matches,
    "format": ast.Formatted,
    "minLength": lambda least: ast.Length(least=least),
    "maxLength": lambda most: ast.Length(most=most),
}
_OF_INTEGER: Mapping[str, Callable[[Json], ast.Test]] = {
    "minimum": lambda least: ast.Within(least=_integer_limit(least)),
    "maximum": lambda most: ast.Within(most=_integer_limit(most)),
}


def of_row(schema: JsonSchema, shape: Shape) -> Term:
    """Term for the schema of a row with members of the shape only, each of its type."""
    return ast.All(tuple(_of_row(schema, shape)))


def _of_row(schema: JsonSchema, shape: Shape) -> Iterator[Term]:  # noqa: C901  # a table of keywords
    for keyword, value in _keywords(schema):
        match keyword:
            case "type" if value == "object":
                continue
            case "properties":
                yield from _members(value, shape)
            case "required":
                yield from (Has(name) if name in shape else ast.Constant(False) for name in value)
            case "allOf":
                yield from (of_row(part, shape) for part in value)
            case "anyOf":
                yield ast.Any(tuple(of_row(part, shape) for part in value))
            case "not":
                yield Not(of_row(value, shape))
            case "if":
                yield _conditional(schema, shape)
            case "then" | "else" if "if" in schema:
                continue
            case _ if keyword in _CLOSED and value is False:
                continue  # a faithful row has no member outside the shape
            case _:
                raise InexpressibleError(keyword)


def _members(properties: Mapping[str, JsonSchema], shape: Shape) -> Iterator[Term]:
    for name, schema in properties.items():
        if name in shape:
            yield ast.Any((Not(Has(name)), of_member(name, schema, shape[name])))


def _conditional(schema: JsonSchema, shape: Shape) -> Term:
    condition = of_row(schema["if"], shape)
    then, otherwise = (of_row(schema.get(word, {}), shape) for word in ("then", "else"))
    return ast.All((ast.Any((Not(condition), then)), ast.Any((condition, otherwise))))


def _keywords(schema: Json) -> Iterator[tuple[str, Json]]:
    """Yield assertion keywords with their values. Raises InexpressibleError for boolean schemas."""
    if not isinstance(schema, Mapping):
        raise InexpressibleError(str(schema).lower())
    for keyword, value in schema.items():
        if not keyword.startswith("x-") and keyword not in _SAYS_NOTHING:
            yield keyword, value


def _literals(values: list[Json], kind: Type) -> tuple[str | int, ...]:
    """The values that a column of this type can hold; a boolean is not an integer."""
    if kind is Type.BOOLEAN:
        raise InexpressibleError("enum")
    normalized = [
        int(v) if isinstance(v, float) and v.is_integer() else v for v in values
    ]  # 1.0 is the integer 1
    python_type = str if kind is Type.TEXT else int
    return tuple(v for v in normalized if isinstance(v, python_type) and not isinstance(v, bool))


def _integer_limit(limit: Json) -> int:
    if not isinstance(limit, int) or isinstance(limit, bool):
        raise InexpressibleError("minimum")
    return limit
