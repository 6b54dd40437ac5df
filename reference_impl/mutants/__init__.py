"""Platforms that are wrong in exactly one way: each replaces one part and names the requirement it breaks."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from importlib import import_module
from pkgutil import walk_packages
from typing import Any

from reference_impl.harness.digest import program_digest
from reference_impl.parts import Parts

Make = Callable[[Parts], Parts]
MARK = "__fcsp_mutant__"


@dataclass(frozen=True, slots=True)
class Mutant:
    """A wrong platform; its name is the function's, its description the function's first sentence."""

    name: str
    requirement: str
    make: Make
    description: str
    also: Mapping[str, str] = field(default_factory=dict)
    """Requirements that may fail beside the named one, each with the reason."""

    def describe(self) -> dict[str, Any]:
        return {
            "requirement": self.requirement,
            "also": dict(self.also),
            "description": self.description,
            "digest": program_digest(self.make),
        }


def breaks(requirement: str, also: Mapping[str, str] | None = None) -> Callable[[Make], Make]:
    """Mark a function from parts to parts as a mutant."""

    def mark(function: Make) -> Make:
        if not function.__doc__:
            raise ValueError(f"{function.__name__} does not say how it is wrong")
        mutant = Mutant(function.__name__, requirement, function, function.__doc__.strip(), dict(also or {}))
        setattr(function, MARK, mutant)
        return function

    return mark


def collect() -> dict[str, Mutant]:
    """All mutants by name, in order of their modules."""
    found: dict[str, Mutant] = {}
    for module in sorted(info.name for info in walk_packages(__path__, f"{__name__}.")):
        for member in vars(import_module(module)).values():
            mutant = getattr(member, MARK, None)
            if mutant is not None and found.setdefault(mutant.name, mutant) is not mutant:
                raise ValueError(f"two mutants are called {mutant.name}")
    return found
