"""What the columns of a table may be called, and what each of them holds."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from conformance.data.batch import Shape, Type
from conformance.model.shapes import Checklist, Item

ITEM_CODE = "record.item_code"
"""The column that says of each row which item it is of."""
_TYPES = {"integer": Type.INTEGER, "boolean": Type.BOOLEAN}


@dataclass(frozen=True, slots=True)
class Layout:
    """The columns that rows may have. Others are kept as text, so that the rules refuse them."""

    columns: Shape = field(default_factory=dict)
    titles: Mapping[str, str] = field(default_factory=dict)
    """Other names of columns, as `spelled` spells them."""

    def name(self, header: str) -> str:
        """The column that a header means; the header itself where it means none."""
        text = header.strip()
        return text if text in self.columns else self.titles.get(spelled(text), text)

    def type(self, name: str) -> Type:
        return self.columns.get(name, Type.TEXT)


def spelled(header: str) -> str:
    """A header as headers are compared: without regard to case and blanks."""
    return "".join(header.split()).casefold()


def layout(item: Item | None, checklist: Checklist) -> Layout:
    """The columns of an item's rows; of the rows of any item where each row says of which it is."""
    envelope = {ITEM_CODE: {"type": "string"}, **checklist.row_schema.get("properties", {})}
    items = checklist.items if item is None else (item,)
    field_columns = [(f.name, (f.title.zh, f.title.en), f.schema) for i in items for f in i.fields]
    row = [(name, tuple(shape.get("x-title", {}).values()), shape) for name, shape in envelope.items()]
    columns = {name: _type(shape) for name, _, shape in (*row, *field_columns)}
    return Layout(columns, {**_titles(row), **_titles(field_columns)})


def _titles(columns: Iterable[tuple[str, tuple[str, ...], Any]]) -> dict[str, str]:
    """Titles that mean one column only."""
    names_by_title: dict[str, set[str]] = {}
    for title, name in _pairs(columns):
        names_by_title.setdefault(spelled(title), set()).add(name)
    return {title: next(iter(names)) for title, names in names_by_title.items() if len(names) == 1}


def _pairs(columns: Iterable[tuple[str, tuple[str, ...], Any]]) -> Iterator[tuple[str, str]]:
    for name, titles, _ in columns:
        for title in titles:
            yield title, name


def _type(schema: Mapping[str, Any]) -> Type:
    return _TYPES.get(str(schema.get("type")), Type.TEXT)
