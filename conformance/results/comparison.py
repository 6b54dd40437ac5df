"""Two result documents side by side: what fails newly, was mended, still fails, what came and went."""

from collections.abc import Mapping
from typing import Any

CONDITIONS = ("profile", "standard_version", "standard_digest", "suite_version", "seed", "as_of")
"""What has to be equal for a difference to be the platform's doing."""
FINE = frozenset({"passed", "not_applicable", "not_effective", "manual"})
Document = Mapping[str, Any]


def compare(before: Document, after: Document) -> dict[str, Any]:
    """The member `comparison` of the later document (schema `meta/result`)."""
    old, new = _verdicts(before), _verdicts(after)
    both = [id_ for id_ in new if id_ in old]
    return {
        "with": _about(before),
        "differing": _differing(before, after),
        "newly_failing": [_change(i, old, new) for i in both if old[i] in FINE and new[i] not in FINE],
        "fixed": [_change(i, old, new) for i in both if old[i] not in FINE and new[i] in FINE],
        "still_failing": [_change(i, old, new) for i in both if old[i] not in FINE and new[i] not in FINE],
        "new": [_change(i, old, new) for i in new if i not in old] if before["complete"] else [],
        "removed": [_change(i, old, new) for i in old if i not in new] if after["complete"] else [],
        "unchanged": sum(old[i] in FINE and new[i] in FINE for i in both),
    }


def worse(comparison: Mapping[str, Any]) -> bool:
    """Whether something that was fine is so no longer."""
    return bool(comparison["newly_failing"])


def same_platform(one: Document, other: Document) -> bool:
    """By the identity the platform states; an address may change from run to run."""
    names = [document["run"]["platform"].get("platform_id") for document in (one, other)]
    if all(names):
        return bool(names[0] == names[1])
    return bool(one["run"]["base_url"] == other["run"]["base_url"])


def _verdicts(document: Document) -> dict[str, str]:
    return {case["id"]: case["verdict"] for case in document["cases"]}


def _change(id_: str, old: Mapping[str, str], new: Mapping[str, str]) -> dict[str, Any]:
    return {"case": id_, "before": old.get(id_), "after": new.get(id_)}


def _about(document: Document) -> dict[str, Any]:
    run = document["run"]
    names = ("id", "started_at", "base_url", *CONDITIONS)
    return {
        **{name: run[name] for name in names},
        "complete": document["complete"],
        "exit_code": document["exit_code"],
        "requirements": document["counts"]["requirements"],
    }


def _differing(before: Document, after: Document) -> list[str]:
    names = [name for name in CONDITIONS if before["run"][name] != after["run"][name]]
    return [*names, "complete"] if before["complete"] != after["complete"] else names
