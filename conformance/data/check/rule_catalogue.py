"""Catalogue of rules: all rules for the rows of an item, by id and with their requirement in words."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from conformance.data.check.tally import dangling_reason
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
"""Message key of keywords in camel case."""
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
"""Description of each format with an example."""
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
    """Empty if the rule concerns the whole row."""
    says: Message

    @property
    def reason(self) -> Reason:
        """The reason of a row that breaks the rule."""
        return Reason(self.id, self.member)


def rules(item: Item) -> Iterator[Rule]:
    """Yield all rules for the rows of an item, in report order."""
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
                yield Rule(f"{name}/{keyword}", name, keyword_requirement(keyword, schema))
    for rule in item.rules:
        yield Rule(
            rule.id, rule.fields[0] if rule.fields else "", Message("bulk.rule", {"says": rule.message})
        )
    for reference in item.references:
        reason = dangling_reason(reference)
        yield Rule(
            reason.rule,
            reason.member,
            Message("bulk.reference", {"item": reference.item, "to": reference.to}),
        )
    yield Rule(UNIQUE.rule, "", Message("bulk.unique", {"key": item.key or ("-",)}))


def rule(item: Item | None, id_: str, member: str) -> Rule:
    """A rule by its id; worded generically for a keyword inside a condition."""
    match = next((r for r in rules(item) if r.id == id_), None) if item else None
    if match is not None:
        return match
    place, _, keyword = id_.partition("/")
    if place == LINE:
        return Rule(id_, "", Message(f"bulk.line_{keyword}"))
    schema = item.schema["properties"].get(place, {}) if item else {}
    says = keyword_requirement(keyword, schema) if keyword in schema else _conditional(keyword)
    return Rule(id_, member, says)


def _conditional(keyword: str) -> Message:
    """Requirement of a keyword inside a condition, which applies to some rows only."""
    if keyword == "required":
        return Message("bulk.rule_required_here")
    return Message("bulk.rule_other", {"keyword": keyword})


def keyword_requirement(keyword: str, schema: Mapping[str, Any]) -> Message:
    """Requirement of a schema keyword on a member."""
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


def member_title(item: Item | None, member: str) -> Text | None:
    """Title of a member; None if it has none."""
    schema = item.schema["properties"].get(member, {}) if item else {}
    named = schema.get("x-title")
    return Text(named["zh"], named["en"]) if named else None
