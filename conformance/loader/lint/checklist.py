"""Rules over the versions of the checklist and the files of its items."""

from collections.abc import Iterator, Mapping
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
from conformance.loader.lint.registry import rule
from conformance.loader.place import Place, duplicates
from conformance.loader.problem import Problem
from conformance.loader.tree import Tree


def _versions(tree: Tree) -> list[tuple[Place, Mapping[str, Any]]]:
    """Versions of the national checklist with their places, from the oldest to the newest."""
    place, national = Place(tree, NATIONAL, ("versions",)), tree.value(NATIONAL)
    return [(place.at(n), version) for n, version in enumerate(national["versions"])] if national else []


def _with_codes_before(tree: Tree) -> Iterator[tuple[Place, Mapping[str, Any], frozenset[str]]]:
    """Versions, each with the codes of items that the versions before it leave."""
    codes: frozenset[str] = frozenset()
    for place, version in _versions(tree):
        yield place, version, codes
        codes = codes.union(version["items"]) - {*version.get("removed", ())}


@rule("checklist-version-unique")
def version_unique(tree: Tree) -> Iterator[Problem]:
    """Numbers of versions are unique."""
    yield from duplicates((place.at("version"), v["version"]) for place, v in _versions(tree))


@rule("checklist-version-period")
def version_period(tree: Tree) -> Iterator[Problem]:
    """Versions take effect and end on days that exist, in this order."""
    for place, version in _versions(tree):
        yield from place.period(*((name, version[name]) for name in ("effective_from", "effective_until")))


@rule("checklist-version-gap")
def version_gap(tree: Tree) -> Iterator[Problem]:
    """The day after the last of one version is the first of the next; only the last may have no end."""
    for (place, earlier), (_, later) in pairwise(_versions(tree)):
        try:
            end = date.fromisoformat(earlier["effective_until"] or "")
            begin = date.fromisoformat(later["effective_from"])
        except ValueError:
            end = begin = date.min
        if begin != end + timedelta(1):
            where = place.at("effective_until")
            yield where.problem("version_gap", end=earlier["effective_until"], start=later["effective_from"])


@rule("checklist-item-new")
def item_new(tree: Tree) -> Iterator[Problem]:
    """A version adds items that the version before does not have."""
    for place, version, before in _with_codes_before(tree):
        for n, code in enumerate(version["items"]):
            if code in before:
                yield place.at("items", n).problem("duplicate", name=code, first=NATIONAL)


@rule("checklist-change-known")
def change_known(tree: Tree) -> Iterator[Problem]:
    """A version revises and removes items that the version before has."""
    for place, version, before in _with_codes_before(tree):
        for name in ("revised", "removed"):
            yield from place.at(name).unknown("item", version.get(name, ()), before)


@rule("checklist-code-unique")
def code_unique(tree: Tree) -> Iterator[Problem]:
    """No code stands for two items of a version."""
    place = Place(tree, NATIONAL, ("versions",))
    for version, _ in editions(tree) if _versions(tree) else ():
        yield from duplicates((place.of(version["version"]), code) for code in version["items"])


@rule("checklist-code-national")
def code_national(tree: Tree) -> Iterator[Problem]:
    """No province takes over the code of a national item."""
    if not _versions(tree):
        return
    national = {code for _, files in editions(tree) for code in files}
    for file, overlay in overlays(tree):
        for n, code in enumerate(overlay["items"]):
            if code in national:
                place = Place(tree, file, ("items", n), overlay["division"])
                yield place.problem("duplicate", name=code, first=NATIONAL)


@rule("item-file-exists")
def item_file_exists(tree: Tree) -> Iterator[Problem]:
    """Each item of a checklist has its file."""
    if not _versions(tree):
        return
    lists = {file: NATIONAL for _, files in editions(tree) for file in files.values()}
    lists |= {f: file for file, overlay in overlays(tree) for f in overlay_items(file, overlay).values()}
    for file, listed_in in lists.items():
        if file not in tree.documents and file not in tree.broken:
            name = file.rpartition("/")[2].removesuffix(".yaml")
            yield Place(tree, listed_in).of(name).problem("item_missing", name=name, path=file)


@rule("item-file-listed")
def item_file_listed(tree: Tree) -> Iterator[Problem]:
    """Each file of an item belongs to an item of a checklist."""
    if not _versions(tree) or any(file.startswith(OVERLAYS) for file in tree.broken):
        return
    listed = frozenset(item_files(tree))
    for file in tree.documents:
        folder = file.rpartition("/")[0]
        if (folder == ITEMS or folder.startswith(f"{OVERLAYS}/")) and file not in listed:
            yield Place(tree, file).problem("item_unlisted", path=NATIONAL)
