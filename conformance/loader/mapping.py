"""Reading mappings of tables: those of the standard by name, others from a file; all errors at once."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from conformance.loader.files import read_document, read_yaml
from conformance.loader.lint.mappings import FOLDER, Fields, check_mapping, source_columns
from conformance.loader.meta import META, check_document
from conformance.loader.problem import FileErrors, MappingErrors, problem
from conformance.loader.root import root as find_root
from conformance.model.mapping import ColumnTarget, Conversion, TableMapping
from conformance.model.shapes import Checklist
from conformance.model.text import Text


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
    return ColumnTarget(name, source_columns(entry), entry.get("join", ""), conversion)
