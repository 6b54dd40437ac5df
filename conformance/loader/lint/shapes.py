"""What the shapes say of each other: items, fields, elements, code sets."""

from collections.abc import Iterator, Mapping
from typing import Any

from conformance.loader.cel import Variable, Variables
from conformance.loader.checklists import item_files, known_categories
from conformance.loader.inline import UnresolvedReferenceError, inline
from conformance.loader.place import Place, duplicates
from conformance.loader.problem import Problem
from conformance.loader.shapes import (
    CODES,
    DESENSITIZATION,
    DISCLOSURE,
    ELEMENTS,
    FORMATS,
    RECORD,
    ROW,
    code_files,
    code_names,
    lookup,
)
from conformance.loader.tree import Tree

SHARING_MODES, SOURCE_CHANNELS = f"{CODES}/sharing_mode.yaml", f"{CODES}/source_channel.yaml"
BUILT_IN_FORMATS = frozenset({"date"})
"""Formats of JSON Schema itself (RFC 3339 full-date) that the shapes may name."""
TYPES = f"{DESENSITIZATION}/types.yaml"
_KINDS = {"x-class": "class", "format": "format", "x-code-set": "code_set", "x-desensitization": "type"}


def check_shapes(tree: Tree) -> Iterator[Problem]:
    """Every problem among the shapes."""
    yield from _code_sets(tree)
    yield from _formats(tree)
    yield from _channels(tree)
    names = _known(tree)
    for file in (ELEMENTS, RECORD, ROW, *item_files(tree)):
        yield from _annotations(Place(tree, file), tree.value(file), names)
    for file in item_files(tree):
        if tree.value(file) is not None:
            item = tree.value(file)
            place = Place(tree, file, (), item["x-item"]["code"])
            yield from _item(place, item)
            yield from _conditions(place, item)


def _formats(tree: Tree) -> Iterator[Problem]:
    """Formats that are described twice."""
    rows = enumerate(tree.value(FORMATS, ()))
    yield from duplicates((Place(tree, FORMATS, (n, "name"), row["name"]), row["name"]) for n, row in rows)


def _channels(tree: Tree) -> Iterator[Problem]:
    """Sharing modes whose channels do not exist."""
    channels = {row["code"] for row in tree.value(SOURCE_CHANNELS, {}).get("codes", ())}
    for n, row in enumerate(tree.value(SHARING_MODES, {}).get("codes", ())):
        if channels:
            place = Place(tree, SHARING_MODES, ("codes", n, "channels"), row["code"])
            yield from place.unknown("channel", row.get("channels", ()), channels)


def classes(tree: Tree) -> frozenset[str]:
    """All sensitivity classes; empty where their file cannot be used."""
    return frozenset(tree.value(DISCLOSURE, {}).get("classes", ()))


def _code_sets(tree: Tree) -> Iterator[Problem]:
    for stem, file in code_files(tree).items():
        value = tree.value(file, {})
        place = Place(tree, file, (), value["id"])
        if value["id"] != stem:
            yield place.at("id").problem("stem", expected=stem, found=value["id"])
        yield from duplicates((place.at("codes", n), row["code"]) for n, row in enumerate(value["codes"]))


def _item(place: Place, item: Mapping[str, Any]) -> Iterator[Problem]:
    tree, header, fields = place.tree, item["x-item"], item["properties"]
    stem = place.file.rpartition("/")[2].removesuffix(".yaml").partition("@")[0]
    if header["code"] != stem:
        yield place.at("x-item", "code").problem("stem", expected=stem, found=header["code"])
    categories = known_categories(tree)
    if categories and header["category"] not in categories:
        yield place.at("x-item", "category").problem("unknown_category", name=header["category"])
    subjects = tree.value(f"{CODES}/subject_type.yaml")
    if subjects is not None:
        types = {row["code"] for row in subjects["codes"]}
        yield from place.at("x-item", "subject_types").unknown("subject_type", header["subject_types"], types)
    modes = {row["code"] for row in tree.value(SHARING_MODES, {}).get("codes", ())}
    if modes and header["sharing_mode"] not in modes:
        yield place.at("x-item", "sharing_mode").problem("unknown_sharing_mode", name=header["sharing_mode"])
    yield from place.at("x-item", "key").unknown("field", header["key"], fields)
    annotations = {
        "serve_until": header.get("serve_until"),
        "timeliness": header.get("timeliness", {}).get("since"),
    }
    for annotation, name in annotations.items():
        if name is not None:
            yield from place.at("x-item", annotation).unknown("field", [name], fields)
    yield from place.at("required").unknown("field", item.get("required", ()), fields)
    verified = header.get("verification", {}).get("fields", ())
    yield from place.at("x-item", "verification", "fields").unknown("field", verified, fields)
    for n, reference in enumerate(header.get("references", ())):
        yield from _of_reference(place.at("x-item", "references", n), reference, fields)
    for name, field in fields.items():
        by = (field.get("x-person") or {}).get("identified_by")
        if by is not None and by not in fields:
            yield place.at("properties", name, "x-person").problem("unknown_field", name=by)


