"""The meaning of rows for many rows: what jsonschema said of a member's value is not asked again.

Two keywords are touched. `properties` answers as jsonschema itself answered for the same sub-schema and
value; `unevaluatedProperties` has nothing to say where `properties` knows all members (2020-12, 11.3), and is
left to jsonschema elsewhere. Conditions are remembered by `conformance.oracles.cel` itself.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from jsonschema.exceptions import ValidationError
from jsonschema.validators import extend

from conformance.model.shapes import Item
from tests.conformance.data.reference_judge import VALIDATOR, meaning

_MOST = 1 << 17
_SCALARS = (str, int, float, bool, type(None))
_UNEVALUATED = "unevaluatedProperties"
Said = tuple[tuple[tuple[Any, ...], str], ...]
"""The errors of a value: each one's place in the row, and keyword."""


def remembered_meaning(item: Item) -> Callable[[Mapping[str, Any]], frozenset[str]]:
    """As `meaning`."""
    keywords = {"properties": _properties(), _UNEVALUATED: _unevaluated}
    return meaning(item, extend(VALIDATOR, keywords))  # type: ignore[no-untyped-call]


def _properties() -> Callable[..., Iterator[ValidationError]]:
    cache: dict[tuple[int, type, Any], Said] = {}

    def asked(validator: Any, value: Any, schema: Any, name: str) -> Said:
        key = (id(schema), type(value), value)
        if key not in cache:
            if len(cache) >= _MOST:
                cache.clear()
            cache[key] = _said(validator, value, schema, name)
        return cache[key]

    def properties(validator: Any, schemas: Mapping[str, Any], row: Any, _: Any) -> Iterator[ValidationError]:
        for name, schema in schemas.items() if isinstance(row, dict) else ():
            if name in row:
                ask = asked if isinstance(row[name], _SCALARS) else _said
                for path, keyword in ask(validator, row[name], schema, name):
                    yield ValidationError("", validator=keyword, path=path)

    return properties


def _said(validator: Any, value: Any, schema: Any, name: str) -> Said:
    errors = validator.descend(value, schema, path=name, schema_path=name)
    return tuple((tuple(error.path), str(error.validator)) for error in errors)


def _unevaluated(validator: Any, rest: Any, row: Any, schema: Any) -> Iterator[ValidationError]:
    if isinstance(row, dict) and row.keys() <= schema.get("properties", {}).keys():
        return
    yield from VALIDATOR.VALIDATORS[_UNEVALUATED](validator, rest, row, schema)
