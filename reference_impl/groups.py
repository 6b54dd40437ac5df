"""Groups of replaceable decisions, looked up by their type: `parts[QueryParts].find_records`."""

from collections.abc import Callable, Iterable
from inspect import signature
from typing import Any, TypeVar

Group = TypeVar("Group")


class Parts:
    """The decisions of one platform, as one frozen dataclass for each part of the standard."""

    __slots__ = ("_groups",)

    def __init__(self, groups: Iterable[object]) -> None:
        """Raises LookupError where two groups have the same type."""
        self._groups: dict[type, Any] = {}
        for group in groups:
            if self._groups.setdefault(type(group), group) is not group:
                raise LookupError(f"two groups of parts are {type(group).__name__}")

    def __getitem__(self, kind: type[Group]) -> Group:
        """The group of this type. Raises KeyError for a type that no part has."""
        group: Group = self._groups[kind]
        return group

    def with_groups(self, *groups: object) -> "Parts":
        """The same decisions but for these groups. Raises LookupError for a type that no part has."""
        replaced = {type(group): group for group in groups}
        if replaced.keys() - self._groups.keys():
            raise LookupError(f"not groups of parts: {sorted(kind.__name__ for kind in replaced)}")
        return Parts({**self._groups, **replaced}.values())


def changed(parts: Parts, function: Callable[[Any], Any]) -> Parts:
    """The parts changed by a function of one group or of `Parts`, by the annotation of its parameter."""
    kind = next(iter(signature(function).parameters.values())).annotation
    if kind is Parts:
        replaced: Parts = function(parts)
        return replaced
    return parts.with_groups(function(parts[kind]))