def _of_reference(place: Place, reference: Mapping[str, Any], fields: Mapping[str, Any]) -> Iterator[Problem]:
    """A reference names fields of both items, pair by pair."""
    yield from place.at("fields").unknown("field", reference["fields"], fields)
    files = [f for f in item_files(place.tree) if f.rpartition("/")[2].startswith(reference["item"])]
    if not files:
        yield place.at("item").problem("unknown_item", name=reference["item"])
    for file in files:
        theirs = place.tree.value(file, {}).get("properties", reference["to"])
        yield from place.at("to").unknown("field", reference["to"], theirs)
    expected, count = len(reference["fields"]), len(reference["to"])
    if expected != count:
        yield place.at("to").problem("reference_pairs", expected=expected, found=count)


def _known(tree: Tree) -> dict[str, frozenset[str]]:
    """What annotations may name."""
    broken = {f.rpartition("/")[2].removesuffix(".yaml") for f in tree.broken if f.startswith(f"{CODES}/")}
    names = {"x-code-set": frozenset({*code_files(tree), *broken})}
    if tree.value(DISCLOSURE) is not None:
        names["x-class"] = classes(tree)
    if tree.value(FORMATS) is not None:
        names["format"] = BUILT_IN_FORMATS | {row["name"] for row in tree.value(FORMATS)}
    if tree.value(TYPES) is not None:
        names["x-desensitization"] = frozenset(tree.value(TYPES))
    return names


def _annotations(place: Place, node: Any, allowed: Mapping[str, frozenset[str]]) -> Iterator[Problem]:
    """Annotations anywhere in a file that name a class, a type, a code set, a format or another schema."""
    if isinstance(node, list):
        for n, part in enumerate(node):
            yield from _annotations(place.at(n), part, allowed)
    if not isinstance(node, dict):
        return
    if not place.record and len(place.pointer) > 1:
        place = place.of(str(place.pointer[1]))
    for key, names in allowed.items():
        if isinstance(node.get(key), str) and node[key] not in names:
            yield place.at(key).problem(f"unknown_{_KINDS[key]}", name=node[key])
    if isinstance(node.get("$ref"), str):
        yield from _reference(place.at("$ref"), node["$ref"])
    for key, part in node.items():
        if key not in ("x-item", "enum", "const"):
            yield from _annotations(place.at(key), part, allowed)


def _reference(place: Place, reference: str) -> Iterator[Problem]:
    try:
        inline({"$ref": reference}, place.file, lookup(place.tree), {})
    except UnresolvedReferenceError as error:
        name = str(error).partition("#")[0].rpartition("/")[2]
        if not name or all(file.rpartition("/")[2] != name for file in place.tree.broken):
            yield place.problem("unresolvable", reference=str(error))


def _conditions(place: Place, item: Mapping[str, Any]) -> Iterator[Problem]:
    """Cross-field rules and conditional classes: in the subset, over existing fields, with the item's ids."""
    try:
        variables = item_variables(place.tree, place.file, item)
    except UnresolvedReferenceError:
        return
    rules = item.get("x-rules", ())
    yield from duplicates((place.at("x-rules", n, "id"), rule["id"]) for n, rule in enumerate(rules))
    for n, rule in enumerate(rules):
        spot = place.at("x-rules", n).of(rule["id"])
        if not rule["id"].startswith(f"{place.record}."):
            yield spot.at("id").problem("prefix", part=place.record, expected=f"{place.record}.")
        yield from spot.at("fields").unknown("field", rule["fields"], item["properties"])
        yield from spot.at("rule").condition(rule["rule"], variables)
    for name, field in item["properties"].items():
        for n, choice in enumerate(field.get("x-class-when", ())):
            spot = place.at("properties", name, "x-class-when", n)
            yield from spot.at("when").condition(choice["when"], variables)
            if place.tree.value(DISCLOSURE) is not None and choice["class"] not in classes(place.tree):
                yield spot.at("class").problem("unknown_class", name=choice["class"])


def item_variables(tree: Tree, file: str, item: Mapping[str, Any]) -> Variables:
    """What the conditions of an item may read: its fields, their members, and amounts in cents."""
    found = dict(_members(("record",), inline(item, file, lookup(tree), code_names(tree))))
    amounts = ((path, v) for path, v in found.items() if v.format == "decimal" and len(path) == 2)
    return found | {("record_cents", path[1]): Variable("integer", "", v.required) for path, v in amounts}


def _members(path: tuple[str, ...], schema: Mapping[str, Any]) -> Iterator[tuple[tuple[str, ...], Variable]]:
    required = schema.get("required", ())
    for name, member in schema.get("properties", {}).items():
        if isinstance(member, dict):
            kind = str(member.get("type", "unknown"))
            yield (*path, name), Variable(kind, _shape(member), name in required)
            yield from _members((*path, name), member)


def _shape(schema: Mapping[str, Any]) -> str:
    """The format of a field, or its length where that never changes; empty for a free text."""
    length = schema.get("minLength")
    fixed = f"length {length}" if length is not None and length == schema.get("maxLength") else ""
    return str(schema.get("format", fixed)).replace("line", fixed)
