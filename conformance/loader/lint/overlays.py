"""A province only adds: it drops nothing, weakens nothing, and names the legal basis of each addition."""

from collections.abc import Iterator, Mapping
from typing import Any

import jsonschema_rs

from conformance.loader.checklists import editions, item_files, overlay_items, overlays, with_added
from conformance.loader.inline import UnresolvedReferenceError, inline
from conformance.loader.place import Place
from conformance.loader.problem import Problem
from conformance.loader.shapes import CODES, ELEMENTS, code_names, lookup
from conformance.loader.tree import Tree

REFERENCE = "$ref"


def check_overlays(tree: Tree) -> Iterator[Problem]:
    """Every way in which an overlay does more than add. What cannot be decided counts as weakened."""
    provincial = set()
    for file, overlay in overlays(tree):
        place = Place(tree, file, (), overlay["division"])
        yield from _division(place, overlay["division"])
        for item_file in overlay_items(file, overlay).values():
            provincial.add(item_file)
            if tree.value(item_file) is not None:
                yield from _item(Place(tree, item_file, (), overlay["division"]), tree.value(item_file))
        for n, entry in enumerate(overlay["fields"]):
            yield from _fields(place.at("fields", n), entry)
    for file in item_files(tree):
        if file not in provincial and "legal_basis" in tree.value(file, {}).get("x-item", {}):
            yield Place(tree, file, ("x-item", "legal_basis")).problem("national_basis")


def _division(place: Place, division: str) -> Iterator[Problem]:
    stem = place.file.rpartition("/")[2].removesuffix(".yaml")
    if stem != division:
        yield place.at("division").problem("stem", expected=stem, found=division)
    codes = place.tree.value(f"{CODES}/division.yaml", {}).get("codes", ())
    provinces = {row["code"] for row in codes if row["level"] == "province"}
    if provinces and division not in provinces:
        yield place.at("division").problem("unknown_province", name=division)


def _item(place: Place, item: Mapping[str, Any]) -> Iterator[Problem]:
    """An item of a province names its legal basis and keeps the classes and rules of the elements."""
    if "legal_basis" not in item["x-item"]:
        yield place.at("x-item").problem("no_basis", name=item["x-item"]["code"])
    for name, shape in item["properties"].items():
        member = place.at("properties", name)
        yield from _class(member, shape)
        if "x-desensitization" in shape:
            yield member.at("x-desensitization").problem("other_desensitization", name=name)
        for n, choice in enumerate(shape.get("x-class-when", ())):
            yield from _class(member.at("x-class-when", n), {**shape, "x-class": choice["class"]}, "class")


def _fields(place: Place, entry: Mapping[str, Any]) -> Iterator[Problem]:
    """In every version that has the item, each field is either new, or the known one made stricter."""
    tree, code = place.tree, entry["item"]
    files = {files[code] for _, files in editions(tree) if code in files}
    if not files:
        yield place.at("item").problem("unknown_item", name=code)
    for file in sorted(files):
        document = tree.value(file)
        if document is not None:
            for name, shape in entry["properties"].items():
                member = place.at("properties", name)
                yield from (_added if REFERENCE in shape else _tightened)(member, file, document, name, shape)


def _added(
    place: Place, _file: str, document: Mapping[str, Any], name: str, shape: Mapping[str, Any]
) -> Iterator[Problem]:
    if name in document["properties"]:
        yield place.problem("overlay_replaces", name=name)
    yield from _class(place, shape)


def _tightened(
    place: Place, file: str, document: Mapping[str, Any], name: str, shape: Mapping[str, Any]
) -> Iterator[Problem]:
    if name not in document["properties"]:
        yield place.problem("unknown_field", name=name)
        return
    before, after = (
        _inlined(place.tree, file, d["properties"][name])
        for d in (document, with_added(document, {name: shape}))
    )
    if before is None or after is None:
        return
    if not _covers(before, after):
        yield place.problem("overlay_weakens", name=name)
    if after["x-class"] < before["x-class"] or ("x-class-when" in before and "x-class" in shape):
        yield place.at("x-class").problem("overlay_class", found=after["x-class"], least=before["x-class"])


def _class(place: Place, shape: Mapping[str, Any], key: str = "x-class") -> Iterator[Problem]:
    """A class is never below that of the element, which is the least that the standard asks for it."""
    element = _inlined(place.tree, ELEMENTS, {REFERENCE: f"#{shape[REFERENCE].partition('#')[2]}"})
    if element is not None and shape.get("x-class", element["x-class"]) < element["x-class"]:
        yield place.at(key).problem("overlay_class", found=shape["x-class"], least=element["x-class"])


def _inlined(tree: Tree, file: str, shape: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """The shape without references; None where they lead nowhere, which is reported elsewhere."""
    try:
        flattened: Mapping[str, Any] = inline(shape, file, lookup(tree), code_names(tree))
    except UnresolvedReferenceError:
        return None
    return flattened


def _covers(before: Mapping[str, Any], after: Mapping[str, Any]) -> bool:
    """Whether whatever the stricter schema takes, the earlier one takes as well."""
    earlier, later = (
        jsonschema_rs.canonicalize({k: v for k, v in s.items() if not k.startswith("x-")})
        for s in (before, after)
    )
    return earlier.covers(later) is jsonschema_rs.canonical.Containment.YES
