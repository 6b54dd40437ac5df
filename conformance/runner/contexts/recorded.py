"""The port of a case that is judged again: each request must be the recorded one, and gets its reply."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from conformance.evidence import Canon, Recorded, Vault, digest, restored, restored_incoming
from conformance.evidence.replay import url
from conformance.expect import Inconclusive, NotVerified, SuiteError, Undecided
from conformance.model.judgement import Result, Verdict
from conformance.model.text import Message
from conformance.model.wire import Exchange, Incoming, Json, Reply, Request, StagedAnswer
from conformance.runner.contexts.port import Port, Position, Transmission

UNDECIDED = {Verdict.INCONCLUSIVE: Inconclusive, Verdict.NOT_VERIFIED: NotVerified}


@dataclass(slots=True, kw_only=True)
class RecordedPort(Port):
    """Replays the record of a case; None where a case was not recorded."""

    recorded: Recorded | None
    vault: Vault
    case: str
    """Id of the case, whose planted values are put back first."""
    _canon: Canon = field(default_factory=Canon)
    _steps: int = 0

    def exchange(self, request: Request, position: Position) -> Transmission:
        """The recorded exchange of this position. Raises Undecided if the record has no reply."""
        canonical_request = self._canon.request(request)
        recorded, exchange = self._exchange(position.step, canonical_request)
        if digest(canonical_request) != recorded.digests[position.step - 1]:
            raise _diverged(position.step, canonical_request)
        reply = restored(exchange.reply, self.vault, self.case)
        self._canon.learn(reply, position.wait, position.attempt, position.retry)
        self._steps = position.step
        return Transmission(exchange.method, url(exchange.url, self.vault, self.case), reply)

    def resend(self, request: Request, reply: Reply, position: Position) -> bool:
        """True if the record has the request sent again."""
        del request, reply
        following = self._recorded_at(position.step + 1)
        return following is not None and following.retry > position.retry

    def try_again(self, position: Position, seconds_left: float) -> bool:
        """True if the record has another attempt of the wait."""
        del seconds_left  # the record tells how often the platform was asked
        following = self._recorded_at(position.step)
        return following is not None and following.wait == position.wait

    def open_place(self, place: str, segment: str) -> None:
        """As `Port.open_place`; the record decides on it."""
        del place, segment
        self._end_where_counterpart_was_missing()

    def stage(self, place: str, answers: Sequence[StagedAnswer], correlation: str) -> None:
        """As `Port.stage`; the record decides on it."""
        del place, answers, correlation  # the record tells what came of it
        self._end_where_counterpart_was_missing()

    def arrived(self, look: int) -> Sequence[Incoming]:
        """Recorded calls up to the look."""
        calls = self.recorded.result.received if self.recorded else ()
        seen = (call for call in calls if not look or 0 < call.look <= look)
        return [restored_incoming(call, self.vault, self.case) for call in seen]

    def _end_where_counterpart_was_missing(self) -> None:
        """Raise what ended the recorded case where the platform could not reach the suite."""
        if self.recorded is None:
            raise NotVerified(Message("runner.not_recorded"))
        result = self.recorded.result
        ended = result.verdict is Verdict.NOT_VERIFIED and self._steps == len(result.exchanges)
        if ended and result.findings[0].message.key.startswith("counterpart."):
            raise _recorded_end(NotVerified, result)

    def _exchange(self, step: int, canonical_request: Json) -> tuple[Recorded, Exchange]:
        """The recorded exchange of a step, or how the recorded case ended instead."""
        if self.recorded is None:
            raise NotVerified(Message("runner.not_recorded"))
        exchange, result = self._recorded_at(step), self.recorded.result
        if exchange is not None:
            return self.recorded, exchange
        if result.verdict in UNDECIDED:
            raise _recorded_end(UNDECIDED[result.verdict], result)
        raise _diverged(step, canonical_request)

    def _recorded_at(self, step: int) -> Exchange | None:
        exchanges = self.recorded.result.exchanges if self.recorded else ()
        return exchanges[step - 1] if step <= len(exchanges) else None


def _recorded_end(kind: type[Undecided], result: Result) -> Undecided:
    fault = kind(result.findings[0].message)
    fault.where = result.findings[0].where
    return fault


def _diverged(step: int, canonical_request: Json) -> SuiteError:
    return SuiteError(Message("runner.diverged", {"step": step, "request": canonical_request}))
