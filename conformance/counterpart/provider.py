"""The role of a provider: the source of items that are not collected, called about a subject."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from conformance.counterpart.role import Call, called_operation
from conformance.counterpart.server import Arrived
from conformance.counterpart.tokens import Platform
from conformance.model.media_types import JSON
from conformance.model.samples import sample
from conformance.model.shapes import Api
from conformance.model.wire import StagedAnswer


@dataclass(frozen=True, slots=True)
class Provider:
    """Calls are told apart by item, and belong to the case that prepared something about their subject."""

    api: Api
    platform: Platform

    def serves(self, arrived: Arrived) -> bool:
        return called_operation(self.api, arrived, self.platform.audience) is not None

    def read(self, arrived: Arrived) -> Call:
        operation = called_operation(self.api, arrived, self.platform.audience)
        faults = self.platform.faults(arrived.header("authorization"))
        item, identifiers = _item_and_identifiers(arrived.body)
        return Call(operation.id if operation else "", source(item), tuple(identifiers), faults)

    def unprepared(self, operation: str) -> StagedAnswer:
        """The emptiest reply of the API: no records, no match; 404 for what is not an operation."""
        if operation not in self.api.operations:
            return StagedAnswer(404, b"", "text/plain")
        schema = self.api.operations[operation].responses["200"][JSON]
        return StagedAnswer(body=json.dumps(sample(schema), separators=(",", ":")).encode())


def source(item: str) -> str:
    """Place of the source of an item."""
    return f"source:{item}"


def _item_and_identifiers(body: bytes) -> tuple[str, list[str]]:
    """Item code and identifiers of the subject, as far as they can be read."""
    try:
        document = json.loads(body)
        return str(document["item_code"]), list(_values(document["subject"]["ids"]))
    except (ValueError, LookupError, TypeError, RecursionError):
        return "", []


def _values(identifiers: Any) -> Iterator[str]:
    for identifier in identifiers:
        if isinstance(identifier, dict) and isinstance(identifier.get("value"), str):
            yield identifier["value"]
