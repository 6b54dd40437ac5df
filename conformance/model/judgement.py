"""Cases, verdicts and results."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Annotated, Any

from conformance.model.json_form import AS_IS, SECONDS
from conformance.model.text import Message
from conformance.model.wire import Exchange, Incoming


class Verdict(StrEnum):
    """The closed list of verdicts. `waived` and `inherited` are marks beside one, never one themselves."""

    PASSED = "passed"
    FAILED = "failed"
    WARNED = "warned"
    NOT_APPLICABLE = "not_applicable"
    NOT_EFFECTIVE = "not_effective"
    NOT_VERIFIED = "not_verified"
    INCONCLUSIVE = "inconclusive"
    ERRORED = "errored"
    MANUAL = "manual"


class Fault(StrEnum):
    """The party that has to act on a finding."""

    PLATFORM = "platform"
    CONFIGURATION = "configuration"
    SUITE = "suite"
    STANDARD = "standard"


@dataclass(frozen=True, slots=True)
class Finding:
    """One observation behind a verdict. `expected` and `actual` are JSON values."""

    message: Message
    step: int | None = None
    where: str = ""
    """Place in the exchange, e.g. `reply.body/results/0/status`."""
    expected: Annotated[Any, AS_IS] = None
    actual: Annotated[Any, AS_IS] = None
    fault: Fault = Fault.PLATFORM


@dataclass(frozen=True, slots=True)
class Case:
    """One executable case: a check, with the parameter it was expanded for."""

    requirement: str
    check: str
    """Name of the check function or monitor."""
    parameter: str = ""
    """E.g. `F01-01`; empty for a check without expansion."""
    exclusive: bool = False

    @property
    def id(self) -> str:
        """Stable id: `COL-001/valid_records_are_accepted[F01-01]`."""
        suffix = f"[{self.parameter}]" if self.parameter else ""
        return f"{self.requirement}/{self.check}{suffix}"


@dataclass(frozen=True, slots=True)
class Result:
    """The verdict on one case."""

    case: Case
    verdict: Verdict
    findings: tuple[Finding, ...] = ()
    exchanges: tuple[Exchange, ...] = ()
    duration: Annotated[float, SECONDS] = 0.0
    """Seconds."""
    started: Annotated[float, SECONDS] = 0.0
    """Seconds since the run began."""
    lane: int = 0
    """Number of the parallel worker that ran it, from 1; 0 for a case that ran alone or not at all."""
    received: tuple[Incoming, ...] = ()
    """Requests of the platform to the parties that the suite plays."""
    marks: Annotated[Mapping[str, Any], AS_IS] = field(default_factory=dict)
    """`inherited`: the prerequisite that failed; `waived`: the waiver."""


@dataclass(frozen=True, slots=True)
class Check:
    """A check function with what `@verifies` states of it."""

    requirement: str
    name: str
    run: Callable[..., None]
    needs: tuple[str, ...] = ()
    """Capabilities, operations or IXIT entries without which the check is `not_verified`."""
    exclusive: bool = False
    expand: Callable[..., tuple[str, ...]] | None = None
    """`expand(standard)` gives the parameters at plan time."""
