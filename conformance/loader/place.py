"""A place in a file of the standard, from which problems are reported."""

from collections.abc import Container, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from conformance.loader.cel import Variables, check_expression
from conformance.loader.files import Pointer
from conformance.loader.problem import Problem
from conformance.loader.tree import Tree
from conformance.model.text import Message


@dataclass(frozen=True, slots=True)
class Place:
    """A place in a file, as part of a record."""

    tree: Tree
    file: str
    pointer: Pointer = ()
    record: str = ""

    def at(self, *parts: str | int) -> "Place":
        """A place within this one."""
        return replace(self, pointer=(*self.pointer, *parts))

    def of(self, record: str) -> "Place":
        """The same place, as part of a record."""
        return replace(self, record=record)

    def problem(self, key: str, **args: Any) -> Problem:
        """A problem at this place."""
        return self.tree.problem(self.file, self.pointer, self.record, Message(f"loader.{key}", args))

    def unknown(self, kind: str, names: Iterable[Any], known: Container[str]) -> Iterator[Problem]:
        """Those of a list of names that name nothing; `kind` says what they should name."""
        for n, name in enumerate(names):
            if name not in known:
                yield self.at(n).problem(f"unknown_{kind}", name=name)

    def condition(self, source: str, variables: Variables) -> Iterator[Problem]:
        """Errors of the CEL condition at this place."""
        for message in check_expression(source, variables):
            yield self.tree.problem(self.file, self.pointer, self.record, message)

    def period(self, *dates: tuple[str, str | None]) -> Iterator[Problem]:
        """Days that do not exist, and periods that end before they begin."""
        days = []
        for name, value in dates:
            try:
                days += [date.fromisoformat(value)] if value else []
            except ValueError:
                yield self.at(name).problem("date", found=value)
        if days != sorted(days):
            yield self.at(dates[-1][0]).problem("period", start=days[0], end=days[-1])


def duplicates(places: Iterable[tuple[Place, str]]) -> Iterator[Problem]:
    """Ids that occur more than once."""
    first: dict[str, str] = {}
    for place, name in places:
        if name in first:
            yield place.of(name).problem("duplicate", name=name, first=first[name])
        else:
            first[name] = place.file
