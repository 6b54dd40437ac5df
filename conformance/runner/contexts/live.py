"""The port of a case that runs against the platform."""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from conformance.expect import Inconclusive, NotVerified, Undecided
from conformance.model import clock
from conformance.model.judgement import Case
from conformance.model.target import Target, digest_of
from conformance.model.text import Message
from conformance.model.wire import Incoming, Reply, Request, StagedAnswer
from conformance.runner.contexts.port import Port, Position, Transmission
from conformance.runner.counterpart import Counterpart
from conformance.wire import Wire, retry_after

PAUSES = (0.02, 0.05, 0.1, 0.2, 0.5)
"""Seconds between the attempts of a wait; the last one repeats."""


@dataclass(slots=True, kw_only=True)
class LivePort(Port):
    """Sends requests over the wire, and takes calls from the counterpart."""

    case: Case
    target: Target
    today: date
    """The platform's day in China when the session began."""
    wire: Wire
    deadline: float
    """Monotonic seconds after which the case sends nothing more."""
    counterpart: Counterpart | None
    """None where the suite plays no party."""
    began: float = field(default_factory=time.monotonic)
    _patience_ends: float = 0.0

    def exchange(self, request: Request, position: Position) -> Transmission:
        """Send the request. Raises Undecided without a reply, and Inconclusive after the deadline."""
        if not position.retry:
            self._patience_ends = min(self.deadline, time.monotonic() + retry_after.LONGEST)
        self._check_time()
        try:
            transmission = self.wire.exchange(request, self.deadline, self.case.id, position.step)
        except Undecided as fault:
            fault.where = f"step {position.step}: {request.operation}"
            raise
        return Transmission(*transmission)

    def resend(self, request: Request, reply: Reply, position: Position) -> bool:
        """Sleep as long as `Retry-After` says; False if that is past the deadline."""
        del position
        pause = retry_after.pause(reply, self.wire.now()) if request.patient else None
        if pause is None or time.monotonic() + pause >= self._patience_ends:
            return False
        time.sleep(pause)
        return True

    def try_again(self, position: Position, seconds_left: float) -> bool:
        """Sleep before another attempt; False after the deadline of the case."""
        left = min(seconds_left, self.deadline - time.monotonic())
        if left <= 0:
            return False
        time.sleep(min(PAUSES[min(position.attempt, len(PAUSES)) - 1], left))
        return True

    def open_place(self, place: str, segment: str) -> None:
        """Open the place in the inbox. Raises NotVerified if the platform cannot reach it."""
        self._reachable().inbox.open_place(self.case.id, place, segment)

    def stage(self, place: str, answers: Sequence[StagedAnswer], correlation: str) -> None:
        """Prepare the answers in the inbox. Raises NotVerified if the platform cannot reach it."""
        self._reachable().inbox.stage(self.case.id, place, answers, correlation)

    def arrived(self, look: int) -> Sequence[Incoming]:
        """Calls in the inbox since the case began; none without a counterpart."""
        del look
        return self.counterpart.inbox.arrived(self.case.id, self.began) if self.counterpart else ()

    def has_loaded(self, record: Mapping[str, Any]) -> bool:
        """True if the data set of the target has the record. Raises NotVerified if the set lacks it."""
        data_set = self.target.data_set
        if data_set and digest_of(record) not in data_set.records:
            raise NotVerified(Message("data.not_in_set", {"id": data_set.id}))
        return True

    def _reachable(self) -> Counterpart:
        """The counterpart, once the platform has reached it. Raises NotVerified."""
        if self.counterpart is None:
            raise NotVerified(Message("counterpart.not_configured"))
        self.counterpart.prove()
        return self.counterpart

    def _check_time(self) -> None:
        if time.monotonic() >= self.deadline:
            raise Inconclusive(Message("runner.deadline"))
        if clock.day_of(self.wire.now()) != self.today:
            # Dated data was made for the day before; a verdict on it would be wrong.
            raise Inconclusive(Message("runner.day_changed", {"today": self.today.isoformat()}))
