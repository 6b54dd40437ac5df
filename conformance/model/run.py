"""Plans and runs: what will be judged, and what was judged."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from conformance.model.judgement import Case, Check, Result, Verdict
from conformance.model.standard import Level
from conformance.model.text import Message


@dataclass(frozen=True, slots=True)
class Planned:
    """One case of a plan: to be executed, or decided already (not applicable, not effective, manual...)."""

    case: Case
    check: Check | None
    verdict: Verdict | None = None
    why: Message | None = None
    """Why it is decided already, e.g. the evaluated `applies_when`."""
    level: Level = Level.SHALL
    """Force of the requirement: only a SHALL can fail."""


@dataclass(frozen=True, slots=True)
class Plan:
    """All cases of a run in a stable order."""

    planned: tuple[Planned, ...]
    seed: int
    nonce: str
    as_of: date
    complete: bool
    """False for a subset; a subset never yields a statement."""


@dataclass(frozen=True, slots=True)
class RequirementVerdict:
    """The worst verdict of a requirement's cases."""

    requirement: str
    verdict: Verdict
    cases: tuple[str, ...]
    why: Message | None = None


@dataclass(frozen=True, slots=True)
class RunInfo:
    """Description of a run: enough to repeat it."""

    suite_version: str
    standard_version: str
    standard_digest: str
    profile: str
    base_url: str
    platform: Mapping[str, Any]
    """The platform's own descriptor, abridged."""
    seed: int
    nonce: str
    as_of: date
    jobs: int
    started_at: datetime
    finished_at: datetime
    complete: bool


@dataclass(frozen=True, slots=True)
class Run:
    """A finished run. Results are redacted before they get here."""

    info: RunInfo
    results: tuple[Result, ...]
    requirements: tuple[RequirementVerdict, ...]
    exit_code: int
