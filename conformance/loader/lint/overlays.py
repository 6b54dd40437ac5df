"""Rules over the overlays of provinces: they drop and weaken nothing, and name a legal basis."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import jsonschema_rs

from conformance.loader.checklists import editions, item_files, overlay_items, overlays, with_added
from conformance.loader.inline import UnresolvedReferenceError, inline
from conformance.loader.lint.registry import rule
from conformance.loader.place import Place
from conformance.loader.problem import Problem
from conformance.loader.shapes import CODES, ELEMENTS, code_names, lookup
from conformance.loader.tree import Tree

REFERENCE = "$ref"


def _items(tree: Tree) -> Iterator[tuple[Place, Mapping[str, Any]]]:
    """Items of the provinces that can be used."""
    for file, overlay in overlays(tree):
        for item_file in overlay_items(file, overlay).values():
            item = tree.value(item_file)
            if item is not None:
                yield Place(tree, item_file, (), overlay["division"]), item


def _entries(tree: Tree) -> Iterator[tuple[Place, Mapping[str, Any], list[str]]]:
    """Additions to national items: place, entry, and the files of all versions of the item."""
    for file, overlay in overlays(tree):
        place = Place(tree, file, (), overlay["division"])
        for n, entry in enumerate(overlay["fields"]):
            files = {files[entry["item"]] for _, files in editions(tree) if entry["item"] in files}
            yield place.at("fields", n), entry, sorted(files)


@dataclass(frozen=True, slots=True)
class _Addition:
    """A field that a province adds, or makes stricter, in one version of an item."""

    place: Place
    item_file: str
    item: Mapping[str, Any]
    name: str
    shape: Mapping[str, Any]

    @property
    def is_new(self) -> bool:
        """True for a field of its own: it refers to an element."""
        return REFERENCE in self.shape

    def before_and_after(self) -> tuple[Mapping[str, Any], Mapping[str, Any]] | None:
        """The field without and with the addition; None where it is new, unknown or cannot be inlined."""
        if self.is_new or self.name not in self.item["properties"]:
            return None
        tightened = with_added(self.item, {self.name: self.shape})
        before, after = (
            _inlined(self.place.tree, self.item_file, item["properties"][self.name])
            for item in (self.item, tightened)
        )
        return None if before is None or after is None else (before, after)


def _additions(tree: Tree) -> Iterator[_Addition]:
    for place, entry, files in _entries(tree):
        for file in files:
            item = tree.value(file)
            for name, shape in entry["properties"].items() if item is not None else ():
                yield _Addition(place.at("properties", name), file, item, name, shape)


@rule("overlay-file-name")
def file_name(tree: Tree) -> Iterator[Problem]:
    """The division of an overlay is the name of its file."""
    for file, overlay in overlays(tree):
        stem = file.rpartition("/")[2].removesuffix(".yaml")
        if stem != overlay["division"]:
            place = Place(tree, file, ("division",), overlay["division"])
            yield place.problem("stem", expected=stem, found=overlay["division"])


@rule("overlay-province-known")
def province_known(tree: Tree) -> Iterator[Problem]:
    """The division of an overlay is a province."""
    codes = tree.value(f"{CODES}/division.yaml", {}).get("codes", ())
    provinces = {row["code"] for row in codes if row["level"] == "province"}
    for file, overlay in overlays(tree):
        if provinces and overlay["division"] not in provinces:
            place = Place(tree, file, ("division",), overlay["division"])
            yield place.problem("unknown_province", name=overlay["division"])


@rule("overlay-legal-basis")
def legal_basis(tree: Tree) -> Iterator[Problem]:
    """An item of a province names its legal basis."""
    for place, item in _items(tree):
        if "legal_basis" not in item["x-item"]:
            yield place.at("x-item").problem("no_basis", name=item["x-item"]["code"])


@rule("item-no-legal-basis")
def no_legal_basis(tree: Tree) -> Iterator[Problem]:
    """A national item names no legal basis of a province."""
    provincial = {f for file, overlay in overlays(tree) for f in overlay_items(file, overlay).values()}
    for file in item_files(tree):
        if file not in provincial and "legal_basis" in tree.value(file, {}).get("x-item", {}):
            yield Place(tree, file, ("x-item", "legal_basis")).problem("national_basis")


@rule("overlay-item-class")
def item_class(tree: Tree) -> Iterator[Problem]:
    """Fields of a province's items have no lower class than their elements."""
    for place, item in _items(tree):
        for name, shape in item["properties"].items():
            member = place.at("properties", name)
            yield from _class(member, shape)
            for n, choice in enumerate(shape.get("x-class-when", ())):
                conditional = {**shape, "x-class": choice["class"]}
                yield from _class(member.at("x-class-when", n), conditional, "class")


@rule("overlay-item-desensitization")
def item_desensitization(tree: Tree) -> Iterator[Problem]:
    """Fields of a province's items are desensitized as their elements."""
    for place, item in _items(tree):
        for name, shape in item["properties"].items():
            if "x-desensitization" in shape:
                where = place.at("properties", name, "x-desensitization")
                yield where.problem("other_desensitization", name=name)


@rule("overlay-item-known")
def item_known(tree: Tree) -> Iterator[Problem]:
    """Provinces add fields to items that exist."""
    for place, entry, files in _entries(tree):
        if not files:
            yield place.at("item").problem("unknown_item", name=entry["item"])


@rule("overlay-field-new")
def field_new(tree: Tree) -> Iterator[Problem]:
    """A field that a province adds is new in every version of the item."""
    for addition in _additions(tree):
        if addition.is_new and addition.name in addition.item["properties"]:
            yield addition.place.problem("overlay_replaces", name=addition.name)


@rule("overlay-field-class")
def field_class(tree: Tree) -> Iterator[Problem]:
    """A field that a province adds has no lower class than its element."""
    for addition in _additions(tree):
        if addition.is_new:
            yield from _class(addition.place, addition.shape)


@rule("overlay-field-known")
def field_known(tree: Tree) -> Iterator[Problem]:
    """A field that a province makes stricter exists in every version of the item."""
    for addition in _additions(tree):
        if not addition.is_new and addition.name not in addition.item["properties"]:
            yield addition.place.problem("unknown_field", name=addition.name)


@rule("overlay-field-stricter")
def field_stricter(tree: Tree) -> Iterator[Problem]:
    """A field that a province changes takes no more than before; undecided counts as more."""
    for addition in _additions(tree):
        schemas = addition.before_and_after()
        if schemas is not None and not _covers(*schemas):
            yield addition.place.problem("overlay_weakens", name=addition.name)


@rule("overlay-field-class-kept")
def field_class_kept(tree: Tree) -> Iterator[Problem]:
    """A province lowers no class of a field, and replaces no conditional one."""
    for addition in _additions(tree):
        schemas = addition.before_and_after()
        if schemas is None:
            continue
        least, found = schemas[0]["x-class"], schemas[1]["x-class"]
        if found < least or ("x-class-when" in schemas[0] and "x-class" in addition.shape):
            yield addition.place.at("x-class").problem("overlay_class", found=found, least=least)


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
    """True if the earlier schema takes whatever the stricter one takes."""
    earlier, later = (
        jsonschema_rs.canonicalize({k: v for k, v in s.items() if not k.startswith("x-")})
        for s in (before, after)
    )
    return earlier.covers(later) is jsonschema_rs.canonical.Containment.YES
