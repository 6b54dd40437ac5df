"""What arrives at the suite's servers, handed to the case it belongs to, and what is answered."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from threading import Lock
from typing import Any
from urllib.parse import urlsplit

from conformance.counterpart.server import Arrived
from conformance.counterpart.tokens import Platform
from conformance.model.shapes import Api
from conformance.model.wire import Answer, Incoming

MOST_FOR_A_CASE = 200
NOTHING: Mapping[str, Answer] = {
    "askRecords": Answer(body=b'{"records":[]}'),
    "verifyClaims": Answer(body=b'{"matches":false}'),
}
"""What a source says of somebody whom no case has told it about."""
UNKNOWN = Answer(404, b"", "text/plain")


@dataclass(slots=True)
class Desk:
    """Thread-safe: requests arrive while cases prepare answers and look at what came."""

    api: Api
    platform: Platform
    arrivals: int = 0
    """How many requests came in all: one is enough to know that the platform reaches us."""
    _owners: dict[str, str] = field(default_factory=dict)
    """The case behind an identifier of a subject; identifiers of two cases are never equal."""
    _answers: dict[tuple[str, str], Answer] = field(default_factory=dict)
    _arrived: dict[str, list[Incoming]] = field(default_factory=dict)
    _lock: Lock = field(default_factory=Lock)

    def stage(self, case: str, item: str, identifier: str, answer: Answer) -> None:
        """From now on this is answered about the item of the subject."""
        with self._lock:
            self._owners[identifier] = case
            self._answers[item, identifier] = answer

    def arrived(self, case: str) -> tuple[Incoming, ...]:
        """What came about the subjects of a case, in order."""
        with self._lock:
            return tuple(self._arrived.get(case, ()))

    def answer(self, arrived: Arrived) -> Answer:
        """Note a request with its case; give what was prepared for it."""
        operation = self._operation(arrived)
        faults = self.platform.faults(arrived.header("authorization"))
        item, identifiers = _about(arrived.body)
        with self._lock:
            self.arrivals += 1
            known = [name for name in identifiers if name in self._owners]
            prepared = (self._answers.get((item, name)) for name in known)
            answer = _there(operation, next(filter(None, prepared), NOTHING.get(operation, UNKNOWN)))
            for case in {self._owners[name] for name in known}:
                box = self._arrived.setdefault(case, [])
                if len(box) < MOST_FOR_A_CASE:
                    box.append(_incoming(arrived, operation, faults, answer))
        return answer

    def _operation(self, arrived: Arrived) -> str:
        """The operation that was called; empty for none. A proxy may have taken our own path away."""
        path = urlsplit(arrived.url).path
        own = urlsplit(self.platform.audience).path.rstrip("/")
        paths = {path, path.removeprefix(own)}
        called = (
            o.id for o in self.api.operations.values() if o.method == arrived.method and o.path in paths
        )
        return next(called, "")


def _incoming(arrived: Arrived, operation: str, faults: tuple[str, ...], answer: Answer) -> Incoming:
    return Incoming(
        operation=operation,
        method=arrived.method,
        url=arrived.url,
        headers=arrived.headers,
        body=arrived.body,
        faults=faults,
        answer=answer,
    )


def _there(operation: str, answer: Answer) -> Answer:
    """Whoever follows a redirect finds there what its body holds."""
    return Answer(body=answer.body) if not operation and 300 <= answer.status < 400 else answer


def _about(body: bytes) -> tuple[str, list[str]]:
    """Item and identifiers that a request speaks of, as far as they can be read."""
    try:
        document = json.loads(body)
        return str(document["item_code"]), list(_values(document["subject"]["ids"]))
    except (ValueError, LookupError, TypeError, RecursionError):
        return "", []


def _values(identifiers: Any) -> Iterator[str]:
    for identifier in identifiers:
        if isinstance(identifier, dict) and isinstance(identifier.get("value"), str):
            yield identifier["value"]
