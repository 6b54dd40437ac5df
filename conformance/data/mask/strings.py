"""Vector forms of the operators on strings: masks, splits, names, parts."""

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from conformance.data.mask.treatment import Treatment
from conformance.model.shapes import Desensitization

if TYPE_CHECKING:
    import polars as pl

_LONGEST = 64
"""Up to so many hidden units."""
_STAR = "*"


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
        stars = _times(char, hidden(text), _LONGEST) if fill == "same" else pl.lit(char * fill)
        return pl.concat_str(text.str.head(first), stars, text.str.tail(last))

    def fits(text: "pl.Expr", _: "pl.Expr") -> "pl.Expr":
        found: pl.Expr = hidden(text).is_between(p["min_hidden"], _LONGEST)
        return found

    # without the masking character in it, a text cannot come out as it was
    return Treatment(value, fits, without=char)


def _times(char: str, count: "pl.Expr", most: int) -> "pl.Expr":
    """A character so many times, between none and `most`."""
    import polars as pl

    found: pl.Expr = pl.lit(pl.Series([char * n for n in range(most + 1)])).gather(count.clip(0, most))
    return found


def split(p: Mapping[str, Any], rules: Desensitization) -> Treatment | None:
    import polars as pl

    from conformance.oracles.desensitization.engine import parameters

    pattern = rf"\A(?s:(.+)){re.escape(p['on'])}(?s:(.+))\z"
    calls = [(p[name]["op"], parameters(rules, p[name])) for name in ("left", "right")]

    def value(text: "pl.Expr") -> "pl.Expr":
        left, right = (_side(call, text.str.extract(pattern, n + 1), rules) for n, call in enumerate(calls))
        return pl.concat_str(left, pl.lit(p["on"]), right)

    def fits(text: "pl.Expr", value: "pl.Expr") -> "pl.Expr":
        # an empty right side would make the pattern find an earlier separator
        return text.str.contains(pattern) & ~text.str.ends_with(p["on"]) & (value != text)

    return Treatment(value, fits)


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

    names = "|".join(map(re.escape, rules.tables["compound_surnames"]))
    compound = rf"\A(?:{names})(?s:.)"
    """More than a surname of two."""

    def value(text: "pl.Expr") -> "pl.Expr":
        kept = 1 + text.str.contains(compound).cast(pl.Int64)
        return pl.concat_str(text.str.head(kept), _times(_STAR, length(text) - kept, int(p["max_fill"])))

    # a surname of two is kept of longer names alone
    return Treatment(value, lambda text, _: text.str.len_chars() > 1, without=_STAR)


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

    return Treatment(value, lambda text, value: text.str.contains(pattern) & (value != text))
