"""Vector forms of the operators on strings: masks, splits, names, parts."""

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from conformance.bulk.mask.treatment import Treatment
from conformance.model.shapes import Desensitization

if TYPE_CHECKING:
    import polars as pl

_LONGEST = 64
"""Up to so many hidden units."""


def length(text: "pl.Expr") -> "pl.Expr":
    import polars as pl

    found: pl.Expr = text.str.len_chars().cast(pl.Int64)
    return found


def mask(p: Mapping[str, Any], _: Desensitization) -> Treatment:
    import polars as pl

    first, last, char, fill = p["first"], p["last"], p["char"], p["fill"]

    def hidden(text: "pl.Expr") -> "pl.Expr":
        hidden: pl.Expr = length(text) - first - last
        return hidden

    def value(text: "pl.Expr") -> "pl.Expr":
        stars = pl.lit(char * _LONGEST).str.head(hidden(text)) if fill == "same" else pl.lit(char * fill)
        return pl.concat_str(text.str.head(first), stars, text.str.tail(last))

    def fits(text: "pl.Expr") -> "pl.Expr":
        # without the masking character in it, a text cannot come out as it was
        unlike = ~text.str.contains(char, literal=True)
        return hidden(text).is_between(p["min_hidden"], _LONGEST) & unlike

    return Treatment(fits, value)


def split(p: Mapping[str, Any], rules: Desensitization) -> Treatment | None:
    import polars as pl

    from conformance.oracles.desensitization.engine import parameters

    pattern = rf"\A(?s:(.+)){re.escape(p['on'])}(?s:(.+))\z"
    calls = [(p[name]["op"], parameters(rules, p[name])) for name in ("left", "right")]

    def value(text: "pl.Expr") -> "pl.Expr":
        left, right = (_side(call, text.str.extract(pattern, n + 1), rules) for n, call in enumerate(calls))
        return pl.concat_str(left, pl.lit(p["on"]), right)

    def fits(text: "pl.Expr") -> "pl.Expr":
        # an empty right side would make the pattern find an earlier separator
        return text.str.contains(pattern) & ~text.str.ends_with(p["on"]) & (value(text) != text)

    return Treatment(fits, value)


def _side(call: tuple[str, Mapping[str, Any]], text: "pl.Expr", rules: Desensitization) -> "pl.Expr":
    import polars as pl

    operator, p = call
    if operator == "keep":
        return text
    if operator == "const":
        return pl.lit(str(p["value"]))
    masked = mask(p, rules)
    # here a side that holds the masking character is masked like any other
    hidden = length(text) - p["first"] - p["last"]
    return pl.when(hidden >= p["min_hidden"]).then(masked.value(text)).otherwise(pl.lit(rules.fallback))


def cn_name(p: Mapping[str, Any], rules: Desensitization) -> Treatment:
    import polars as pl

    compound, most = list(rules.tables["compound_surnames"]), int(p["max_fill"])

    def kept(text: "pl.Expr") -> "pl.Expr":
        return pl.when((text.str.len_chars() > 2) & text.str.head(2).is_in(compound)).then(2).otherwise(1)

    def hidden(text: "pl.Expr") -> "pl.Expr":
        return length(text) - kept(text)

    def value(text: "pl.Expr") -> "pl.Expr":
        stars = pl.lit("*" * most).str.head(hidden(text).clip(0, most))
        return pl.concat_str(text.str.head(kept(text)), stars)

    def fits(text: "pl.Expr") -> "pl.Expr":
        return (hidden(text) >= 1) & ~text.str.contains("*", literal=True)

    return Treatment(fits, value)


def parts(p: Mapping[str, Any], _: Desensitization) -> Treatment | None:
    import polars as pl

    on, count, keep = p["on"], p["count"], p["keep"]
    if len(on) != 1 or keep >= count:
        return None
    part = rf"[^{re.escape(on)}]+"
    pattern = (
        rf"\A((?:{part}{re.escape(on)}){{{keep}}})(?:{part}{re.escape(on)}){{{count - keep - 1}}}{part}\z"
    )

    def value(text: "pl.Expr") -> "pl.Expr":
        return pl.concat_str(text.str.extract(pattern, 1), pl.lit(on.join([p["fill"]] * (count - keep))))

    def fits(text: "pl.Expr") -> "pl.Expr":
        return text.str.contains(pattern) & (value(text) != text)

    return Treatment(fits, value)
