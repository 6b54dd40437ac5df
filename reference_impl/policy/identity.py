"""Reserved test identities: a production platform refuses them, wherever they stand in a document."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

Reserved = Mapping[str, Any]


def reserved_identity(document: Any, reserved: Reserved) -> str | None:
    """Pointer of the first identifier in a document that lies in a reserved range."""
    subject = document.get("subject") or {}
    for index, identifier in enumerate(subject.get("ids", ())):
        if _is_reserved(identifier["scheme"], identifier["value"], reserved):
            return f"/subject/ids/{index}/value"
    person = re.compile(re.escape(reserved["resident_id_area"]) + "[0-9]{11}[0-9X]")
    pointers = (
        pointer for pointer, text in _strings(document.get("content"), "/content") if person.fullmatch(text)
    )
    return next(pointers, None)


def _is_reserved(scheme: str, value: str, reserved: Reserved) -> bool:
    division_prefix = reserved["uscc"]["division_prefix"]
    tests = {
        "uscc": value[2:].startswith(division_prefix),
        "taxpayer_id": value[2:].startswith(division_prefix),
        "org_code": value.startswith(reserved["org_code_prefix"]),
        "family_farm_code": value.startswith(reserved["family_farm_code_prefix"]),
        "resident_id": value.startswith(reserved["resident_id_area"]),
    }
    return tests.get(scheme, False)


def _strings(value: Any, pointer: str) -> Iterator[tuple[str, str]]:
    if isinstance(value, str):
        yield pointer, value
    elif isinstance(value, Mapping):
        for name, member in value.items():
            yield from _strings(member, f"{pointer}/{name}")
    elif isinstance(value, list):
        for index, member in enumerate(value):
            yield from _strings(member, f"{pointer}/{index}")
