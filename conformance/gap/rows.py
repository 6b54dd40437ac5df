"""Contents of the columns: one row for each item, and one for each field."""

from collections.abc import Iterator, Mapping
from typing import Any

from conformance.gap.compare import Line
from conformance.model.shapes import CodeSet, Field, Item
from conformance.model.text import Message, Text

Row = dict[str, Any]
"""Values by the name of their column: texts, numbers, messages, and sequences of these."""

_SHARED = (("category", 9, ""), ("category_name", 22, ""), ("item", 9, ""), ("name_zh", 30, ""))
_FILL = (("unit", 22, "text"), ("system", 22, "text"))

ITEM_COLUMNS: tuple[tuple[str, int, str], ...] = (
    *_SHARED,
    ("name_en", 34, ""),
    ("version", 8, ""),
    ("providers", 26, ""),
    ("subjects", 30, ""),
    ("frequency", 14, ""),
    ("collection_mode", 14, ""),
    ("sharing_mode", 18, ""),
    ("disclosure", 20, ""),
    ("key", 26, ""),
    ("field_count", 9, ""),
    ("required_count", 9, ""),
    ("legal_basis", 24, ""),
    ("state", 14, ""),
    ("their_version", 10, ""),
    ("records", 10, ""),
    ("last_collected", 22, ""),
    ("channel", 20, ""),
    *_FILL,
    ("contact", 18, "text"),
    ("progress", 12, "progress"),
    ("planned", 12, "date"),
    ("remark", 30, "text"),
)
"""Name, width in characters, and for what is filled in its kind."""

FIELD_COLUMNS: tuple[tuple[str, int, str], ...] = (
    *_SHARED,
    ("field", 24, ""),
    ("field_zh", 26, ""),
    ("field_en", 34, ""),
    ("type", 12, ""),
    ("format", 30, ""),
    ("unit_of_measure", 9, ""),
    ("required", 7, ""),
    ("key_member", 7, ""),
    ("class", 7, ""),
    ("class_when", 34, ""),
    ("desensitization", 18, ""),
    ("person", 20, ""),
    ("providers", 26, ""),
    ("subjects", 30, ""),
    ("frequency", 14, ""),
    ("collection_mode", 14, ""),
    ("sharing_mode", 18, ""),
    ("disclosure", 20, ""),
    ("legal_basis", 24, ""),
    ("state", 14, ""),
    ("their_version", 10, ""),
    *_FILL,
    ("source_field", 22, "text"),
    ("available", 10, "availability"),
    ("planned", 12, "date"),
    ("remark", 30, "text"),
)


def item_rows(line: Line, categories: Mapping[str, Text], codes: Mapping[str, CodeSet]) -> Iterator[Row]:
    """The row of an item."""
    item, entry = line.item, line.entry
    row = _common(line, categories, codes) | {
        "name_en": item.title.en,
        "version": item.version,
        "key": [item.field(name).title for name in item.key],
        "field_count": len(item.fields),
        "required_count": sum(f.required for f in item.fields),
        "legal_basis": _basis(item),
    }
    if entry:
        row["records"] = "" if entry.records is None else entry.records
        row |= {"last_collected": entry.last_collected, "channel": entry.channels}
    yield row


def field_rows(line: Line, categories: Mapping[str, Text], codes: Mapping[str, CodeSet]) -> Iterator[Row]:
    """A row for each field of an item."""
    shared = _common(line, categories, codes)
    for field in line.item.fields:
        yield shared | _described(field) | {"key_member": _mark(field.name in line.item.key)}


def _common(line: Line, categories: Mapping[str, Text], codes: Mapping[str, CodeSet]) -> Row:
    item = line.item
    subjects, modes = codes["subject_type"].codes, codes["sharing_mode"].codes
    return {
        "category": item.category,
        "category_name": categories.get(item.category, Text(item.category, item.category)),
        "item": item.code,
        "name_zh": item.title.zh,
        "providers": item.providers,
        "subjects": [subjects[name].title for name in item.subject_types],
        "frequency": Message(f"gap.frequency_{item.update_frequency}"),
        "collection_mode": Message(f"gap.mode_{item.collection_mode}"),
        "sharing_mode": modes[item.sharing_mode].title,
        "disclosure": Message(f"gap.disclosure_{item.disclosure}"),
        "state": Message(f"gap.state_{line.state}"),
        "their_version": line.entry.version if line.entry else "",
    }


def _described(field: Field) -> Row:
    return {
        "field": field.name,
        "field_zh": field.title.zh,
        "field_en": field.title.en,
        "type": Message(f"gap.type_{field.schema.get('type', 'string')}"),
        "format": _format(field),
        "unit_of_measure": field.unit or "",
        "required": _mark(field.required),
        "class": field.sensitivity,
        "class_when": [f"{c.sensitivity}: {c.condition}" for c in field.class_when],
        "desensitization": field.desensitization_type,
        "person": _person(field),
        "legal_basis": _basis(field),
    }


def _format(field: Field) -> list[Any]:
    """Constraints on a value: its code set alone, or its named format, then its pattern or limits."""
    schema = field.schema
    if field.code_set:
        return [Message("gap.of_code_set", {"name": field.code_set})]
    constraints: list[Any] = [str(schema["format"])] if "format" in schema else []
    if "pattern" in schema:
        constraints.append(str(schema["pattern"]))
    limits = (("minimum", "maximum", "gap.between"), ("minLength", "maxLength", "gap.long"))
    for low, high, key in limits:
        if high in schema and "pattern" not in schema:
            constraints.append(Message(key, {"low": schema.get(low, 0), "high": schema[high]}))
    return constraints


def _person(field: Field) -> str:
    if field.person is None:
        return ""
    by = field.person.identified_by
    return f"{field.person.role} ({by})" if by else field.person.role


def _basis(part: Item | Field) -> Text | str:
    return getattr(part, "legal_basis", None) or ""


def _mark(holds: bool) -> str:  # noqa: FBT001 - a cell
    return "✓" if holds else ""
