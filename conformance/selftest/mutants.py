"""Mutants and variants, as the process that serves them tells of them."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from conformance.selftest.process import run_reference


@dataclass(frozen=True, slots=True)
class Mutant:
    """A platform that is wrong in exactly one way; without a requirement, one that obeys."""

    name: str
    requirement: str
    also: Mapping[str, str] = field(default_factory=dict)
    """Other requirements that may fail, with the reason."""
    description: str = ""
    digest: str = ""
    """Of the program that it is."""

    @property
    def words(self) -> Sequence[str]:
        """Words of the command line that start it."""
        kind = "--mutant" if self.requirement else "--variant"
        return (kind, self.name) if self.name else ()


def mutants() -> tuple[Mutant, ...]:
    """All mutants of the reference platform, by name."""
    return _listed("--list-mutants")


def variants() -> tuple[Mutant, ...]:
    """Platforms that obey in another style, by name."""
    return _listed("--list-variants")


def _listed(word: str) -> tuple[Mutant, ...]:
    listed: Mapping[str, Any] = json.loads(run_reference([word]))
    return tuple(Mutant(name=name, **{"requirement": "", **listed[name]}) for name in sorted(listed))
