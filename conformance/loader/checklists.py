"""The versions of the checklist: which file describes an item in which version, and what a province adds."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from conformance.loader.inline import inline
from conformance.loader.shapes import CHECKLIST, DISCLOSURE, RECORD, ROW, code_names, item, lookup, text
from conformance.loader.tree import Tree
from conformance.model.checklists import Checklists
from conformance.model.shapes import Checklist, Item, JsonSchema
from conformance.model.text import Text

NATIONAL = f"{CHECKLIST}/national.yaml"
ITEMS = f"{CHECKLIST}/items"
OVERLAYS = f"{CHECKLIST}/overlays"
Files = Mapping[str, str]
"""The file of each item by its code, in the order of the codes."""


def editions(tree: Tree) -> Iterator[tuple[Mapping[str, Any], Files]]:
    """Each version of the national list with the files of its items."""
    files: dict[str, str] = {}
    for entry in tree.value(NATIONAL, {}).get("versions", ()):
        files |= {code: f"{ITEMS}/{code}.yaml" for code in entry["items"]}
        files |= {code: f"{ITEMS}/{code}@{entry['version']}.yaml" for code in entry.get("revised", ())}
        for code in entry.get("removed", ()):
            files.pop(code, None)
        yield entry, dict(sorted(files.items()))


def overlays(tree: Tree) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Each overlay with its file."""
    yield from tree.below(OVERLAYS)


def overlay_items(file: str, overlay: Mapping[str, Any]) -> Files:
    """The files of the items that a province adds: in a folder beside its overlay."""
    return {code: f"{file.removesuffix('.yaml')}/{code}.yaml" for code in overlay.get("items", ())}


def item_files(tree: Tree) -> list[str]:
    """The files of all items of all versions and overlays, each once."""
    item_paths = dict.fromkeys(file for _, files in editions(tree) for file in files.values())
    for file, overlay in overlays(tree):
        item_paths |= dict.fromkeys(overlay_items(file, overlay).values())
    return list(item_paths)


def known_categories(tree: Tree) -> frozenset[str]:
    """The codes of all categories, those of provinces included."""
    national = tree.value(NATIONAL, {}).get("categories", ())
    provincial = (c for _, overlay in overlays(tree) for c in overlay["categories"])
    return frozenset(c["code"] for c in (*national, *provincial))


def with_added(document: Mapping[str, Any], properties: Mapping[str, Any]) -> dict[str, Any]:
    """An item's document with what an overlay says of its properties: new ones, or more about known ones."""
    merged = dict(document["properties"])
    for name, shape in properties.items():
        merged[name] = {**merged.get(name, {}), **shape}
    return {**document, "properties": merged}


def checklists(tree: Tree) -> Checklists:
    """All versions, national and of each province that adds to them."""
    national = tuple(_checklist(tree, entry, files, {}) for entry, files in editions(tree))
    provincial = {
        overlay["division"][:2]: tuple(
            _checklist(tree, entry, {**files, **overlay_items(file, overlay)}, _added(overlay))
            for entry, files in editions(tree)
        )
        for file, overlay in overlays(tree)
    }
    days = tree.value(NATIONAL, {}).get("transition", {}).get("days", 0)
    return Checklists(national, provincial, days)


def _added(overlay: Mapping[str, Any]) -> Mapping[str, Mapping[str, Any]]:
    return {entry["item"]: entry["properties"] for entry in overlay.get("fields", ())}


def _checklist(
    tree: Tree, entry: Mapping[str, Any], files: Files, added: Mapping[str, Mapping[str, Any]]
) -> Checklist:
    until = entry["effective_until"]
    return Checklist(
        version=str(entry["version"]),
        status=text(tree.value(NATIONAL)["status"]),
        items=tuple(_item(tree, file, added.get(code, {})) for code, file in files.items()),
        record_schema=tree.once(_record_schema),
        row_schema=tree.once(_row_schema),
        categories=_titles(tree),
        effective_from=date.fromisoformat(entry["effective_from"]),
        effective_until=date.fromisoformat(until) if until else None,
        fresh_days=tree.value(NATIONAL)["freshness"]["days"],
        utilities=frozenset(c["code"] for c in tree.value(NATIONAL)["categories"] if c.get("utility")),
    )


def _titles(tree: Tree) -> dict[str, Text]:
    """The titles of all categories, those of provinces included."""
    national = tree.value(NATIONAL)["categories"]
    provincial = (c for _, overlay in overlays(tree) for c in overlay["categories"])
    return {c["code"]: text(c["title"]) for c in (*national, *provincial)}


def _record_schema(tree: Tree) -> JsonSchema:
    return _self_contained(tree, RECORD)


def _row_schema(tree: Tree) -> JsonSchema:
    return _self_contained(tree, ROW)


def _self_contained(tree: Tree, file: str) -> JsonSchema:
    schema = inline(tree.value(file, {}), file, lookup(tree), code_names(tree))
    return {k: v for k, v in schema.items() if k != "$defs"}


def _item(tree: Tree, file: str, added: Mapping[str, Any]) -> Item:
    """An item that no overlay touches is made once, whatever the number of versions that have it."""
    plain_items: dict[str, Item] = tree.once(_plain_items)
    if not added and file in plain_items:
        return plain_items[file]
    document = with_added(tree.value(file), added)
    public = tree.value(DISCLOSURE)["lawfully_public"]
    flattened = item(inline(document, file, lookup(tree), code_names(tree)), document, public)
    if not added:
        plain_items[file] = flattened
    return flattened


def _plain_items(_: Tree) -> dict[str, Item]:
    return {}
