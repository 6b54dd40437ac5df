"""Reading mappings of tables: those of the standard by name, others from a file; all errors at once."""

import difflib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from conformance.loader.checklists import item_files
from conformance.loader.files import Document, Pointer, pointer_text, read_document, read_yaml
from conformance.loader.meta import META, check_document
from conformance.loader.problem import FileErrors, MappingErrors, Problem, problem
from conformance.loader.root import root as find_root
from conformance.loader.tree import Tree
from conformance.model.mapping import ColumnTarget, Conversion, TableMapping
from conformance.model.shapes import Checklist
from conformance.model.text import Message, Text

FOLDER = "schemas/mappings"
Fields = Mapping[str, frozenset[str]]
"""Names of fields by code of the item; those of row.yaml by the empty code."""


@dataclass(frozen=True, slots=True)
class _Spot:
    """A place in a mapping, from which problems are reported."""

    file: str
    document: Document
    pointer: Pointer = ()

    def at(self, *parts: str | int) -> "_Spot":
        return _Spot(self.file, self.document, (*self.pointer, *parts))

    def problem(self, key: str, **args: Any) -> Problem:
        message, line = Message(f"loader.{key}", args), self.document.line(self.pointer)
        return Problem(self.file, pointer_text(self.pointer), "", message, line)


def mapping_names(root: Path | None = None) -> tuple[str, ...]:
    """The mappings that the standard has."""
    return tuple(sorted(path.stem for path in (find_root(root) / FOLDER).glob("*.yaml")))


def load_mapping(name: str, checklist: Checklist, root: Path | None = None) -> TableMapping:
    """A mapping by its name or its file. Raises MappingErrors with everything that is wrong with it."""
    try:
        return _loaded(name, checklist, root)
    except FileErrors as errors:
        raise MappingErrors(errors.problems) from None


def _loaded(name: str, checklist: Checklist, root: Path | None) -> TableMapping:
    folder = find_root(root)
    path = _path(name, folder)
    file = name if path == Path(name) else f"{FOLDER}/{path.name}"
    document = read_document(path, file)
    schema = read_yaml(folder / META / "mapping.schema.yaml")
    problems = list(check_document(file, document, schema))
    if not problems:
        problems = list(check_mapping(file, document, fields_of(checklist)))
    if problems:
        raise FileErrors(tuple(problems))
    return build(document.value)


def _path(name: str, root: Path) -> Path:
    if Path(name).suffix in (".yaml", ".yml"):
        return Path(name)
    names = mapping_names(root)
    if name not in names:
        raise FileErrors((problem(name, "", "", "mapping_unknown", known=", ".join(names)),))
    return root / FOLDER / f"{name}.yaml"


def fields_of(checklist: Checklist) -> Fields:
    items = {item.code: frozenset(f.name for f in item.fields) for item in checklist.items}
    return {**items, "": frozenset(checklist.row_schema.get("properties", {}))}


def check_mappings(tree: Tree) -> Iterator[Problem]:
    """Whatever the mappings of the standard say that the items do not bear out."""
    fields: dict[str, frozenset[str]] = {}
    for file in item_files(tree):
        value = tree.value(file, {})
        code = value.get("x-item", {}).get("code", "")
        fields[code] = fields.get(code, frozenset()) | frozenset(value.get("properties", {}))
    fields[""] = frozenset(tree.value("schemas/checklist/row.yaml", {}).get("properties", {}))
    for file, value in tree.below(FOLDER):
        stem = file.rpartition("/")[2].removesuffix(".yaml")
        spot = _Spot(file, tree.documents[file])
        if stem != value["id"]:
            yield spot.at("id").problem("stem", expected=stem, found=value["id"])
        yield from check_mapping(file, tree.documents[file], fields)


def check_mapping(file: str, document: Document, known: Fields) -> Iterator[Problem]:
    """What a mapping says that cannot be: fields that are not there, columns used in two ways."""
    spot, value = _Spot(file, document), document.value
    if value["item"] not in known:
        yield spot.at("item").problem("unknown_item", name=value["item"])
        return
    fields = known[value["item"]] | known[""]
    for part in ("fields", "missing"):
        yield from _unknown_fields(spot.at(part), value.get(part, {}), fields)
    for name in sorted(value["fields"].keys() & value.get("missing", {}).keys()):
        yield spot.at("missing", name).problem("mapping_both", name=name)
    yield from _columns(spot, value)


def _unknown_fields(spot: _Spot, names: Iterable[str], fields: frozenset[str]) -> Iterator[Problem]:
    for name in names:
        if name not in fields:
            near = difflib.get_close_matches(name, sorted(fields), n=1) or sorted(fields)
            yield spot.at(name).problem("mapping_field", name=name, known=", ".join(near))


def _columns(spot: _Spot, value: Mapping[str, Any]) -> Iterator[Problem]:
    """A column is either used or ignored, and a name means one column."""
    field_of = {column: name for name, entry in value["fields"].items() for column in _sources(entry)}
    for n, column in enumerate(value.get("ignore", ())):
        if column in field_of:
            yield spot.at("ignore", n).problem("mapping_ignored", name=column, field=field_of[column])
    spellings: dict[str, str] = {}
    for column in (*field_of, *value.get("ignore", ())):
        spellings.setdefault(_spelled(column), column)
        if spellings[_spelled(column)] != column:
            yield spot.problem("mapping_twice", name=column, other=spellings[_spelled(column)])
    for column, aliases in value.get("columns", {}).items():
        if column not in field_of and column not in value.get("ignore", ()):
            yield spot.at("columns", column).problem("mapping_idle", name=column)
        for n, alias in enumerate(aliases):
            if spellings.setdefault(_spelled(alias), column) != column:
                spelling_place = spot.at("columns", column, n)
                yield spelling_place.problem("mapping_twice", name=alias, other=spellings[_spelled(alias)])


def _spelled(name: str) -> str:
    return "".join(name.split()).casefold()


def _sources(entry: Mapping[str, Any]) -> tuple[str, ...]:
    found = entry.get("from", ())
    return (found,) if isinstance(found, str) else tuple(found)


def build(value: Mapping[str, Any]) -> TableMapping:
    """The mapping of a file without problems."""
    return TableMapping(
        id=value["id"],
        title=Text(**value["title"]),
        item=value["item"],
        names={column: tuple(many) for column, many in value.get("columns", {}).items()},
        targets=tuple(_target(value, name, entry) for name, entry in value["fields"].items()),
        ignored=frozenset(value.get("ignore", ())),
        missing={name: Text(**text) for name, text in value.get("missing", {}).items()},
    )


def _target(value: Mapping[str, Any], name: str, entry: Mapping[str, Any]) -> ColumnTarget:
    conversion = Conversion(
        strip=entry.get("strip", value.get("strip", False)),
        absent=frozenset((*value.get("absent", ()), *entry.get("absent", ()))),
        codes=entry.get("codes"),
        refuse=entry.get("else") == "refuse",
        dates=tuple(entry.get("dates", ())),
        moments=tuple(entry.get("moments", ())),
        scale=entry.get("scale"),
        upper=entry.get("upper", False),
        default=entry.get("value", entry.get("default")),
    )
    return ColumnTarget(name, _sources(entry), entry.get("join", ""), conversion)
