"""Judging a JSON value by a schema of the API, told as findings that show no value they need not show."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Any

from jsonschema_rs import Draft202012Validator, ValidationError

from conformance.model.judgement import Fault, Finding
from conformance.model.shapes import JsonSchema
from conformance.model.text import Message
from conformance.oracles.formats import CHECKERS

MOST = 10
"""Findings of one value; a reply of a thousand records with one mistake each is one mistake."""
_ALTERNATIVES = frozenset({"oneOf", "anyOf"})
_DECISIVE: Mapping[str, int] = {"const": 2, "type": 1}
"""Weight of a failure of this keyword against an alternative."""


@dataclass(frozen=True, slots=True)
class Breach:
    """One keyword of a schema that a value breaks."""

    pointer: str
    keyword: str
    expected: Any
    actual: Any

    def finding(self, key: str, where: str, step: int, fault: Fault, operation: str) -> Finding:
        """`where` names the value, e.g. `reply.body`."""
        message = Message(f"monitors.{key}", {"operation": operation, "keyword": self.keyword})
        expected = {self.keyword: self.expected}
        return Finding(message, step, where + self.pointer, expected, self.actual, fault)


@dataclass(frozen=True, slots=True)
class Validator:
    """A compiled schema."""

    schema: JsonSchema
    compiled: Draft202012Validator

    def breaches(self, value: Any) -> tuple[Breach, ...]:
        if self.compiled.is_valid(value):
            return ()
        found = (self._breach(error) for error in _one_a_scalar(_flat(self.compiled.iter_errors(value))))
        return tuple(islice(found, MOST))

    def _breach(self, error: ValidationError) -> Breach:
        keyword = str(error.schema_path[-1]) if error.schema_path else ""
        pointer = "".join(f"/{part}" for part in error.instance_path)
        return Breach(pointer, keyword, _at(self.schema, error.schema_path), _summary(error))


def compile_schema(schema: JsonSchema) -> Validator:
    """Formats are judged too: those of JSON Schema and the standard's own."""
    compiled = Draft202012Validator(dict(schema), formats=dict(CHECKERS), validate_formats=True)
    return Validator(schema, compiled)


def _flat(errors: Iterable[ValidationError]) -> Iterator[ValidationError]:
    """Errors, with the alternative that was most likely meant in place of `none of these`."""
    for error in errors:
        branches: list[list[ValidationError]] = getattr(error.kind, "context", None) or []
        nearest = min(branches, key=_distance, default=[])
        yield from _flat(nearest) if nearest else (error,)


def _one_a_scalar(errors: Iterable[ValidationError]) -> Iterator[ValidationError]:
    """A string that misses both pattern and format has one mistake."""
    places = set()
    for error in errors:
        place = tuple(error.instance_path)
        if place not in places:
            yield error
        if not isinstance(error.instance, (dict, list)):
            places.add(place)


def _distance(branch: list[ValidationError]) -> tuple[int, int]:
    keywords = [str(error.schema_path[-1]) for error in branch if error.schema_path]
    return sum(_DECISIVE.get(keyword, 0) for keyword in keywords), len(branch)


def _at(schema: Any, path: Iterable[str | int]) -> Any:
    """Constraint of the schema at a place; the number of alternatives rather than all of them."""
    last: str | int = ""
    for last in path:
        try:
            schema = schema[last]
        except (LookupError, TypeError):
            return None
    return len(schema) if last in _ALTERNATIVES else schema


def _summary(error: ValidationError) -> Any:
    """A scalar as it is, an object by its names, a list by its length."""
    unexpected = getattr(error.kind, "unexpected", None)
    if unexpected:
        return unexpected
    if isinstance(error.instance, dict):
        return sorted(error.instance)
    return len(error.instance) if isinstance(error.instance, list) else error.instance
