"""Rehearsing a case without a platform, to learn which records it needs to find.

A case makes subjects and records in its own order, and what it makes follows from the data set's seed and id
alone. So a set is made by letting every case prepare as it would in a run, with replies that let it go on.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from random import Random
from typing import Any

import orjson

from conformance.evidence import Vault
from conformance.expect import SuiteError, Undecided, Violation
from conformance.model.media_types import JSON
from conformance.model.run import Planned
from conformance.model.samples import sample
from conformance.model.shapes import Api, Operation
from conformance.model.standard import Standard
from conformance.model.target import DataSet, Target
from conformance.model.wire import Reply, Request
from conformance.runner.contexts import CaseContext, Port, Position, Transmission


@dataclass(slots=True)
class RehearsedPort(Port):
    """Answers as a platform would that has everything, and notes the records that the case needs."""

    api: Api
    needed: list[Mapping[str, Any]] = field(default_factory=list)

    def exchange(self, request: Request, position: Position) -> Transmission:
        del position
        operation = self.api.operations[request.operation]
        status, body = good_reply(operation)
        reply = Reply(status, (("content-type", JSON),), orjson.dumps(body), 0.0)
        return Transmission(operation.method, operation.path, reply)

    def has_loaded(self, record: Mapping[str, Any]) -> bool:
        self.needed.append(record)
        return True


def rehearsed(
    planned: Iterable[Planned], standard: Standard, target: Target, data_set: DataSet
) -> list[Mapping[str, Any]]:
    """The records that these cases need to find, in the order of cases.

    A case ends where it judges what only a platform can tell. Raises SuiteError, and whatever else a broken
    check raises.
    """
    needed: list[Mapping[str, Any]] = []
    for plan_entry in planned:
        if plan_entry.check is None or plan_entry.verdict is not None:
            continue
        port = RehearsedPort(standard.api)
        context = CaseContext(
            standard=standard,
            target=target,
            case=plan_entry.case,
            random=Random(plan_entry.case.id),
            today=data_set.day,
            nonce=data_set.id,
            vault=Vault(data_set.id.encode()),
            port=port,
        )
        try:
            plan_entry.check.run(context)
        except SuiteError:
            raise
        except (Violation, Undecided):
            pass  # the preparation is over
        needed += port.needed
    return needed


def good_reply(operation: Operation) -> tuple[int, Any]:
    """Status and body of a good reply: by the response schema, with one element in each array."""
    status = next(status for status in operation.responses if status.startswith("2"))
    schemas = operation.responses[status]
    return int(status), sample(schemas[JSON], elements=1) if JSON in schemas else {}
