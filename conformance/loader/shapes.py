"""Turning valid files into the shapes of the model: code sets, items with their fields, the record."""

import hashlib
from collections.abc import Iterable, Mapping
from posixpath import dirname, normpath
from typing import Any

import rfc8785

from conformance.loader.inline import Lookup
from conformance.loader.tree import Tree
from conformance.model.shapes import (
    ClassWhen,
    Code,
    CodeSet,
    CrossFieldRule,
    Field,
    Format,
    Item,
    Person,
    Reference,
    Timeliness,
)
from conformance.model.text import Text

ELEMENTS = "schemas/elements.yaml"
FORMATS = "schemas/formats.yaml"
CHECKLIST = "schemas/checklist"
CODES = "schemas/codes"
CALENDAR = f"{CODES}/calendar.yaml"
RECORD = f"{CHECKLIST}/record.yaml"
ROW = f"{CHECKLIST}/row.yaml"
DESENSITIZATION = "schemas/desensitization"
DISCLOSURE = f"{DESENSITIZATION}/disclosure.yaml"
NO_CODE_SETS = frozenset({"reserved", "calendar"})


def text(value: Mapping[str, str]) -> Text:
    return Text(value["zh"], value["en"])


def optional_text(value: Mapping[str, str] | None) -> Text | None:
    return text(value) if value else None


def code_files(tree: Tree) -> dict[str, str]:
    """The file of each code set by its id, which is the file's stem."""
    stems = {file.rpartition("/")[2].removesuffix(".yaml"): file for file, _ in tree.below(CODES)}
    return {stem: file for stem, file in stems.items() if stem not in NO_CODE_SETS}


def code_sets(tree: Tree) -> Mapping[str, CodeSet]:
    """The code sets by id."""
    return tree.once(_code_sets)


def code_names(tree: Tree) -> Mapping[str, tuple[str, ...]]:
    """The codes of each set, in order."""
    return tree.once(_code_names)


def _code_names(tree: Tree) -> dict[str, tuple[str, ...]]:
    return {name: tuple(code_set.codes) for name, code_set in code_sets(tree).items()}


def _code_sets(tree: Tree) -> dict[str, CodeSet]:
    values = ((stem, tree.value(file, {})) for stem, file in code_files(tree).items())
    return {stem: _code_set(value) for stem, value in values}


def _code_set(value: Mapping[str, Any]) -> CodeSet:
    codes = {
        row["code"]: Code(
            row["code"], text(row["title"]), {k: v for k, v in row.items() if k not in ("code", "title")}
        )
        for row in value["codes"]
    }
    return CodeSet(value["id"], text(value["title"]), str(value.get("source", "")), codes)


def formats(tree: Tree) -> dict[str, Format]:
    """The string formats by name."""
    rows = tree.value(FORMATS, [])
    return {r["name"]: Format(r["name"], text(r["title"]), r["citation"], r["pattern"]) for r in rows}


def lookup(tree: Tree) -> Lookup:
    """References between the files of shapes: `<relative path>#<pointer>`."""

    def find(reference: str, file: str) -> tuple[Any, str] | None:
        name, _, pointer = reference.partition("#")
        target = normpath(f"{dirname(file)}/{name}") if name else file
        node = tree.value(target)
        for part in (p.replace("~1", "/").replace("~0", "~") for p in pointer.split("/")[1:]):
            if not isinstance(node, dict) or part not in node:
                return None
            node = node[part]
        return None if node is None else (node, target)

    return find


def item(schema: Mapping[str, Any], source: Mapping[str, Any], public_class: str = "") -> Item:
    header = source["x-item"]
    required = frozenset(schema.get("required", ()))
    return Item(
        code=header["code"],
        title=text(header["title"]),
        category=header["category"],
        version=str(header["version"]),
        providers=tuple(header["providers"]),
        subject_types=tuple(header["subject_types"]),
        key=tuple(header["key"]),
        disclosure=header["disclosure"],
        collection_mode=header["collection_mode"],
        sharing_mode=header["sharing_mode"],
        update_frequency=header["update_frequency"],
        serve_until=header.get("serve_until"),
        timeliness=Timeliness(**header["timeliness"]) if "timeliness" in header else None,
        fields=tuple(
            _field(name, shape, source["properties"][name], required)
            for name, shape in schema["properties"].items()
        ),
        rules=tuple(_rule(rule) for rule in source.get("x-rules", ())),
        schema=schema,
        digest=hashlib.sha256(rfc8785.dumps(dict(source))).hexdigest(),
        legal_basis=optional_text(header.get("legal_basis")),
        verifiable=_verifiable(header, schema["properties"]),
        references=tuple(
            Reference(tuple(r["fields"]), r["item"], tuple(r["to"])) for r in header.get("references", ())
        ),
        public_class=public_class,
    )


def _verifiable(about: Mapping[str, Any], fields: Iterable[str]) -> tuple[str, ...]:
    if about["collection_mode"] == "verify":
        return tuple(fields)
    return tuple(about.get("verification", {}).get("fields", ()))


def _field(
    name: str, schema: Mapping[str, Any], source: Mapping[str, Any], required: frozenset[str]
) -> Field:
    person = schema.get("x-person")
    return Field(
        name=name,
        title=text(schema["x-title"]),
        element=source["$ref"].rpartition("/")[2],
        required=name in required,
        sensitivity=schema["x-class"],
        class_when=tuple(ClassWhen(c["when"], c["class"]) for c in schema.get("x-class-when", ())),
        desensitization_type=schema["x-desensitization"],
        person=Person(person["role"], person.get("identified_by")) if person else None,
        code_set=schema.get("x-code-set"),
        unit=schema.get("x-unit"),
        schema=schema,
        legal_basis=optional_text(source.get("x-legal-basis")),
    )


def _rule(rule: Mapping[str, Any]) -> CrossFieldRule:
    return CrossFieldRule(rule["id"], rule["rule"], text(rule["message"]), tuple(rule["fields"]))
