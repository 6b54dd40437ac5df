"""Versions of the checklist: when each holds, which files describe its items, and what a province adds."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from reference_impl.standard.items import ItemSpec, read_item
from reference_impl.standard.rejections import Text
from reference_impl.standard.schemas import Compiler
from reference_impl.standard.source import StandardError, read

Paths = Mapping[str, Path]
Additions = Mapping[str, Mapping[str, Any]]
"""Properties that a province adds to items, by item."""


@dataclass(frozen=True, slots=True)
class Edition:
    """One version of the checklist as it holds where the platform is."""

    version: str
    effective_from: date
    effective_until: date | None
    items: Mapping[str, ItemSpec]


def in_force(editions: Sequence[Edition], day: date) -> Edition:
    """The newest version whose first day has come; before all of them, the first."""
    return next((e for e in reversed(editions) if e.effective_from <= day), editions[0])


def accepted(editions: Sequence[Edition], day: date, transition_days: int) -> tuple[Edition, ...]:
    """The version in force and, in the days of transition, the one before; never one that is to come."""
    current = in_force(editions, day)
    before = editions[: editions.index(current)][-1:]
    if day >= current.effective_from + timedelta(transition_days):
        return (current,)
    return (current, *before)


def read_editions(
    schemas: Path,
    national: Mapping[str, Any],
    division: str | None,
    compiler: Compiler,
    texts: Mapping[str, Text],
) -> tuple[Edition, ...]:
    """All versions, from the oldest to the newest."""
    paths, additions = _provincial(schemas, division)
    specs: dict[Path, ItemSpec] = {}

    def spec(code: str, path: Path) -> ItemSpec:
        if path not in specs:
            document = _with_added(read(path), additions.get(code, {}))
            specs[path] = read_item(document, str(path.relative_to(schemas)), compiler, texts)
        return specs[path]

    return tuple(
        Edition(
            version=entry["version"],
            effective_from=date.fromisoformat(entry["effective_from"]),
            effective_until=_day(entry["effective_until"]),
            items={code: spec(code, path) for code, path in _merged(item_paths, paths).items()},
        )
        for entry, item_paths in _national(schemas, national)
    )


def _national(schemas: Path, national: Mapping[str, Any]) -> Iterator[tuple[Mapping[str, Any], Paths]]:
    """Each version with the files of its items: a version takes over what it does not change."""
    folder, paths = schemas / "checklist" / "items", dict[str, Path]()
    for entry in national["versions"]:
        for code in entry["items"]:
            paths[code] = folder / f"{code}.yaml"
        for code in entry.get("revised", ()):
            paths[code] = folder / f"{code}@{entry['version']}.yaml"
        for code in entry.get("removed", ()):
            del paths[code]
        yield entry, {code: paths[code] for code in sorted(paths)}


def _provincial(schemas: Path, division: str | None) -> tuple[Paths, Additions]:
    """Additions of a division's province: items with their files, and properties of national items."""
    paths: dict[str, Path] = {}
    additions: dict[str, Mapping[str, Any]] = {}
    for file in sorted((schemas / "checklist" / "overlays").glob("*.yaml")):
        overlay = read(file)
        if division is None or overlay["division"][:2] != division[:2]:
            continue
        paths |= {code: file.with_suffix("") / f"{code}.yaml" for code in overlay["items"]}
        for entry in overlay["fields"]:
            additions[entry["item"]] = {**additions.get(entry["item"], {}), **entry["properties"]}
    return paths, additions


def _merged(national: Paths, provincial: Paths) -> Paths:
    if both := national.keys() & provincial.keys():
        raise StandardError(f"{sorted(both)} occur twice; overlays only add")
    return {**national, **provincial}


def _with_added(document: Mapping[str, Any], properties: Mapping[str, Any]) -> Mapping[str, Any]:
    """An item's document with what a province says of its properties."""
    if not properties:
        return document
    properties_of_item = document["properties"]
    added = {name: {**properties_of_item.get(name, {}), **shape} for name, shape in properties.items()}
    return {**document, "properties": {**properties_of_item, **added}}


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
