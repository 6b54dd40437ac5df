"""The rules of the standard: clauses, requirements, profiles, terms, and the shapes they speak of."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from typing import Any, Self

from conformance.model.checklists import Checklists
from conformance.model.shapes import Api, Checklist, CodeSet, Desensitization, Format
from conformance.model.text import Text


class Level(StrEnum):
    """The force of a requirement."""

    SHALL = "shall"
    SHOULD = "should"
    MAY = "may"


class Verification(StrEnum):
    """Means by which a requirement is verified. Everything but `TEST` carries a reason."""

    TEST = "test"
    DECLARATION = "declaration"
    DOCUMENT = "document"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Clause:
    """One clause of 国办发〔2024〕15号: what it asks (own words), its force, and how it is handled."""

    id: str
    force: str
    kind: str
    summary: Text
    duty: Text
    reason: Text | None
    """Why no requirement covers it; None where one does."""


@dataclass(frozen=True, slots=True)
class Parameter:
    """A named number the policy leaves open, with its rationale; this standard's own choice."""

    name: str
    value: int | str
    unit: str
    rationale: Text


@dataclass(frozen=True, slots=True)
class Requirement:
    """One requirement of the standard. Its sentence is written here and nowhere else."""

    id: str
    part: str
    level: Level
    actor: str
    sentence: Text
    clauses: tuple[str, ...]
    profiles: tuple[str, ...]
    capability: str | None
    applies_when: str | None
    """CEL over `target` (descriptor and ICS); None means always."""
    parameters: Mapping[str, Parameter]
    effective_from: date
    effective_until: date | None
    verification: Verification
    reason: Text | None
    remediation: Text
    note: Text | None


@dataclass(frozen=True, slots=True)
class Profile:
    """A named selection of requirements that a platform of one kind reaches."""

    id: str
    title: Text
    extends: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Term:
    """A term of the field with its definition."""

    id: str
    title: Text
    definition: Text
    forbidden: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Variants that no text uses in place of the title, by language (`zh`, `en`)."""


@dataclass(frozen=True, slots=True)
class Standard:
    """The whole machine-readable standard, read once."""

    version: str
    digest: str
    """SHA-256 over all files in canonical order, hex."""
    clauses: Mapping[str, Clause]
    requirements: Mapping[str, Requirement]
    profiles: Mapping[str, Profile]
    terms: Mapping[str, Term]
    checklist: Checklist
    """The version that is judged by: that of a day and a division, see `on`."""
    codes: Mapping[str, CodeSet]
    desensitization: Desensitization
    api: Api
    reserved: Mapping[str, Any]
    """`codes/reserved.yaml`: test identities."""
    holidays: Mapping[str, Any]
    """`codes/calendar.yaml`: working days."""
    provider_api: Api = field(default_factory=lambda: Api("", {}))
    """API that a provider offers for the items that stay at their source."""
    checklists: Checklists = field(default_factory=Checklists)
    issued: date = date.min
    """Day of this edition of the standard."""
    status: Text = Text("", "")  # noqa: RUF009 - frozen
    """Standing of this edition, such as draft or published."""
    formats: Mapping[str, Format] = field(default_factory=dict)
    as_of: date = date.min
    division: str = ""

    def on(self, day: date, division: str) -> Self:
        """The standard as it holds on a day in a division."""
        known = bool(self.checklists.national)
        checklist = self.checklists.on(day, division) if known else self.checklist
        return replace(self, checklist=checklist, as_of=day, division=division)

    @property
    def next_checklist(self) -> Checklist | None:
        """The version that will take effect next."""
        return self.checklists.following(self.as_of, self.division)

    @property
    def in_transition(self) -> bool:
        """True if records of the version before are still accepted."""
        known = bool(self.checklists.national)
        return known and self.checklists.in_transition(self.as_of, self.division)

    @property
    def previous_checklist(self) -> Checklist | None:
        """The version that was in force before."""
        return self.checklists.preceding(self.as_of, self.division)

    def parameter(self, requirement: str, name: str) -> Parameter:
        """A parameter of a requirement. Raises KeyError for an unknown id or name."""
        return self.requirements[requirement].parameters[name]
