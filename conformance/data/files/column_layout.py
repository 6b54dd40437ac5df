"""Column layout of a table: accepted column names and the type of each column."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from conformance.data.batch import Shape, Type
from conformance.model.shapes import Checklist, Item

ITEM_CODE = "record.item_code"
"""The column that holds the item code of each row."""
_TYPES = {"integer": Type.INTEGER, "boolean": Type.BOOLEAN}


@dataclass(frozen=True, slots=True)
class Layout:
    """The columns that rows may have. Other columns are kept as text, so that the rules reject them."""

    columns: Shape = field(default_factory=dict)
    titles: Mapping[str, str] = field(default_factory=dict)
    """Column by alternative title, keyed by `normalize_header`."""

    def name(self, header: str) -> str:
        """The column that a header denotes; the header itself if it denotes none."""
        text = header.strip()
        return text if text in self.columns else self.titles.get(normalize_header(text), text)

    def type(self, name: str) -> Type:
        """Type of a column; text for unknown columns."""
        return self.columns.get(name, Type.TEXT)


def normalize_header(header: str) -> str:
    """A header in comparison form: case-folded and without white space."""
    return "".join(header.split()).casefold()


def layout(item: Item | None, checklist: Checklist) -> Layout:
    """Layout for the rows of an item; for rows of all items if `item` is None."""
    envelope = {ITEM_CODE: {"type": "string"}, **checklist.row_schema.get("properties", {})}
    items = checklist.items if item is None else (item,)
    field_columns = [(f.name, (f.title.zh, f.title.en), f.schema) for i in items for f in i.fields]
    row = [(name, tuple(shape.get("x-title", {}).values()), shape) for name, shape in envelope.items()]
    columns = {name: _type(shape) for name, _, shape in (*row, *field_columns)}
    return Layout(columns, {**_titles(row), **_titles(field_columns)})


def _titles(columns: Iterable[tuple[str, tuple[str, ...], Any]]) -> dict[str, str]:
    """Column by title, for titles that denote exactly one column."""
    names_by_title: dict[str, set[str]] = {}
    for title, name in _pairs(columns):
        names_by_title.setdefault(normalize_header(title), set()).add(name)
    return {title: next(iter(names)) for title, names in names_by_title.items() if len(names) == 1}


def _pairs(columns: Iterable[tuple[str, tuple[str, ...], Any]]) -> Iterator[tuple[str, str]]:
    for name, titles, _ in columns:
        for title in titles:
            yield title, name


def _type(schema: Mapping[str, Any]) -> Type:
    return _TYPES.get(str(schema.get("type")), Type.TEXT)
