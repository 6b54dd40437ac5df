"""Rehearsing a case without a platform, to learn which records it needs to find.

A case makes subjects and records in its own order, and what it makes follows from the data set's seed and id
alone. So a set is made by letting every case prepare as it would in a run, with replies that let it go on.
"""

from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date
from random import Random
from typing import Any, TypeVar

import orjson

from conformance.expect import Undecided, Violation
from conformance.model.context import World
from conformance.model.judgement import Case
from conformance.model.run import Planned
from conformance.model.standard import Standard
from conformance.model.target import DataSet, Target
from conformance.model.wire import Answer, Incoming, Reply, Request
from conformance.runner.contexts import LoadedWorld, seeded

T = TypeVar("T")
JSON = (("content-type", "application/json"),)


@dataclass(slots=True)
class Rehearsal:
    """The context of one case: what it would send is answered as a platform that has everything would."""

    standard: Standard
    target: Target
    case: Case
    data_set: DataSet
    random: Random = field(init=False)
    world: World = field(init=False)
    kept: list[Mapping[str, Any]] = field(default_factory=list)
    steps: int = 0

    def __post_init__(self) -> None:
        self.random = Random(self.case.id)
        random = seeded(self.data_set.seed, self.data_set.id, self.case)
        self.world = LoadedWorld(self.standard, random, self.data_set.day, self.plant)

    @property
    def today(self) -> date:
        return self.data_set.day

    def keep(self, record: Mapping[str, Any]) -> bool:
        self.kept.append(record)
        return True

    def plant(self, value: str) -> str:
        return value

    def stage(self, item: str, identifier: str, answer: Answer) -> None:
        """Sources are played in the run itself."""

    def received(self) -> tuple[Incoming, ...]:
        return ()

    def send(self, request: Request) -> Reply:
        self.steps += 1
        status, body = _reply(request)
        return Reply(status, JSON, orjson.dumps(body), 0.0, self.steps)

    def wait_until(self, probe: Callable[[], T | None], within: float) -> T | None:
        del within
        return probe()

    def repeat(self, probe: Callable[[], T | None]) -> T:
        while True:
            found = probe()
            if found is not None:
                return found


def rehearsed(
    planned: Iterable[Planned], standard: Standard, target: Target, data_set: DataSet
) -> list[Mapping[str, Any]]:
    """The records that these cases need to find, in the order of cases."""
    found: list[Mapping[str, Any]] = []
    for one in planned:
        if one.check is None or one.verdict is not None:
            continue
        context = Rehearsal(standard, target, one.case, data_set)
        with suppress(Violation, Undecided, LookupError, TypeError, ValueError, AttributeError):
            one.check.run(context)  # ends where its preparation is over, and what it judges is not there
        found += context.kept
    return found


def _reply(request: Request) -> tuple[int, Any]:
    """Enough of a good reply for a case that prepares to go on."""
    match request.operation:
        case "createAuthorization":
            return 201, {"authorization_id": "rehearsed", "state": "active"}
        case "putInstitution":
            return 201, {}
        case "createBatch":
            return 202, {"batch_id": "rehearsed", "received": 1, "status": "processing"}
        case "getBatch":
            outcome: dict[str, Any] = {"index": 0, "record_id": None, "outcome": "accepted", "reasons": []}
            return 200, {"status": "completed", "outcomes": [outcome], "next_cursor": None}
        case "createQuery" if isinstance(request.body, Mapping):
            return 200, {"results": [_result(code) for code in request.body.get("items", ())]}
        case _:
            return 200, {}


def _result(item: Any) -> dict[str, Any]:
    record = {"record_id": "rehearsed", "record_version": 1, "fields": {}}
    return {"item_code": item, "status": "ok", "authorization_id": None, "records": [record]}
