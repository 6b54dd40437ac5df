"""The one door through which all input of a check passes."""

from collections.abc import Callable, Mapping
from datetime import date
from random import Random
from typing import Any, Protocol, TypeVar

from conformance.model.judgement import Case
from conformance.model.standard import Standard
from conformance.model.target import Target
from conformance.model.wire import Answer, Incoming, Reply, Request

T = TypeVar("T")


class World(Protocol):
    """Where subjects and their records come from: they are the same in every run that has the same data."""

    @property
    def standard(self) -> Standard: ...
    @property
    def random(self) -> Random: ...
    @property
    def today(self) -> date: ...
    def plant(self, value: str) -> str:
        """As `Context.plant`."""


class Context(Protocol):
    """Input of a check. A recorded context gives the same answers without the platform.

    `standard`, `target`, `case`: values. `random`: seeded by run and case. `today`: the run's day in
    Asia/Shanghai; dated data is built from it, so that equal runs send equal requests.
    """

    @property
    def standard(self) -> Standard: ...
    @property
    def target(self) -> Target: ...
    @property
    def case(self) -> Case: ...
    @property
    def random(self) -> Random: ...
    @property
    def today(self) -> date: ...

    @property
    def world(self) -> World:
        """What set-up data are made from: the context itself, or the loaded data set."""

    def keep(self, record: Mapping[str, Any]) -> bool:
        """Whether the platform has this record already, from a data set it has loaded.

        Raises NotVerified where it has loaded a set that lacks the record.
        """

    def send(self, request: Request) -> Reply:
        """Send one request. Raises Inconclusive when no reply of the platform arrives."""

    def stage(self, item: str, identifier: str, answer: Answer) -> None:
        """Prepare what the source answers about an item of the subject with this identifier.

        Raises NotVerified where the platform cannot reach the sources that the suite plays.
        """

    def received(self) -> tuple[Incoming, ...]:
        """What the platform has asked the sources about the subjects of this case so far, in order."""

    def plant(self, value: str) -> str:
        """Note a synthetic value as planted, so that it is redacted and can be searched for."""

    def wait_until(self, probe: Callable[[], T | None], within: float) -> T | None:
        """Repeat `probe` until it returns something or `within` seconds have passed."""

    def repeat(self, probe: Callable[[], T | None]) -> T:
        """Repeat `probe` at once until it returns something. As in a wait, the platform decides how often."""
