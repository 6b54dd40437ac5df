"""The one door through which all input of a check passes."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from random import Random
from typing import Any, Protocol, TypeVar

from conformance.model.judgement import Case
from conformance.model.standard import Standard
from conformance.model.target import Target
from conformance.model.wire import Incoming, Reply, Request, StagedAnswer

T = TypeVar("T")


class World(Protocol):
    """Source of subjects and their records: the same in every run that has the same data."""

    @property
    def standard(self) -> Standard:
        """As `Context.standard`."""

    @property
    def random(self) -> Random:
        """As `Context.random`."""

    @property
    def today(self) -> date:
        """As `Context.today`."""

    def plant(self, value: str) -> str:
        """As `Context.plant`."""


class Context(Protocol):
    """Input of a check: the same for a platform, for the record of a run and for any stand-in.

    A check draws randomness from `random` and dates from `today`, so that equal runs send equal requests.

        @verifies("DOC-001")
        def health_is_answered(ctx: Context) -> None:
            reply = ctx.send(Request("getHealth"))
            expect.status(reply, 200)
    """

    @property
    def standard(self) -> Standard:
        """The standard as it is in force on the day of the run."""

    @property
    def target(self) -> Target:
        """The platform under test, as `target.toml` describes it."""

    @property
    def case(self) -> Case:
        """The case that runs: the check and the parameter it was expanded for."""

    @property
    def random(self) -> Random:
        """Random numbers seeded by run and case; each attempt of a wait draws its own."""

    @property
    def today(self) -> date:
        """The day of the run in Asia/Shanghai, from which dated data is built."""

    @property
    def world(self) -> World:
        """Source of set-up data: the context itself, or the data set that the platform has loaded."""

    def keep(self, record: Mapping[str, Any]) -> bool:
        """True if the platform has the record already, from a data set it has loaded.

        Raises NotVerified if it has loaded a set that lacks the record.
        """

    def send(self, request: Request) -> Reply:
        """Send one request; one that is answered 429 is sent again unless it says `patient=False`.

        Raises Inconclusive when no reply of the platform arrives.
        """

    def place(self, name: str) -> str:
        """Address on the suite's server that belongs to this case, e.g. for `callback`.

        An opaque path segment names case and place; what is called there counts as received. Equal runs give
        equal addresses.
        Raises NotVerified where the platform cannot reach the suite's server.
        """

    def stage(self, place: str, answers: Sequence[StagedAnswer], correlation: str = "") -> None:
        """Prepare the answers to calls of a place: one for each call, the last one repeated.

        `place`: a name given to `place`, or the place of a role, e.g. `source:F08-01`.
        `correlation`: what a call of a role names if it belongs to this case, e.g. its subject.
        Raises NotVerified where the platform cannot reach the suite's server.

            ctx.stage("callback", [StagedAnswer(503), StagedAnswer(204)])
        """

    def received(self, place: str = "") -> tuple[Incoming, ...]:
        """Calls of the platform for this case so far, in order of arrival; of one place if it is given.

        Each tells its number of arrival, the seconds since the case began and the answer it was given.
        """

    def plant(self, value: str) -> str:
        """Note a synthetic value as planted, so that it is redacted and can be searched for; returns it."""

    def wait_until(self, probe: Callable[[], T | None], seconds: float) -> T | None:
        """Repeat `probe` until it returns something or so many seconds have passed: its last outcome.

        Raises SuiteError within another wait.
        """

    def repeat(self, probe: Callable[[], T | None]) -> T:
        """Repeat `probe` without a pause until it returns something, e.g. over the pages of a listing."""
