"""Versions of the checklist: what the platform says of them, and what notices of the network tell it."""

from typing import Any

from reference_impl.wire.message import Call

NOTICE = "checklist_version"


def versions(call: Call) -> list[dict[str, Any]]:
    """The version in force, that before it while its records are taken, later ones, and announced ones."""
    catalogue = call.parts.catalogue
    current, day = catalogue.current, catalogue.today()
    standing = {current.version: "in_force"}
    for edition in catalogue.accept(catalogue.editions, day, catalogue.transition_days):
        standing.setdefault(edition.version, "previous")
    for edition in catalogue.editions:
        if edition.effective_from > day:
            standing.setdefault(edition.version, "next")
    served = [
        _version(e.version, standing[e.version], e.effective_from, e.effective_until)
        for e in catalogue.editions
        if e.version in standing
    ]
    return [*served, *(told for told in announced(call) if told["version"] not in standing)]


def announced(call: Call) -> list[dict[str, Any]]:
    """The versions that the network has told of and has not taken back."""
    found: dict[str, dict[str, Any]] = {}
    for _, notice in call.store.network.kinds((NOTICE,)):
        detail = notice.get("detail", {})
        version, since = detail.get("checklist_version"), detail.get("effective_from")
        if not isinstance(version, str):
            continue
        if detail.get("withdrawn") is True:
            found.pop(version, None)
        elif isinstance(since, str):
            found[version] = _version(version, "announced", since, None)
    return list(found.values())


def _version(version: str, standing: str, since: object, until: object) -> dict[str, Any]:
    return {
        "version": version,
        "standing": standing,
        "effective_from": str(since),
        "effective_until": None if until is None else str(until),
    }
