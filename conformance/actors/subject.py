"""Subjects (信息主体) made of reserved test identities, and what their agents assert."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from conformance.model.context import World
from conformance.model.wire import SubjectAssertion, SubjectToken
from conformance.synth import identities


@dataclass(frozen=True, slots=True)
class Subject:
    """An information subject known by one identifier."""

    type: str
    name: str
    scheme: str
    value: str
    capacity: str
    """In which its agent usually acts."""

    @property
    def reference(self) -> dict[str, Any]:
        """The subject as a query names it."""
        return {"type": self.type, "ids": [{"scheme": self.scheme, "value": self.value}]}

    @property
    def full(self) -> dict[str, Any]:
        """The subject as a record or an authorization names it."""
        return {**self.reference, "name": self.name}

    def assertion(self, serial: str, **faults: Any) -> SubjectAssertion:
        """The agent's assertion; `faults` makes it wrong on purpose."""
        stated = {"subject_type": self.type, "scheme": self.scheme, "value": self.value, "serial": serial}
        return SubjectAssertion(**{**stated, "capacity": self.capacity, **faults})

    def token(self, serial: str = "session") -> SubjectToken:
        return SubjectToken(self.assertion(serial))


def make(world: World, subject_type: str) -> Subject:
    """A new subject of the type, under the identifier its type is known by."""
    made = identities.subject(world.random, world.standard.reserved, subject_type)
    identifier = made["ids"][0]
    value = world.plant(identifier["value"])
    return Subject(
        subject_type, world.plant(made["name"]), identifier["scheme"], value, usual(world, subject_type)
    )


def usual(world: World, subject_type: str) -> str:
    """The capacity in which somebody usually acts for a subject of the type."""
    signers: Sequence[str] = world.standard.codes["subject_type"].codes[subject_type].properties["signers"]
    return signers[0]
