"""The vector form of the operator on addresses: all places in order, among which an address is looked up."""

import re
from collections.abc import Iterator, Mapping
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from conformance.data.mask.treatment import Treatment
from conformance.model.shapes import Desensitization

if TYPE_CHECKING:
    import polars as pl

Divisions = Mapping[str, Mapping[str, str]]


def address(p: Mapping[str, Any], rules: Desensitization) -> Treatment | None:
    """No place begins another, so the one that begins an address is the last that sorts before it."""
    import polars as pl

    divisions = rules.tables["division"]
    names = places(divisions, p["level"])
    if not names:
        return None
    known = pl.Series(names)
    fill = int(p["fill"])
    shown = pl.lit(known + "*" * fill)

    def value(text: "pl.Expr") -> "pl.Expr":
        return shown.gather((pl.lit(known).search_sorted(text, side="right").cast(pl.Int64) - 1).clip(0))

    def fits(text: "pl.Expr", value: "pl.Expr") -> "pl.Expr":
        place = value.str.head(-fill) if fill else value
        # the name of a place alone stays as it is, and is rare
        return text.str.starts_with(place) & (text != place)

    provinces = "|".join(re.escape(d["name"]) for d in divisions.values() if d["level"] == "province")

    def refuses(text: "pl.Expr") -> "pl.Expr":
        return ~text.str.contains(rf"\A(?:{provinces})")

    return Treatment(value, fits, refuses)


def places(divisions: Divisions, level: str) -> list[str]:
    """All that can be kept of addresses, in order; none where one name of neighbors begins another."""
    children = _children(divisions)
    distinct = all(_distinct(sorted(d["name"] for _, d in group)) for group in children.values())
    return sorted(set(_places(children, level))) if distinct else []


Children = Mapping[str, list[tuple[str, Mapping[str, str]]]]
"""Code and division, by the code of what they lie in; provinces lie in the empty code."""


def _children(divisions: Divisions) -> Children:
    found: dict[str, list[tuple[str, Mapping[str, str]]]] = {"": []}
    for code, division in divisions.items():
        inside = "" if division["level"] == "province" else division.get("parent", "-")
        found.setdefault(inside, []).append((code, division))
    return found


def _distinct(names: list[str]) -> bool:
    """Whether no name begins another."""
    return not any(b.startswith(a) for a, b in pairwise(names))


def _places(children: Children, level: str) -> Iterator[str]:
    """All that can be kept of an address."""
    for code, province in children[""]:
        inside = children.get(code, [])
        cities = any(d["level"] == "prefecture" for _, d in inside)
        if level == "province" or (level == "city" and not cities):
            yield province["name"]
            continue
        for c, d in inside:
            yield from (province["name"] + kept for kept in _city(children, c, d, level))


def _city(children: Children, code: str, division: Mapping[str, str], level: str) -> Iterator[str]:
    name = division["name"]
    if level == "city" or division["level"] == "county":
        yield name
    else:
        yield from (name + d["name"] for _, d in children.get(code, []))
