"""The vectorized operator on addresses: an address is looked up among all places, in order."""

import re
from collections.abc import Iterator, Mapping
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from conformance.data.mask.kernels.vectorized import VectorizedOperator
from conformance.model.shapes import Desensitization

if TYPE_CHECKING:
    import polars as pl

Divisions = Mapping[str, Mapping[str, str]]


def address(p: Mapping[str, Any], rules: Desensitization) -> VectorizedOperator | None:
    """The operator `address`: a place and a fill.

    No place is a prefix of another, so that of an address is the last one that sorts before it.
    """
    import polars as pl

    divisions = rules.tables["division"]
    names = places(divisions, p["level"])
    if not names:
        return None
    place_names = pl.Series(names)
    fill = int(p["fill"])
    masked = pl.lit(place_names + "*" * fill)

    def value(text: "pl.Expr") -> "pl.Expr":
        return masked.gather(
            (pl.lit(place_names).search_sorted(text, side="right").cast(pl.Int64) - 1).clip(0)
        )

    def guard(text: "pl.Expr", value: "pl.Expr") -> "pl.Expr":
        place = value.str.head(-fill) if fill else value
        # a place name alone is disclosed raw, and is rare
        return text.str.starts_with(place) & (text != place)

    provinces = "|".join(re.escape(d["name"]) for d in divisions.values() if d["level"] == "province")

    def refuses(text: "pl.Expr") -> "pl.Expr":
        return ~text.str.contains(rf"\A(?:{provinces})")

    return VectorizedOperator(value, guard, refuses)


def places(divisions: Divisions, level: str) -> list[str]:
    """The disclosed parts of addresses, sorted; empty where a place name is a prefix of a neighbor's."""
    children = _children(divisions)
    prefix_free = all(_is_prefix_free(sorted(d["name"] for _, d in group)) for group in children.values())
    return sorted(set(_places(children, level))) if prefix_free else []


Children = Mapping[str, list[tuple[str, Mapping[str, str]]]]
"""Codes and divisions by the code of the division that contains them; that of provinces is empty."""


def _children(divisions: Divisions) -> Children:
    children: dict[str, list[tuple[str, Mapping[str, str]]]] = {"": []}
    for code, division in divisions.items():
        parent = "" if division["level"] == "province" else division.get("parent", "-")
        children.setdefault(parent, []).append((code, division))
    return children


def _is_prefix_free(names: list[str]) -> bool:
    """True if no name is a prefix of another; `names` have to be sorted."""
    return not any(b.startswith(a) for a, b in pairwise(names))


def _places(children: Children, level: str) -> Iterator[str]:
    """The disclosed parts of addresses of a level: `province`, `city` or `district`."""
    for code, province in children[""]:
        inside = children.get(code, [])
        cities = any(d["level"] == "prefecture" for _, d in inside)
        if level == "province" or (level == "city" and not cities):
            yield province["name"]
            continue
        for c, d in inside:
            yield from (province["name"] + place for place in _city(children, c, d, level))


def _city(children: Children, code: str, division: Mapping[str, str], level: str) -> Iterator[str]:
    name = division["name"]
    if level == "city" or division["level"] == "county":
        yield name
    else:
        yield from (name + d["name"] for _, d in children.get(code, []))
