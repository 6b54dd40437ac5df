"""Rules over the items: their headers, and the fields that the headers name."""

from collections.abc import Iterator
from typing import Any

from conformance.loader.checklists import item_files, known_categories
from conformance.loader.lint.code_sets import codes_of
from conformance.loader.lint.registry import rule
from conformance.loader.place import Place
from conformance.loader.problem import Problem
from conformance.loader.tree import Tree


def items(tree: Tree) -> Iterator[tuple[Place, Any]]:
    """All items that can be used, with their places."""
    for file in item_files(tree):
        item = tree.value(file)
        if item is not None:
            yield Place(tree, file, (), item["x-item"]["code"]), item


def _references(tree: Tree) -> Iterator[tuple[Place, Any, Any]]:
    """References of items to others: place, reference, and the fields of the item."""
    for place, item in items(tree):
        for n, reference in enumerate(item["x-item"].get("references", ())):
            yield place.at("x-item", "references", n), reference, item["properties"]


def _files_of(tree: Tree, code: str) -> list[str]:
    return [file for file in item_files(tree) if file.rpartition("/")[2].startswith(code)]


@rule("item-file-name")
def file_name(tree: Tree) -> Iterator[Problem]:
    """The code of an item is the name of its file."""
    for place, item in items(tree):
        stem = place.file.rpartition("/")[2].removesuffix(".yaml").partition("@")[0]
        code = item["x-item"]["code"]
        if code != stem:
            yield place.at("x-item", "code").problem("stem", expected=stem, found=code)


@rule("item-category-known")
def category_known(tree: Tree) -> Iterator[Problem]:
    """Items belong to categories that exist."""
    categories = known_categories(tree)
    for place, item in items(tree):
        category = item["x-item"]["category"]
        if categories and category not in categories:
            yield place.at("x-item", "category").problem("unknown_category", name=category)


@rule("item-subject-type-known")
def subject_type_known(tree: Tree) -> Iterator[Problem]:
    """Items name types of subjects that exist."""
    types = codes_of(tree, "subject_type")
    for place, item in items(tree):
        if types:
            names = item["x-item"]["subject_types"]
            yield from place.at("x-item", "subject_types").unknown("subject_type", names, types)


@rule("item-sharing-mode-known")
def sharing_mode_known(tree: Tree) -> Iterator[Problem]:
    """Items name sharing modes that exist."""
    modes = codes_of(tree, "sharing_mode")
    for place, item in items(tree):
        mode = item["x-item"]["sharing_mode"]
        if modes and mode not in modes:
            yield place.at("x-item", "sharing_mode").problem("unknown_sharing_mode", name=mode)


@rule("item-key-field")
def key_field(tree: Tree) -> Iterator[Problem]:
    """The key of an item consists of its fields."""
    for place, item in items(tree):
        yield from place.at("x-item", "key").unknown("field", item["x-item"]["key"], item["properties"])


@rule("item-serve-until-field")
def serve_until_field(tree: Tree) -> Iterator[Problem]:
    """`serve_until` names a field of the item."""
    for place, item in items(tree):
        name = item["x-item"].get("serve_until")
        if name is not None:
            yield from place.at("x-item", "serve_until").unknown("field", [name], item["properties"])


@rule("item-timeliness-field")
def timeliness_field(tree: Tree) -> Iterator[Problem]:
    """Timeliness is counted from a field of the item."""
    for place, item in items(tree):
        name = item["x-item"].get("timeliness", {}).get("since")
        if name is not None:
            yield from place.at("x-item", "timeliness").unknown("field", [name], item["properties"])


@rule("item-required-field")
def required_field(tree: Tree) -> Iterator[Problem]:
    """Required fields are fields of the item."""
    for place, item in items(tree):
        yield from place.at("required").unknown("field", item.get("required", ()), item["properties"])


@rule("item-verification-field")
def verification_field(tree: Tree) -> Iterator[Problem]:
    """Fields that are verified are fields of the item."""
    for place, item in items(tree):
        names = item["x-item"].get("verification", {}).get("fields", ())
        yield from place.at("x-item", "verification", "fields").unknown("field", names, item["properties"])


@rule("item-person-field")
def person_field(tree: Tree) -> Iterator[Problem]:
    """A person is identified by a field of the item."""
    for place, item in items(tree):
        for name, field in item["properties"].items():
            identifier = (field.get("x-person") or {}).get("identified_by")
            if identifier is not None and identifier not in item["properties"]:
                yield place.at("properties", name, "x-person").problem("unknown_field", name=identifier)


@rule("reference-field")
def reference_field(tree: Tree) -> Iterator[Problem]:
    """A reference to another item names fields of its own item."""
    for place, reference, fields in _references(tree):
        yield from place.at("fields").unknown("field", reference["fields"], fields)


@rule("reference-item-known")
def reference_item_known(tree: Tree) -> Iterator[Problem]:
    """A reference names an item that exists."""
    for place, reference, _ in _references(tree):
        if not _files_of(tree, reference["item"]):
            yield place.at("item").problem("unknown_item", name=reference["item"])


@rule("reference-target-field")
def reference_target_field(tree: Tree) -> Iterator[Problem]:
    """A reference names fields of the other item, in each of its versions."""
    for place, reference, _ in _references(tree):
        for file in _files_of(tree, reference["item"]):
            fields = tree.value(file, {}).get("properties", reference["to"])
            yield from place.at("to").unknown("field", reference["to"], fields)


@rule("reference-pairs")
def reference_pairs(tree: Tree) -> Iterator[Problem]:
    """A reference names as many fields of the other item as of its own."""
    for place, reference, _ in _references(tree):
        expected, count = len(reference["fields"]), len(reference["to"])
        if expected != count:
            yield place.at("to").problem("reference_pairs", expected=expected, found=count)
