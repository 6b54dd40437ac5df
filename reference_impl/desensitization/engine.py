"""Desensitization of a value: normalization, validation, operator; the fallback on any failure."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from reference_impl.desensitization import address, dates, free_text, masking, numbers, pseudonym
from reference_impl.desensitization.model import (
    Cell,
    Context,
    Operator,
    OperatorCall,
    Scene,
    TypeRule,
    UnfitError,
)
from reference_impl.desensitization.normalize import has_surrogate, is_blank, normalize, units
from reference_impl.desensitization.tables import Tables

Disclosed = dict[str, Any]
"""A disclosed value on the wire: `form`, with `value` or the members of a bucket."""

NOTHING = Context()
KEEP = OperatorCall("keep", {})
DROP = OperatorCall("drop", {})
MUST_CHANGE = frozenset({"mask", "split", "cn_name", "parts"})
PLAIN = TypeRule("", "none", (), None, {})

OPERATORS: Mapping[str, Operator] = {
    "const": lambda _value, p, _scene: p["value"],
    "mask": masking.mask,
    "split": masking.split,
    "cn_name": masking.cn_name,
    "parts": masking.parts,
    "address": address.address,
    "bucket": numbers.bucket,
    "round": numbers.round_to,
    "date": dates.truncate,
    "token": pseudonym.token,
    "text": free_text.text,
}


@dataclass(frozen=True, slots=True)
class Desensitization:
    """Operators, rules and the disclosure matrix of one edition of the standard."""

    fallback: str
    forms: Mapping[str, str]
    """Form of each operator's result."""
    defaults: Mapping[str, Mapping[str, Any]]
    types: Mapping[str, TypeRule]
    cells: Mapping[tuple[str, str], Cell]
    natural_person_like: frozenset[str]
    tables: Tables
    raised_by_subject: Mapping[str, str]
    """The class that counts instead, for subjects that are like a natural person."""
    never_disclosed: str
    """The class that no audience gets."""

    def serves(self, audience: str) -> bool:
        """True if the matrix has a cell for this audience."""
        return any(name == audience for _, name in self.cells)

    def apply(self, type_id: str, kind: str, value: Any, context: Context = NOTHING) -> Disclosed:
        """The disclosed form of a value, by type and kind."""
        rule = self.types[type_id]
        return self._run(self.call(type_id, kind), rule, value, context)

    def call(self, type_id: str, kind: str) -> OperatorCall:
        """The operator of a type for a kind; `drop` where the type has none."""
        if kind == "sup":
            return DROP
        return self.types[type_id].calls.get(kind, KEEP if kind == "raw" else DROP)

    def run(
        self, op: str, parameters: Mapping[str, Any], value: Any, context: Context = NOTHING
    ) -> Disclosed:
        """The result of an operator on a bare value, without normalization and validation."""
        return self._run(OperatorCall(op, parameters), PLAIN, value, context)

    def _run(self, call: OperatorCall, rule: TypeRule, value: Any, context: Context) -> Disclosed:
        if call.op == "drop":
            return {"form": "withheld"}
        if call.op == "keep":
            return {"form": "raw", "value": value}
        result = self._trivial(value)
        if result is not _NOT_TRIVIAL:
            return self._shown(call, value, result, form="masked")
        try:
            result = self._operate(call, self._prepared(rule, value), context)
        except Exception:  # noqa: BLE001 - fail closed: whatever went wrong, nothing of the value is shown
            return {"form": "masked", "value": self.fallback}
        return self._shown(call, value, result, self.forms[call.op])

    def _shown(self, call: OperatorCall, value: Any, result: Any, form: str) -> Disclosed:
        if isinstance(result, dict):
            return {"form": form, **result}
        return {"form": "raw" if call.op == "text" and result == value else form, "value": result}

    def _trivial(self, value: Any) -> Any:
        if value is None:
            return None
        return "" if isinstance(value, str) and is_blank(value, self.tables) else _NOT_TRIVIAL

    def _prepared(self, rule: TypeRule, value: Any) -> Any:
        """The normal form of a valid value. Raises UnfitError."""
        if not isinstance(value, str):
            if rule.valid:
                raise UnfitError
            return value
        if has_surrogate(value):
            raise UnfitError
        normal = normalize(value, rule.normalize, self.tables)
        if rule.valid and not rule.accepts(normal):
            raise UnfitError
        return normal if rule.tail is None else "".join(units(normal)[-rule.tail :])

    def _operate(self, call: OperatorCall, value: Any, context: Context) -> Any:
        if call.op == "keep":
            return value
        parameters = {**self.defaults[call.op], **call.parameters}
        scene = Scene(self.tables, self.types, context, self.fallback, self._nested(context))
        result = OPERATORS[call.op](value, parameters, scene)
        if call.op in MUST_CHANGE and result == value:
            raise UnfitError
        return result

    def _nested(self, context: Context) -> Any:
        def run(call: OperatorCall, part: str) -> Any:
            try:
                return self._operate(call, part, context)
            except UnfitError:
                return self.fallback

        return run


_NOT_TRIVIAL = object()
