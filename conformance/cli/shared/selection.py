"""The selection that the words of a command line stand for."""

from conformance.model.standard import Standard
from conformance.runner.selection import Selection


def selection_of(
    words: list[str] | None,
    standard: Standard,
    *,
    smoke: bool = False,
    only: frozenset[str] | None = None,
) -> Selection:
    """`AUT` and `authorization` are parts, all other words are ids. `smoke`: one case of each check."""
    requirements = standard.requirements.values()
    part_names = {r.part for r in requirements} | {r.id.partition("-")[0] for r in requirements}
    parts = tuple(word for word in words or () if word in part_names)
    ids = tuple(word for word in words or () if word not in part_names)
    return Selection(ids, parts, only, most=1 if smoke else None)
