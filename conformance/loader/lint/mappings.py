"""Rules over mappings of tables: fields that exist, and one use for each column."""

import difflib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from conformance.loader.checklists import item_files
from conformance.loader.files import Document, Pointer, pointer_text
from conformance.loader.lint.registry import rule
from conformance.loader.problem import Problem
from conformance.loader.tree import Tree
from conformance.model.text import Message

FOLDER = "schemas/mappings"
Fields = Mapping[str, frozenset[str]]
"""Names of fields by code of the item; those of row.yaml by the empty code."""


@dataclass(frozen=True, slots=True)
class MappingFile:
    """A place in a mapping, from which problems are reported."""

    file: str
    document: Document
    known: Fields
    pointer: Pointer = ()

    @property
    def value(self) -> Any:
        """The whole mapping."""
        return self.document.value

    @property
    def fields(self) -> frozenset[str]:
        """Fields of the item and of the row."""
        return self.known[self.value["item"]] | self.known[""]

    @property
    def field_of(self) -> dict[str, str]:
        """Fields by the column that they are made of."""
        entries = self.value["fields"].items()
        return {column: name for name, entry in entries for column in source_columns(entry)}

    def at(self, *parts: str | int) -> "MappingFile":
        """A place within this one."""
        return MappingFile(self.file, self.document, self.known, (*self.pointer, *parts))

    def problem(self, key: str, **args: Any) -> Problem:
        """A problem at this place."""
        message, line = Message(f"loader.{key}", args), self.document.line(self.pointer)
        return Problem(self.file, pointer_text(self.pointer), "", message, line)


MappingCheck = Callable[[MappingFile], Iterator[Problem]]
_CHECKS: list[MappingCheck] = []


def mapping_rule(identifier: str) -> Callable[[MappingCheck], MappingCheck]:
    """Mark a rule over one mapping, which holds for mappings outside of the standard, too."""

    def register(check: MappingCheck) -> MappingCheck:
        def of_tree(tree: Tree) -> Iterator[Problem]:
            for mapping in _mappings(tree):
                if mapping.value["item"] in mapping.known:
                    yield from check(mapping)

        of_tree.__doc__ = check.__doc__
        rule(identifier)(of_tree)
        _CHECKS.append(check)
        return check

    return register


def check_mapping(file: str, document: Document, known: Fields) -> Iterator[Problem]:
    """Problems of one mapping; of one for an unknown item, only that."""
    mapping = MappingFile(file, document, known)
    unknown = list(_unknown_item(mapping))
    yield from unknown or (problem for check in _CHECKS for problem in check(mapping))


def source_columns(entry: Mapping[str, Any]) -> tuple[str, ...]:
    """Columns that a field is made of."""
    columns = entry.get("from", ())
    return (columns,) if isinstance(columns, str) else tuple(columns)


def _mappings(tree: Tree) -> Iterator[MappingFile]:
    fields = tree.once(_fields)
    for file, _ in tree.below(FOLDER):
        yield MappingFile(file, tree.documents[file], fields)


def _fields(tree: Tree) -> Fields:
    fields: dict[str, frozenset[str]] = {}
    for file in item_files(tree):
        value = tree.value(file, {})
        code = value.get("x-item", {}).get("code", "")
        fields[code] = fields.get(code, frozenset()) | frozenset(value.get("properties", {}))
    row = tree.value("schemas/checklist/row.yaml", {})
    return {**fields, "": frozenset(row.get("properties", {}))}


def _unknown_item(mapping: MappingFile) -> Iterator[Problem]:
    if mapping.value["item"] not in mapping.known:
        yield mapping.at("item").problem("unknown_item", name=mapping.value["item"])


def _spelled(name: str) -> str:
    return "".join(name.split()).casefold()


@rule("mapping-file-name")
def file_name(tree: Tree) -> Iterator[Problem]:
    """A mapping has the name of its file."""
    for mapping in _mappings(tree):
        stem = mapping.file.rpartition("/")[2].removesuffix(".yaml")
        if stem != mapping.value["id"]:
            yield mapping.at("id").problem("stem", expected=stem, found=mapping.value["id"])


@rule("mapping-item-known")
def item_known(tree: Tree) -> Iterator[Problem]:
    """Mappings are for items that exist."""
    for mapping in _mappings(tree):
        yield from _unknown_item(mapping)


@mapping_rule("mapping-field-known")
def field_known(mapping: MappingFile) -> Iterator[Problem]:
    """Mappings fill, and name as missing, fields of the item and of the row."""
    for part in ("fields", "missing"):
        yield from _unknown_fields(mapping.at(part), mapping.value.get(part, {}))


@mapping_rule("mapping-field-missing")
def field_missing(mapping: MappingFile) -> Iterator[Problem]:
    """No field is both filled and missing."""
    for name in sorted(mapping.value["fields"].keys() & mapping.value.get("missing", {}).keys()):
        yield mapping.at("missing", name).problem("mapping_both", name=name)


@mapping_rule("mapping-column-ignored")
def column_ignored(mapping: MappingFile) -> Iterator[Problem]:
    """No column is both used and ignored."""
    field_of = mapping.field_of
    for n, column in enumerate(mapping.value.get("ignore", ())):
        if column in field_of:
            yield mapping.at("ignore", n).problem("mapping_ignored", name=column, field=field_of[column])


@mapping_rule("mapping-column-unique")
def column_unique(mapping: MappingFile) -> Iterator[Problem]:
    """A name, without regard to case and white space, means one column."""
    spellings: dict[str, str] = {}
    for column in (*mapping.field_of, *mapping.value.get("ignore", ())):
        first = spellings.setdefault(_spelled(column), column)
        if first != column:
            yield mapping.problem("mapping_twice", name=column, other=first)
    for column, aliases in mapping.value.get("columns", {}).items():
        for n, alias in enumerate(aliases):
            first = spellings.setdefault(_spelled(alias), column)
            if first != column:
                place = mapping.at("columns", column, n)
                yield place.problem("mapping_twice", name=alias, other=first)


@mapping_rule("mapping-column-used")
def column_used(mapping: MappingFile) -> Iterator[Problem]:
    """Columns with other names are used or ignored."""
    columns = {*mapping.field_of, *mapping.value.get("ignore", ())}
    for column in mapping.value.get("columns", {}):
        if column not in columns:
            yield mapping.at("columns", column).problem("mapping_idle", name=column)


def _unknown_fields(place: MappingFile, names: Iterable[str]) -> Iterator[Problem]:
    for name in names:
        if name not in place.fields:
            near = difflib.get_close_matches(name, sorted(place.fields), n=1) or sorted(place.fields)
            yield place.at(name).problem("mapping_field", name=name, known=", ".join(near))
