"""What the versions of the checklist say of each other and of the files of items."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

from conformance.loader.checklists import (
    ITEMS,
    NATIONAL,
    OVERLAYS,
    editions,
    item_files,
    overlay_items,
    overlays,
)
from conformance.loader.place import Place, duplicates
from conformance.loader.problem import Problem
from conformance.loader.tree import Tree


def check_checklist(tree: Tree) -> Iterator[Problem]:
    """Versions follow each other without a gap, change only what there is, and every file is of some use."""
    national = tree.value(NATIONAL)
    if national is None:
        return
    place, versions = Place(tree, NATIONAL, ("versions",)), national["versions"]
    yield from duplicates((place.at(n, "version"), v["version"]) for n, v in enumerate(versions))
    for n, version in enumerate(versions):
        dates = tuple((name, version[name]) for name in ("effective_from", "effective_until"))
        yield from place.at(n).period(*dates)
        yield from _changes(place.at(n), versions[:n], version)
    yield from _gaps(place, versions)
    yield from _codes(tree)
    yield from _files(tree)


def _changes(
    place: Place, before: Sequence[Mapping[str, Any]], version: Mapping[str, Any]
) -> Iterator[Problem]:
    """A version adds what is new, and revises or removes what was there."""
    codes: set[str] = set()
    for earlier in before:
        codes = codes.union(earlier["items"]) - {*earlier.get("removed", ())}
    for n, code in enumerate(version["items"]):
        if code in codes:
            yield place.at("items", n).problem("duplicate", name=code, first=NATIONAL)
    for name in ("revised", "removed"):
        yield from place.at(name).unknown("item", version.get(name, ()), codes)


def _gaps(place: Place, versions: Sequence[Mapping[str, Any]]) -> Iterator[Problem]:
    """The day after the last of one version is the first of the next; only the last may have no end."""
    for n, (earlier, later) in enumerate(pairwise(versions)):
        try:
            end = date.fromisoformat(earlier["effective_until"] or "")
            begin = date.fromisoformat(later["effective_from"])
        except ValueError:
            end = begin = date.min
        if begin != end + timedelta(1):
            where = place.at(n, "effective_until")
            yield where.problem("version_gap", end=earlier["effective_until"], start=later["effective_from"])


def _codes(tree: Tree) -> Iterator[Problem]:
    """No code stands for two items in one place, and no province takes over one of the nation."""
    owners = {code: NATIONAL for _, files in editions(tree) for code in files}
    for entry, _ in editions(tree):
        place = Place(tree, NATIONAL, ("versions",))
        yield from duplicates((place.of(entry["version"]), code) for code in entry["items"])
    for file, overlay in overlays(tree):
        for n, code in enumerate(overlay["items"]):
            if code in owners:
                place = Place(tree, file, ("items", n), overlay["division"])
                yield place.problem("duplicate", name=code, first=owners[code])


def _files(tree: Tree) -> Iterator[Problem]:
    """Each item has its file, and each file its item."""
    listed = {file: NATIONAL for _, files in editions(tree) for file in files.values()}
    listed |= {f: file for file, overlay in overlays(tree) for f in overlay_items(file, overlay).values()}
    for file, by in listed.items():
        if file not in tree.documents and file not in tree.broken:
            name = file.rpartition("/")[2].removesuffix(".yaml")
            yield Place(tree, by).of(name).problem("item_missing", name=name, path=file)
    if any(file.startswith(OVERLAYS) for file in tree.broken):
        return
    for file in tree.documents:
        folder = file.rpartition("/")[0]
        if (folder == ITEMS or folder.startswith(f"{OVERLAYS}/")) and file not in item_files(tree):
            yield Place(tree, file).problem("item_unlisted", path=NATIONAL)
