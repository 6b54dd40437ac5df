"""Vectorized operators on strings: masks, splits, names, parts."""

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from conformance.data.mask.kernels.vectorized import VectorizedOperator
from conformance.model.shapes import Desensitization

if TYPE_CHECKING:
    import polars as pl

_MAX_HIDDEN = 64
"""Hidden characters."""
_STAR = "*"


def length(text: "pl.Expr") -> "pl.Expr":
    """Characters of text, as signed integers."""
    import polars as pl

    characters: pl.Expr = text.str.len_chars().cast(pl.Int64)
    return characters


def mask(p: Mapping[str, Any], _: Desensitization) -> VectorizedOperator:
    """The operator `mask`: the characters between the first and the last ones hidden."""
    import polars as pl

    first, last, char, fill = p["first"], p["last"], p["char"], p["fill"]

    def hidden_count(text: "pl.Expr") -> "pl.Expr":
        count: pl.Expr = length(text) - first - last
        return count

    def value(text: "pl.Expr") -> "pl.Expr":
        stars = _repeated(char, hidden_count(text), _MAX_HIDDEN) if fill == "same" else pl.lit(char * fill)
        return pl.concat_str(text.str.head(first), stars, text.str.tail(last))

    def guard(text: "pl.Expr", _: "pl.Expr") -> "pl.Expr":
        hides: pl.Expr = hidden_count(text).is_between(p["min_hidden"], _MAX_HIDDEN)
        return hides

    # text without the masking character in it cannot come out unchanged
    return VectorizedOperator(value, guard, excluded=char)


def _repeated(char: str, count: "pl.Expr", most: int) -> "pl.Expr":
    """A character `count` times, clipped to 0 to `most`."""
    import polars as pl

    repeated: pl.Expr = pl.lit(pl.Series([char * n for n in range(most + 1)])).gather(count.clip(0, most))
    return repeated


def split(p: Mapping[str, Any], rules: Desensitization) -> VectorizedOperator | None:
    """The operator `split`: each side of the last separator by an operator of its own."""
    import polars as pl

    from conformance.oracles.desensitization.engine import parameters

    pattern = rf"\A(?s:(.+)){re.escape(p['on'])}(?s:(.+))\z"
    calls = [(p[name]["op"], parameters(rules, p[name])) for name in ("left", "right")]

    def value(text: "pl.Expr") -> "pl.Expr":
        left, right = (_side(call, text.str.extract(pattern, n + 1), rules) for n, call in enumerate(calls))
        return pl.concat_str(left, pl.lit(p["on"]), right)

    def guard(text: "pl.Expr", value: "pl.Expr") -> "pl.Expr":
        # an empty right side would make the regex match an earlier separator
        return text.str.contains(pattern) & ~text.str.ends_with(p["on"]) & (value != text)

    return VectorizedOperator(value, guard)


def _side(call: tuple[str, Mapping[str, Any]], text: "pl.Expr", rules: Desensitization) -> "pl.Expr":
    """One side of a split by its operator and parameters."""
    import polars as pl

    operator, p = call
    if operator == "keep":
        return text
    if operator == "const":
        return pl.lit(str(p["value"]))
    masked = mask(p, rules)
    # a side may contain the masking character
    hidden_count = length(text) - p["first"] - p["last"]
    return pl.when(hidden_count >= p["min_hidden"]).then(masked.value(text)).otherwise(pl.lit(rules.fallback))


def cn_name(p: Mapping[str, Any], rules: Desensitization) -> VectorizedOperator:
    """The operator `cn_name`: the surname and stars."""
    import polars as pl

    names = "|".join(map(re.escape, rules.tables["compound_surnames"]))
    compound = rf"\A(?:{names})(?s:.)"
    """A surname of two characters and more."""

    def value(text: "pl.Expr") -> "pl.Expr":
        surname = 1 + text.str.contains(compound).cast(pl.Int64)
        stars = _repeated(_STAR, length(text) - surname, int(p["max_fill"]))
        return pl.concat_str(text.str.head(surname), stars)

    # a name of two characters has a surname of one
    return VectorizedOperator(value, lambda text, _: text.str.len_chars() > 1, excluded=_STAR)


def parts(p: Mapping[str, Any], _: Desensitization) -> VectorizedOperator | None:
    """The operator `parts`: the first parts between separators, and a fill for each other one."""
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

    return VectorizedOperator(value, lambda text, value: text.str.contains(pattern) & (value != text))
