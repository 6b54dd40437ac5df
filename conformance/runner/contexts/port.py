"""The port of a case: everything in which a live platform, a recorded run and a stand-in differ."""

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from conformance.model.wire import Incoming, Reply, Request, StagedAnswer


@dataclass(frozen=True, slots=True)
class Position:
    """Position of a request within its case."""

    step: int
    """Number of the exchange, from 1."""
    wait: int = 0
    """Number of the wait that sends it, from 1; 0 outside a wait."""
    attempt: int = 0
    """Attempt of that wait, from 1; 0 outside a wait."""
    retry: int = 0
    """Number of earlier sendings of this request that were answered 429."""


@dataclass(frozen=True, slots=True)
class Transmission:
    """One request as it was sent, with its reply."""

    method: str
    url: str
    """Path and query, without scheme and host."""
    reply: Reply


class Port(ABC):
    """Answers the requests of one case. A subclass overrides `exchange` and whatever else it can do."""

    @abstractmethod
    def exchange(self, request: Request, position: Position) -> Transmission:
        """Send one request. Raises Undecided when there is no reply to judge."""

    def resend(self, request: Request, reply: Reply, position: Position) -> bool:
        """True if the reply asks to send the request again later; waits as long as it says."""
        del request, reply, position
        return False

    def try_again(self, position: Position, seconds_left: float) -> bool:
        """True if a wait makes another attempt, whose first request has the position; pauses before it."""
        del position, seconds_left
        return False

    def open_place(self, place: str, segment: str) -> None:
        """Have calls that name `segment` in their path count as calls of `place`."""
        del place, segment

    def stage(self, place: str, answers: Sequence[StagedAnswer], correlation: str) -> None:
        """Prepare the answers of a place, one for each call; the last one repeats."""
        del place, answers, correlation

    def arrived(self, look: int) -> Sequence[Incoming]:
        """Calls of the platform up to a look of the check, in order of arrival; all of them for 0."""
        del look
        return ()

    def has_loaded(self, record: Mapping[str, Any]) -> bool:
        """True if the platform has loaded the record. Raises NotVerified for one of no data set."""
        del record
        return True
