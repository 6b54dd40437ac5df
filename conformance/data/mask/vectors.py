"""The vector forms of operators: a proof that a value may be treated so, and what becomes of it then.

An operator without a vector form, and every value without a proof, goes to the reference; so nothing here
decides what is right, and leaving a form out costs time only.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from conformance.data.mask import addresses, numbers, strings, texts
from conformance.data.mask.proofs import Proof, compiles, proof
from conformance.data.mask.quick.masks import masks
from conformance.data.mask.quick.names import names
from conformance.data.mask.quick.rare import Quick
from conformance.data.mask.second import Second
from conformance.data.mask.treatment import Maker, Treatment
from conformance.model.shapes import Desensitization, Form, Kind, TypeRules
from conformance.oracles.desensitization.engine import parameters

if TYPE_CHECKING:
    import polars as pl

_TEXT, _VALUE = "text", "value"


@dataclass(frozen=True, slots=True)
class Vector:
    """How a column is treated at once, and the form of what comes of it."""

    treatment: Treatment
    form: Form
    second: Second | None = None
    """How values without proof are looked at again."""
    quick: Quick | None = None
    """What becomes of most values, null of the others, where that is quicker than the treatment."""


def vector(rules: Desensitization, type_rules: TypeRules, kind: Kind) -> Vector | None:
    """The vector form of a type's operator in a kind; None: the reference treats every value."""
    operator = operator_of(type_rules, kind)
    p = parameters(rules, operator)
    if operator["op"] == "text":
        return _text(rules, type_rules, p)
    make = _MAKERS.get(operator["op"])
    made = make(p, rules) if make else None
    proved = proof(type_rules, rules.tables, None if type_rules.tail else made.alphabet) if made else None
    if made is None or proved is None:
        return None
    form = Form(rules.operators[operator["op"]]["form"])
    treatment = _after(proved, type_rules.tail, made)
    quicker = _QUICK.get(operator["op"])
    quick = quicker(type_rules, p, rules, partial(_proved, treatment)) if quicker else None
    return Vector(treatment, form, Second(rules, type_rules, treatment, form), quick)


def operator_of(type_rules: TypeRules, kind: Kind) -> Mapping[str, Any]:
    """The operator of a type in a kind."""
    if kind is Kind.SUP:
        return {"op": "drop"}
    return type_rules.operators.get(kind, {"op": "keep" if kind is Kind.RAW else "drop"})


def _proved(by: Treatment, texts: "pl.Series") -> "pl.Series":
    """What a treatment makes of texts; null of those that it does not fit."""
    import polars as pl

    text, value = pl.col(_TEXT), pl.col(_VALUE)
    made = texts.alias(_TEXT).to_frame().lazy().with_columns(by.value(text).alias(_VALUE))
    found = made.select(pl.when(by.fits(text, value)).then(value)).collect().to_series()
    return found.alias(texts.name)


def _after(proved: Proof, tail: int | None, made: Treatment) -> Treatment:
    """A treatment of what remains of values that are proved."""

    def rest(text: "pl.Expr") -> "pl.Expr":
        return text.str.tail(tail) if tail else text

    def fits(text: "pl.Expr", value: "pl.Expr") -> "pl.Expr":
        import polars as pl

        without = [] if set(map(ord, made.without)).isdisjoint(proved.alphabet) else [made.without]
        unlike = [~text.str.contains(each, literal=True) for each in without]
        return pl.all_horizontal(*proved.of(text), *unlike, made.fits(rest(text), value))

    return Treatment(lambda text: made.value(rest(text)), fits, made.refuses)


def _text(rules: Desensitization, type_rules: TypeRules, p: Mapping[str, Any]) -> Vector | None:
    """A text in which nothing can be found stays as it is; whether names occur is not its business."""
    if type_rules.valid or type_rules.normalize != "none":
        return None
    suspicious = texts.suspicious(p, rules)
    if suspicious is None or not compiles(suspicious):
        return None
    blank = texts.visible(rules)

    def fits(text: "pl.Expr", _: "pl.Expr") -> "pl.Expr":
        found: pl.Expr = text.str.contains(blank) & ~text.str.contains(suspicious)
        return found

    return Vector(Treatment(_same, fits), Form.RAW)


def _const(p: Mapping[str, Any], _: Desensitization) -> Treatment:
    import polars as pl

    return Treatment(lambda _: pl.lit(p["value"]), _always)


def _always(column: "pl.Expr", _: "pl.Expr") -> "pl.Expr":
    return column.is_not_null()


def _same(column: "pl.Expr") -> "pl.Expr":
    return column


_MAKERS: Mapping[str, Maker] = {
    "const": _const,
    "mask": strings.mask,
    "split": strings.split,
    "cn_name": strings.cn_name,
    "parts": strings.parts,
    "address": addresses.address,
    "bucket": numbers.bucket,
    "date": numbers.date,
}
"""The others (`round`, `token`) have none."""
_QUICK: Mapping[str, Callable[[TypeRules, Mapping[str, Any], Desensitization, Quick], Quick | None]] = {
    "mask": masks,
    "cn_name": names,
}
"""What is done over bytes, because it is asked of most values of many files."""
