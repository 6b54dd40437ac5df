"""The operator `address`: an address cut to an administrative level, recognized by division names."""

from typing import Any

from reference_impl.desensitization.model import Parameters, Scene, UnfitError, string
from reference_impl.desensitization.tables import Division, Tables


def address(value: Any, p: Parameters, scene: Scene) -> str:
    text = string(value)
    kept = len("".join(d.name for d in _prefix(text, p["level"], scene.tables)))
    return text[:kept] + ("*" * p["fill"] if text[kept:] else "")


def _prefix(text: str, level: str, tables: Tables) -> list[Division]:
    province = _first(tables, None, text)
    if level == "province" or (level == "city" and not _has_prefectures(tables, province)):
        return [province]
    below_province = text.removeprefix(province.name)
    city = _first(tables, province.code, below_province)
    if level == "city" or city.level == "county":
        return [province, city]
    return [province, city, _first(tables, city.code, below_province.removeprefix(city.name))]


def _has_prefectures(tables: Tables, province: Division) -> bool:
    return any(child.level == "prefecture" for child in tables.children.get(province.code, {}).values())


def _first(tables: Tables, parent: str | None, text: str) -> Division:
    """The division below `parent` with the longest name that begins the text. Raises UnfitError."""
    names = tables.children.get(parent, {})
    for length in range(min(len(text), max(map(len, names), default=0)), 0, -1):
        if division := names.get(text[:length]):
            return division
    raise UnfitError
