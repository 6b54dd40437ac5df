"""The order of evaluation, in which every path but a few named ones hides the value."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from conformance.model.shapes import Desensitization, Form, Kind, TypeRules
from conformance.model.text import Text
from conformance.oracles.desensitization import numbers, strings
from conformance.oracles.desensitization.characters import characters, normal_form, units
from conformance.oracles.desensitization.numbers import FallbackError
from conformance.oracles.desensitization.text import Search

_BARE = TypeRules("", Text("", ""), "none", (), None, {})
_CHANGING = frozenset({"mask", "split", "cn_name", "parts"})
"""Operators whose output never equals their input."""
PERSON_NAME = "person_name"


@dataclass(frozen=True, slots=True)
class Disclosed:
    """A value as it is disclosed. A withheld one has no value; that of a bucket is `{min, max, unit}`."""

    form: Form
    value: Any = None


@dataclass(frozen=True, slots=True)
class _Call:
    """One evaluation."""

    rules: Desensitization
    operator: str
    parameters: Mapping[str, Any]
    key: bytes
    recipient: str
    names: tuple[str, ...]

    @property
    def fallback(self) -> Disclosed:
        return Disclosed(Form.MASKED, self.rules.fallback)


def apply(  # noqa: PLR0913  # all that a disclosed value depends on
    rules: Desensitization,
    type_id: str,
    kind: Kind | str,
    value: Any,
    *,
    key: bytes = b"",
    recipient: str = "",
    names: Iterable[str] = (),
) -> Disclosed:
    """A value of a type, disclosed in a kind. `names`: persons of the same record, for free text."""
    type_rules, kind = rules.types[type_id], Kind(kind)
    default = "keep" if kind is Kind.RAW else "drop"
    operator = {"op": "drop"} if kind is Kind.SUP else type_rules.operators.get(kind, {"op": default})
    return _evaluate(_call(rules, operator, key, recipient, names), type_rules, value)


def run(  # noqa: PLR0913  # as apply
    rules: Desensitization,
    operator: str,
    parameters: Mapping[str, Any],
    value: Any,
    *,
    key: bytes = b"",
    recipient: str = "",
    names: Iterable[str] = (),
) -> Disclosed:
    """One operator by itself: no normalization, no validation."""
    return _evaluate(_call(rules, {**parameters, "op": operator}, key, recipient, names), _BARE, value)


def _call(
    rules: Desensitization, operator: Mapping[str, Any], key: bytes, recipient: str, names: Iterable[str]
) -> _Call:
    return _Call(rules, operator["op"], parameters(rules, operator), key, recipient, tuple(names))


def parameters(rules: Desensitization, operator: Mapping[str, Any]) -> dict[str, Any]:
    """Parameters of an operator call, with defaults for those that it leaves out."""
    known = rules.operators[operator["op"]]["parameters"]
    defaults = {name: schema["default"] for name, schema in known.items() if "default" in schema}
    return defaults | {name: value for name, value in operator.items() if name != "op"}


def _evaluate(call: _Call, type_rules: TypeRules, value: Any) -> Disclosed:
    if call.operator == "keep":
        return Disclosed(Form.RAW, value)
    if call.operator == "drop":
        return Disclosed(Form.WITHHELD)
    try:
        return _disclosed(call, value, _result(call, type_rules, value))
    except Exception:  # noqa: BLE001  # any failure, foreseen or not, hides the value
        return call.fallback


def _disclosed(call: _Call, value: Any, result: Any) -> Disclosed:
    if call.operator == "text":
        return Disclosed(Form.RAW if result == value else Form.MASKED, result)
    if result is None or result == "":
        return Disclosed(Form.MASKED, result)
    return Disclosed(Form(call.rules.operators[call.operator]["form"]), result)


def _result(call: _Call, type_rules: TypeRules, value: Any) -> Any:
    if value is None:
        return None
    if isinstance(value, str):
        tables = call.rules.tables
        if not value.strip("".join(characters(tables, "white_space"))):
            return ""
        if any("\ud800" <= c <= "\udfff" for c in value):
            raise FallbackError
        value = normal_form(value, type_rules.normalize, tables)
    value = _valid(type_rules, value)
    result = _operate(call, value)
    if call.operator in _CHANGING and result == value:
        raise FallbackError
    return result


def _valid(type_rules: TypeRules, value: Any) -> Any:
    if type_rules.valid and not (isinstance(value, str) and matches(type_rules, value)):
        raise FallbackError
    tail = type_rules.tail
    if tail is not None and isinstance(value, str):
        return "".join(units(value)[-tail:])
    return value


def matches(type_rules: TypeRules, text: str) -> bool:
    """True if one of a type's patterns matches the whole text."""
    return any(re.fullmatch(pattern, text) for pattern in type_rules.valid)


def _operate(call: _Call, value: Any) -> Any:
    p = call.parameters
    if call.operator == "const":
        return p["value"]
    if call.operator == "bucket":
        return numbers.bucket(value, p)
    if call.operator == "round":
        return numbers.round_to(value, p)
    if not isinstance(value, str):
        raise FallbackError
    return _operate_on_string(call, value, p)


def _operate_on_string(call: _Call, text: str, p: Mapping[str, Any]) -> str:
    tables = call.rules.tables
    by_name: Mapping[str, Callable[[], str]] = {
        "mask": lambda: strings.mask(text, p),
        "split": lambda: _split(call, text, p),
        "cn_name": lambda: strings.cn_name(text, p, tables["compound_surnames"]),
        "address": lambda: strings.address(text, p, tables["division"]),
        "date": lambda: numbers.date(text, p),
        "token": lambda: strings.token(text, p, call.key, call.recipient),
        "parts": lambda: strings.parts(text, p),
        "text": lambda: _clean(call, text, p),
    }
    return by_name[call.operator]()


def _split(call: _Call, text: str, p: Mapping[str, Any]) -> str:
    left, on, right = text.rpartition(p["on"])
    if not (left and on and right):
        raise FallbackError
    return _side(call, p["left"], left) + on + _side(call, p["right"], right)


def _side(call: _Call, operator: Mapping[str, Any], text: str) -> str:
    p = parameters(call.rules, operator)
    try:
        match operator["op"]:
            case "keep":
                return text
            case "const":
                return str(p["value"])
            case "mask":
                return strings.mask(text, p)
    except FallbackError:
        pass
    return call.rules.fallback


def _clean(call: _Call, text: str, p: Mapping[str, Any]) -> str:
    types, tables = call.rules.types, call.rules.tables
    person = types.get(PERSON_NAME, _BARE)
    forms = (normal_form(name, "name", tables) for name in call.names)
    names = tuple(form for form in forms if len(units(form)) > 1 and matches(person, form))
    search = Search(p["detect"], p["max_gap"], lambda t, digits: matches(types[t], digits), names, tables)
    return search.clean(text, call.rules.fallback)
