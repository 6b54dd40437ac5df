"""Platforms that are wrong in exactly one way: each replaces a decision and names the requirement it breaks.

A mutant is a function of its group, found by the annotation of its parameter:

    @breaks("QRY-010")
    def only_a_withdrawal_ends_a_record(collection: CollectionParts) -> CollectionParts:
        \"\"\"What the provider says of the state of a record is stored and not looked at.\"\"\"
        return replace(collection, in_force=lambda _record: True)

One that needs several groups is a function of `Parts`.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from reference_impl.discovery import modules
from reference_impl.groups import Group, Parts, changed

Make = Callable[[Group], Group]
MARK = "__fcsp_mutant__"


@dataclass(frozen=True, slots=True)
class Mutant:
    """A wrong platform; its name is the function's, its description the function's docstring."""

    name: str
    requirement: str
    function: Callable[[Any], Any]
    description: str
    also: Mapping[str, str] = field(default_factory=dict)
    """Requirements that may fail beside the named one, each with the reason."""

    def make(self, parts: Parts) -> Parts:
        """The parts of the wrong platform, from those of a right one."""
        return changed(parts, self.function)


def breaks(requirement: str, also: Mapping[str, str] | None = None) -> Callable[[Make[Group]], Make[Group]]:
    """Mark a function from a group to a group, or from parts to parts, as a mutant.

        @breaks("AUT-003")
        def revocation_is_ignored(policy: Policy) -> Policy:
            '''A revoked authorization still counts.'''

    The docstring says in one sentence how the platform is wrong. `also`: other requirements that the mutant
    violates, each with the reason. The mark raises ValueError for a function without a docstring.
    """

    def mark(function: Make[Group]) -> Make[Group]:
        name, description = getattr(function, "__name__", ""), function.__doc__
        if not description:
            raise ValueError(f"{name} does not say how it is wrong")
        mutant = Mutant(name, requirement, function, description.strip(), dict(also or {}))
        setattr(function, MARK, mutant)
        return function

    return mark


def collect() -> dict[str, Mutant]:
    """All mutants by name, in order of their modules. Raises ValueError where two have one name."""
    mutants: dict[str, Mutant] = {}
    for module in modules(__name__):
        for member in vars(module).values():
            mutant = getattr(member, MARK, None)
            if mutant is not None and mutants.setdefault(mutant.name, mutant) is not mutant:
                raise ValueError(f"two mutants are called {mutant.name}")
    return mutants
