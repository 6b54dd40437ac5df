"""Reference semantics of a row: its schema and every rule it breaks. All engines agree with this module."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

import jsonschema_rs

from conformance.data.batch import Unreadable
from conformance.data.plan import RowPlan
from conformance.data.plan.single import Holds, holds
from conformance.model.shapes import Checklist, Item
from conformance.oracles.cel import CelError, Expression
from conformance.oracles.formats import CHECKERS
from conformance.oracles.validate import money_fields, rule_variables

ROW = "row"
"""Placeholder for the whole row in rule ids that concern no single member."""
LINE = "line"


@dataclass(frozen=True, slots=True)
class Reason:
    """One rule that a row breaks."""

    rule: str
    """`<member>/<keyword>`, `row/<keyword>`, `line/<fault>`, `unique`, or the id of a cross-field rule."""
    member: str
    """The member at fault; empty for a rule about the whole row."""


UNIQUE = Reason("unique", "")
Row = dict[str, Any] | Unreadable
Reasons = Callable[[Row], tuple[Reason, ...]]


def row_item(item: Item, checklist: Checklist) -> Item:
    """The item with its schema extended to rows: its own fields and the envelope members of `row.yaml`."""
    row = checklist.row_schema
    members = {**item.schema["properties"], **row.get("properties", {})}
    for name, allowed in (("subject.type", item.subject_types), ("record.item_code", (item.code,))):
        if name in members:
            members[name] = {**members[name], "enum": list(allowed)}
    merged = {**item.schema, "properties": members}
    also = {key: value for key, value in row.items() if key in ("anyOf", "allOf", "required")}
    if also:
        merged["allOf"] = [*item.schema.get("allOf", []), also]
    return replace(item, schema=merged)


def row_reasons(item: Item, plan: RowPlan) -> Reasons:
    """A function from a row to the rules it breaks: schema first, then rules whose members are all valid."""
    validator = jsonschema_rs.Draft202012Validator(
        dict(item.schema), formats=dict(CHECKERS), validate_formats=True, offline=True
    )
    members = frozenset(item.schema["properties"])
    rules = tuple((r.id, r.fields, _holds(item, r.id, plan)) for r in item.rules)

    def reasons(row: Row) -> tuple[Reason, ...]:
        if isinstance(row, Unreadable):
            return (Reason(f"{LINE}/{row.reason}", ""),)
        reasons_by_order = dict.fromkeys(
            r for error in validator.iter_errors(row) for r in of_error(error, members)
        )
        unsound = {reason.member for reason in reasons_by_order}
        for rule, fields, obeys in rules if isinstance(row, dict) else ():
            if unsound.isdisjoint(fields) and not obeys(row):
                reasons_by_order[Reason(rule, fields[0] if fields else "")] = None
        return tuple(reasons_by_order)

    return reasons


def of_error(error: jsonschema_rs.ValidationError, members: frozenset[str]) -> Iterator[Reason]:
    """Yield the reason for a validator error, attributed to the top-level member that contains it."""
    keyword = error.kind.name
    if keyword == "required" and not error.instance_path:
        member = str(error.kind.as_dict()["property"])
    else:
        member = str(error.instance_path[0]) if error.instance_path else ""
    place = member if member in members else ROW
    yield Reason(f"{place}/{keyword}", member if place != ROW else "")


def _holds(item: Item, rule: str, plan: RowPlan) -> Holds:
    """A rule as a predicate on rows; evaluated as CEL where the plan has no term for it."""
    term = plan.rules.get(rule)
    if term is not None:
        return _guarded(holds(term))
    rule_record = next(r for r in item.rules if r.id == rule)
    expression, money = Expression(rule_record.expression), money_fields(item) & frozenset(rule_record.fields)

    def obeys_rule(row: Mapping[str, Any]) -> bool:
        try:
            return expression.evaluate(rule_variables(row, money))
        except CelError:
            return False

    return obeys_rule


def _guarded(obeys: Holds) -> Holds:
    """A predicate that is false where the rule has no value because it reads an absent member."""

    def obeys_rule(row: Mapping[str, Any]) -> bool:
        try:
            return obeys(row)
        except (LookupError, TypeError, ValueError):
            return False

    return obeys_rule
