"""The inbox: calls of the platform by case, and the answers that cases have prepared."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from threading import Lock
from urllib.parse import urlsplit

from conformance.counterpart.role import Call, Role
from conformance.counterpart.server import Arrived
from conformance.model.wire import Incoming, StagedAnswer

MOST_FOR_A_CASE = 200
"""Calls kept for one case."""
PLACES = "/at/"
"""Path below which an opaque segment names a place of a case."""


def place_path(segment: str) -> str:
    """Path on the suite's server of the place that a segment names."""
    return PLACES + segment


@dataclass(frozen=True, slots=True)
class _Address:
    """A place of a case; `correlation` is empty where the address alone names the case."""

    case: str
    place: str
    correlation: str = ""


@dataclass(slots=True)
class _Script:
    """Answers of a place: one for each call, the last one repeated."""

    answers: Sequence[StagedAnswer]
    calls: int = 0

    def next_answer(self) -> StagedAnswer:
        answer = self.answers[min(self.calls, len(self.answers) - 1)]
        self.calls += 1
        return answer


@dataclass(slots=True)
class Inbox:
    """Thread-safe: calls arrive while cases prepare answers and look at what came.

    A call belongs to the case whose segment its path names; else to the cases that prepared something about
    what it names in its role, e.g. its subject.
    """

    roles: Sequence[Role]
    arrivals: int = 0
    """Number of calls of all cases and of none: one is enough to know that the platform reaches the suite."""
    _segments: dict[str, _Address] = field(default_factory=dict)
    _owners: dict[str, str] = field(default_factory=dict)
    """Case by what a call names; two cases never prepare anything about the same identifier."""
    _scripts: dict[_Address, _Script] = field(default_factory=dict)
    _arrived: dict[str, list[tuple[float, Incoming]]] = field(default_factory=dict)
    """Calls by case, each with the monotonic time of its arrival."""
    _lock: Lock = field(default_factory=Lock)

    def open_place(self, case: str, place: str, segment: str) -> None:
        """Count calls whose path names the segment as calls of a place of the case."""
        with self._lock:
            self._segments[segment] = _Address(case, place)

    def stage(self, case: str, place: str, answers: Sequence[StagedAnswer], correlation: str = "") -> None:
        """Prepare a script of answers, instead of any earlier one. Raises ValueError for an empty one."""
        if not answers:
            raise ValueError("a script needs at least one answer")
        with self._lock:
            if correlation:
                self._owners[correlation] = case
            self._scripts[_Address(case, place, correlation)] = _Script(tuple(answers))

    def arrived(self, case: str, since: float) -> tuple[Incoming, ...]:
        """Calls of a case in order of arrival, with their seconds after the monotonic time `since`."""
        with self._lock:
            arrivals = tuple(self._arrived.get(case, ()))
        return tuple(replace(call, seconds=max(0.0, at - since)) for at, call in arrivals)

    def answer(self, arrived: Arrived) -> StagedAnswer:
        """Note a call with its cases; returns what was prepared for it, or what its role answers anybody."""
        role = next((role for role in self.roles if role.serves(arrived)), self.roles[0])
        call = role.read(arrived)
        with self._lock:
            self.arrivals += 1
            addresses = tuple(self._addresses(arrived, call))
            answer = self._prepared(addresses) or role.unprepared(call.operation)
            answer = _followed(call.operation, answer)
            for case, place in dict.fromkeys((a.case, a.place) for a in addresses):
                self._note(case, arrived.at, _incoming(arrived, call, place, answer))
        return answer

    def _addresses(self, arrived: Arrived, call: Call) -> Iterable[_Address]:
        _, separator, remainder = urlsplit(arrived.url).path.partition(PLACES)
        address = self._segments.get(remainder.partition("/")[0]) if separator else None
        if address is not None:
            return (address,)
        values = (value for value in call.correlation if value in self._owners)
        return (_Address(self._owners[value], call.place, value) for value in values)

    def _prepared(self, addresses: Iterable[_Address]) -> StagedAnswer | None:
        script = next((self._scripts[a] for a in addresses if a in self._scripts), None)
        return script.next_answer() if script else None

    def _note(self, case: str, at: float, call: Incoming) -> None:
        calls = self._arrived.setdefault(case, [])
        if len(calls) < MOST_FOR_A_CASE:
            calls.append((at, replace(call, number=len(calls) + 1)))


def _incoming(arrived: Arrived, call: Call, place: str, answer: StagedAnswer) -> Incoming:
    return Incoming(
        operation=call.operation,
        method=arrived.method,
        url=arrived.url,
        headers=arrived.headers,
        body=arrived.body,
        faults=call.faults,
        answer=answer,
        place=place,
    )


def _followed(operation: str, answer: StagedAnswer) -> StagedAnswer:
    """The answer at the target of a redirect: the body of the redirect, with status 200."""
    return StagedAnswer(body=answer.body) if not operation and 300 <= answer.status < 400 else answer
