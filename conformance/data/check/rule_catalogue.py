"""What can be wrong with rows of an item: every rule by its id, and what it asks."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from conformance.data.check.tally import dangling
from conformance.data.rows import LINE, ROW, UNIQUE, Reason
from conformance.model.shapes import Item
from conformance.model.text import Message, Text

_ASKED = frozenset(
    {"type", "format", "pattern", "not", "enum", "const", "minLength", "maxLength", "minimum", "maximum"}
)
_KEYS = {
    "unevaluatedProperties": "unevaluated_properties",
    "anyOf": "any_of",
    "minLength": "min_length",
    "maxLength": "max_length",
}
"""Keywords that keys of messages write otherwise."""
_LOOKS = {
    "uscc": Message("bulk.looks_uscc"),
    "org-code": Message("bulk.looks_org_code"),
    "resident-id": Message("bulk.looks_resident_id"),
    "patent-no": Message("bulk.looks_patent_no"),
    "calendar-date": Message("bulk.looks_calendar_date"),
    "datetime-cst": Message("bulk.looks_datetime_cst"),
    "year-month": Message("bulk.looks_year_month"),
    "decimal": Message("bulk.looks_decimal"),
}
"""What a format is and looks like."""
_OF_ROW = ("unevaluatedProperties", "anyOf")
LINES = (
    *("blank", "no_json", "no_object", "duplicate_member", "no_number"),
    *("encoding", "too_long", "truncated", "cells", "quotes", "error_cell", "formula", "header"),
)


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule of an item."""

    id: str
    member: str
    """Empty where it concerns the row."""
    says: Message

    @property
    def reason(self) -> Reason:
        return Reason(self.id, self.member)


def rules(item: Item) -> Iterator[Rule]:
    """Every rule that rows of an item are judged by, in the order of a report."""
    for fault in LINES:
        yield Rule(f"{LINE}/{fault}", "", Message(f"bulk.line_{fault}"))
    for keyword in _OF_ROW:
        yield Rule(f"{ROW}/{keyword}", "", Message(f"bulk.row_{_KEYS.get(keyword, keyword)}"))
    required = frozenset(item.schema.get("required", ()))
    for name, schema in item.schema["properties"].items():
        if name in required:
            yield Rule(f"{name}/required", name, Message("bulk.rule_required"))
        for keyword in schema:
            if keyword in _ASKED:
                yield Rule(f"{name}/{keyword}", name, asked(keyword, schema))
    for rule in item.rules:
        yield Rule(
            rule.id, rule.fields[0] if rule.fields else "", Message("bulk.rule", {"says": rule.message})
        )
    for reference in item.references:
        reason = dangling(reference)
        yield Rule(
            reason.rule,
            reason.member,
            Message("bulk.reference", {"item": reference.item, "to": reference.to}),
        )
    yield Rule(UNIQUE.rule, "", Message("bulk.unique", {"key": item.key or ("-",)}))


def rule(item: Item | None, id_: str, member: str) -> Rule:
    """A rule by its id; in general words where it stands within a condition."""
    match = next((r for r in rules(item) if r.id == id_), None) if item else None
    if match is not None:
        return match
    place, _, keyword = id_.partition("/")
    if place == LINE:
        return Rule(id_, "", Message(f"bulk.line_{keyword}"))
    schema = item.schema["properties"].get(place, {}) if item else {}
    says = asked(keyword, schema) if keyword in schema else _conditional(keyword)
    return Rule(id_, member, says)


def _conditional(keyword: str) -> Message:
    """What stands within a condition is about the member in some rows only."""
    if keyword == "required":
        return Message("bulk.rule_required_here")
    return Message("bulk.rule_other", {"keyword": keyword})


def asked(keyword: str, schema: Mapping[str, Any]) -> Message:
    """What a keyword asks of a member."""
    match keyword:
        case "format":
            standard = schema.get("x-standard")
            arguments = {"expected": _LOOKS.get(schema[keyword], schema[keyword]), "standard": standard}
            return Message("bulk.rule_format_of" if standard else "bulk.rule_format", arguments)
        case "enum":
            codes = schema.get("x-code-set") or ", ".join(map(str, schema["enum"]))
            return Message("bulk.rule_enum", {"expected": codes})
        case "not":
            return Message("bulk.rule_not", {"expected": schema["not"].get("pattern", "")})
        case _:
            return Message(f"bulk.rule_{_KEYS.get(keyword, keyword)}", {"expected": schema[keyword]})


def title(item: Item | None, member: str) -> Text | None:
    """What a member is called."""
    schema = item.schema["properties"].get(member, {}) if item else {}
    named = schema.get("x-title")
    return Text(named["zh"], named["en"]) if named else None
