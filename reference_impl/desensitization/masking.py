"""Operators that mask part of a string: `mask`, `split`, `cn_name`, `parts`. They raise UnfitError."""

from typing import Any

from reference_impl.desensitization.model import OperatorCall, Parameters, Scene, UnfitError, string
from reference_impl.desensitization.normalize import units


def mask(value: Any, p: Parameters, _: Scene) -> str:
    characters = units(string(value))
    first, last = p["first"], p["last"]
    hidden_count = len(characters) - first - last
    if hidden_count < p["min_hidden"]:
        raise UnfitError
    stars: str = p["char"] * (hidden_count if p["fill"] == "same" else p["fill"])
    return "".join(characters[:first]) + stars + "".join(characters[len(characters) - last :])


def split(value: Any, p: Parameters, scene: Scene) -> str:
    on: str = p["on"]
    left, _, right = string(value).rpartition(on)
    if not left or not right:
        raise UnfitError
    sides = (scene.nested(_call(p[side]), part) for side, part in (("left", left), ("right", right)))
    return on.join(sides)


def cn_name(value: Any, p: Parameters, scene: Scene) -> str:
    name = string(value)
    characters = units(name)
    compound = len(characters) > 2 and name[:2] in scene.tables.compound_surnames and "·" not in name
    surname_length = 2 if compound else 1
    hidden_count = len(characters) - surname_length
    if hidden_count < 1:
        raise UnfitError
    stars: str = "*" * min(p["max_fill"], hidden_count)
    return "".join(characters[:surname_length]) + stars


def parts(value: Any, p: Parameters, _: Scene) -> str:
    on: str = p["on"]
    pieces = string(value).split(on)
    if len(pieces) != p["count"] or not all(pieces):
        raise UnfitError
    visible_pieces = pieces[: p["keep"]]
    return on.join([*visible_pieces, *[p["fill"]] * (len(pieces) - len(visible_pieces))])


def _call(data: Parameters) -> OperatorCall:
    return OperatorCall(data["op"], {name: value for name, value in data.items() if name != "op"})
