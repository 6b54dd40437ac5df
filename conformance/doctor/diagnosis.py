"""Diagnoses: the state that a probe finds, an observation, and advice on how to mend it."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from conformance.model.text import Message


class ProbeState(StrEnum):
    """Outcome of a probe, from good to bad."""

    OK = "ok"
    WARN = "warn"
    FAIL = "fail"


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """The result of one probe."""

    probe: str
    """E.g. `dns`, `tls`, `credentials.hub`."""
    state: ProbeState
    observation: Message
    advice: Message | None = None


class Broken(Exception):  # noqa: N818 - it is a finding, not a mistake of the doctor
    """A layer is broken: what lies above it cannot be examined."""

    def __init__(self, diagnosis: Diagnosis) -> None:
        super().__init__(diagnosis.observation.key)
        self.diagnosis = diagnosis


def ok(probe: str, key: str, /, **args: Any) -> Diagnosis:
    return Diagnosis(probe, ProbeState.OK, Message(f"doctor.{key}", args))


def warn(probe: str, key: str, /, **args: Any) -> Diagnosis:
    return Diagnosis(
        probe, ProbeState.WARN, Message(f"doctor.{key}", args), Message(f"doctor.{key}_advice", args)
    )


def fail(probe: str, key: str, /, **args: Any) -> Diagnosis:
    return Diagnosis(
        probe, ProbeState.FAIL, Message(f"doctor.{key}", args), Message(f"doctor.{key}_advice", args)
    )


def healthy(diagnoses: Iterable[Diagnosis]) -> bool:
    """True if nothing failed and something was examined."""
    states = [diagnosis.state for diagnosis in diagnoses]
    return bool(states) and ProbeState.FAIL not in states
