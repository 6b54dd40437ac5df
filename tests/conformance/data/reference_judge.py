"""The meaning of rows, written a second time: jsonschema and CEL of cel-python, one row at a time."""

import json
import re
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from typing import Any

import jsonschema
from jsonschema.exceptions import ValidationError
from jsonschema.validators import Draft202012Validator, extend

from conformance.model.shapes import Item
from conformance.oracles.cel import CelError, Expression
from conformance.oracles.formats import CHECKERS
from conformance.oracles.validate import money_fields, rule_variables

FORMATS = jsonschema.FormatChecker(())
for _name, _check in CHECKERS.items():
    FORMATS.checks(_name)(lambda value, check=_check: not isinstance(value, str) or check(value))


def _pattern(_: Any, pattern: str, value: Any, __: Any) -> Iterator[ValidationError]:
    """As ECMA-262 has it: `$` is the end, and not a place before a final line break."""
    if isinstance(value, str) and not re.search(pattern.replace("$", r"\Z"), value):
        yield ValidationError("pattern")


VALIDATOR: Any = extend(Draft202012Validator, {"pattern": _pattern})  # type: ignore[no-untyped-call]


def meaning(item: Item, of: Any = VALIDATOR) -> Callable[[Mapping[str, Any]], frozenset[str]]:
    """The ids of the rules that a row of an item breaks; `item` has the schema of its rows."""
    validator = of(item.schema, format_checker=FORMATS)
    money = money_fields(item)

    def broken(row: Mapping[str, Any]) -> frozenset[str]:
        violations = [_reason(error, item) for error in validator.iter_errors(row)]
        unsound = {place for place, _ in violations}
        rules = {
            rule.id
            for rule in item.rules
            if unsound.isdisjoint(rule.fields) and not _obeys(rule.expression, row, money - unsound)
        }
        return frozenset(f"{place or 'row'}/{keyword}" for place, keyword in violations) | rules

    return broken


def _reason(error: ValidationError, item: Item) -> tuple[str, str]:
    if error.validator == "required" and not error.absolute_path:
        missing_member = re.match(r"'(.*)' is a required property", error.message)
        assert missing_member
        place = missing_member[1]
    else:
        place = str(error.absolute_path[0]) if error.absolute_path else ""
    return (place if place in item.schema["properties"] else ""), str(error.validator)


def _obeys(expression: str, row: Mapping[str, Any], money: frozenset[str]) -> bool:
    try:
        return _expression(expression).evaluate(rule_variables(row, money))
    except CelError:
        return False


@cache
def _expression(source: str) -> Expression:
    return Expression(source)


def strict(line: bytes) -> dict[str, Any] | None:
    """The object on a line; None where a careful reader finds none."""
    try:
        value = json.loads(line.decode("utf-8"), object_pairs_hook=_members, parse_constant=_refuse)
        json.dumps(value, ensure_ascii=False, allow_nan=False).encode("utf-8")
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, dict) else None


def _members(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    if len({name for name, _ in pairs}) < len(pairs):
        raise ValueError
    return dict(pairs)


def _refuse(_: str) -> Any:
    raise ValueError
