"""Operators that keep some of a string and hide the rest: mask, split, cn_name, parts."""

from typing import Any

from reference_impl.desensitization.model import Call, Parameters, Scene, UnfitError, string
from reference_impl.desensitization.normalize import units


def mask(value: Any, p: Parameters, _: Scene) -> str:
    whole = units(string(value))
    first, last = p["first"], p["last"]
    hidden = len(whole) - first - last
    if hidden < p["min_hidden"]:
        raise UnfitError
    stars: str = p["char"] * (hidden if p["fill"] == "same" else p["fill"])
    return "".join(whole[:first]) + stars + "".join(whole[len(whole) - last :])


def split(value: Any, p: Parameters, scene: Scene) -> str:
    on: str = p["on"]
    left, _, right = string(value).rpartition(on)
    if not left or not right:
        raise UnfitError
    sides = (scene.nested(_call(p[side]), part) for side, part in (("left", left), ("right", right)))
    return on.join(sides)


def cn_name(value: Any, p: Parameters, scene: Scene) -> str:
    name = string(value)
    whole = units(name)
    compound = len(whole) > 2 and name[:2] in scene.tables.compound_surnames and "·" not in name
    kept = 2 if compound else 1
    hidden = len(whole) - kept
    if hidden < 1:
        raise UnfitError
    stars: str = "*" * min(p["max_fill"], hidden)
    return "".join(whole[:kept]) + stars


def parts(value: Any, p: Parameters, _: Scene) -> str:
    on: str = p["on"]
    found = string(value).split(on)
    if len(found) != p["count"] or not all(found):
        raise UnfitError
    shown = found[: p["keep"]]
    return on.join([*shown, *[p["fill"]] * (len(found) - len(shown))])


def _call(data: Parameters) -> Call:
    return Call(data["op"], {name: value for name, value in data.items() if name != "op"})
