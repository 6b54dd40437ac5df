"""What the oracles say of a row: `<field>/<keyword>` of JSON Schema, or the id of a cross-field rule."""

import re
from collections.abc import Callable, Mapping
from typing import Any

from conformance.model.shapes import Checklist, Item
from conformance.oracles.validate import Invalidity, item_validator, schema_validator

Judge = Callable[[Mapping[str, Any]], frozenset[str]]
_MEMBER = re.compile(r'"([^"]+)" is a required|\'([^\']+)\' was unexpected')


def judge(item: Item, checklist: Checklist) -> Judge:
    """Judges flat rows of an item: members with a dot are those of the envelope."""
    content, envelope = item_validator(item), schema_validator(checklist.row_schema)

    def reasons(row: Mapping[str, Any]) -> frozenset[str]:
        outer = {name: value for name, value in row.items() if "." in name}
        found = content({name: value for name, value in row.items() if "." not in name})
        return frozenset(map(reason, (*found, *(envelope(outer) if outer else ()))))

    return reasons


def reason(invalidity: Invalidity) -> str:
    """The id of a reason."""
    if invalidity.rule:
        return invalidity.rule
    name = invalidity.pointer.split("/")[1] if invalidity.pointer else ""
    if not name and (found := _MEMBER.search(invalidity.detail)):
        name = found[1] or found[2]
    return f"{name}/{invalidity.keyword}"
