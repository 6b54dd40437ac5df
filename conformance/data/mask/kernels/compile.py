"""Compilation of the operator of a type to kernels, in order of speed.

An operator without a vectorized form, and every value of which no kernel is sure, is left to the oracle: no
kernel defines what is right, and leaving one out costs time only.
"""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from conformance.data.mask.kernels import addresses, free_text, numbers, strings
from conformance.data.mask.kernels.bytes.fixed_width import fixed_width_mask
from conformance.data.mask.kernels.bytes.person_names import person_name_mask
from conformance.data.mask.kernels.bytes.utf8 import ByteKernel
from conformance.data.mask.kernels.guards import Guard, compiles, guard_of
from conformance.data.mask.kernels.kernel import Kernel
from conformance.data.mask.kernels.normalizing import NormalizingPass
from conformance.data.mask.kernels.vectorized import OperatorFactory, VectorizedKernel, VectorizedOperator
from conformance.model.shapes import Desensitization, Form, Kind, TypeRules
from conformance.oracles.desensitization.engine import parameters

if TYPE_CHECKING:
    import polars as pl


def kernels_of(rules: Desensitization, type_rules: TypeRules, kind: Kind) -> tuple[Kernel, ...]:
    """The kernels for text of a type in a kind that does not withhold; none: all of it is the oracle's."""
    operator = operator_of(type_rules, kind)
    p = parameters(rules, operator)
    if operator["op"] == "text":
        return _free_text(rules, type_rules, p)
    vectorized = _vectorized(rules, type_rules, operator["op"], p)
    if vectorized is None:
        return ()
    form = Form(rules.operators[operator["op"]]["form"])
    general = (VectorizedKernel(vectorized, form), NormalizingPass(rules, type_rules, vectorized, form))
    compile_bytes = _BYTE_KERNELS.get(operator["op"])
    over_bytes = compile_bytes(type_rules, p, rules, form) if compile_bytes else None
    return general if over_bytes is None else (over_bytes, *general)


def operator_of(type_rules: TypeRules, kind: Kind) -> Mapping[str, Any]:
    """The operator of a type in a kind."""
    if kind is Kind.SUP:
        return {"op": "drop"}
    return type_rules.operators.get(kind, {"op": "keep" if kind is Kind.RAW else "drop"})


def _vectorized(
    rules: Desensitization, type_rules: TypeRules, operator: str, p: Mapping[str, Any]
) -> VectorizedOperator | None:
    """The vectorized form of an operator, guarded for any text; None: there is none."""
    factory = _FACTORIES.get(operator)
    bare = factory(p, rules) if factory else None
    if bare is None:
        return None
    guard = guard_of(type_rules, rules.tables, None if type_rules.tail else bare.charset)
    return None if guard is None else _guarded(guard, type_rules.tail, bare)


def _guarded(guard: Guard, tail: int | None, operator: VectorizedOperator) -> VectorizedOperator:
    """An operator on the last `tail` characters (None: on all) of text that passes a guard."""

    def operand(text: "pl.Expr") -> "pl.Expr":
        return text.str.tail(tail) if tail else text

    def accepts(text: "pl.Expr", value: "pl.Expr") -> "pl.Expr":
        import polars as pl

        characters = [] if set(map(ord, operator.excluded)).isdisjoint(guard.charset) else [operator.excluded]
        absent = [~text.str.contains(character, literal=True) for character in characters]
        return pl.all_horizontal(*guard.conditions(text), *absent, operator.guard(operand(text), value))

    return VectorizedOperator(lambda text: operator.value(operand(text)), accepts, operator.refuses)


def _free_text(rules: Desensitization, type_rules: TypeRules, p: Mapping[str, Any]) -> tuple[Kernel, ...]:
    """Raw disclosure of text in which no identifier can occur; names of persons are not considered."""
    if type_rules.valid or type_rules.normalize != "none":
        return ()
    suspicious = free_text.suspicious(p, rules)
    if suspicious is None or not compiles(suspicious):
        return ()
    visible = free_text.visible(rules)

    def accepts(text: "pl.Expr", _: "pl.Expr") -> "pl.Expr":
        harmless: pl.Expr = text.str.contains(visible) & ~text.str.contains(suspicious)
        return harmless

    return (VectorizedKernel(VectorizedOperator(_identity, accepts), Form.RAW),)


def _const(p: Mapping[str, Any], _: Desensitization) -> VectorizedOperator:
    import polars as pl

    return VectorizedOperator(lambda _: pl.lit(p["value"]), lambda text, _: text.is_not_null())


def _identity(text: "pl.Expr") -> "pl.Expr":
    return text


_FACTORIES: Mapping[str, OperatorFactory] = {
    "const": _const,
    "mask": strings.mask,
    "split": strings.split,
    "cn_name": strings.cn_name,
    "parts": strings.parts,
    "address": addresses.address,
    "bucket": numbers.bucket,
    "date": numbers.date,
}
"""By operator. `round` and `token` have no vectorized form."""
_BYTE_KERNELS: Mapping[
    str, Callable[[TypeRules, Mapping[str, Any], Desensitization, Form], ByteKernel | None]
] = {"mask": fixed_width_mask, "cn_name": person_name_mask}
"""By operator, for those that most values of many files are put to."""
