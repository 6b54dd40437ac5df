"""Requests and replies as values, and the call: everything that a handler may use."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from reference_impl.china_time import CHINA
from reference_impl.groups import Parts
from reference_impl.policy.model import Caller, Document, Refusal
from reference_impl.policy.source import Consultation
from reference_impl.settings import Settings
from reference_impl.store.keys import KeyStore
from reference_impl.store.repository import Store

JSON = "application/json"
PROBLEM = "application/problem+json"
NDJSON = "application/x-ndjson"


@dataclass(frozen=True, slots=True)
class Request:
    """One request, read completely. Header names are in lower case."""

    method: str
    path: str
    parameters: Mapping[str, str]
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: bytes

    @property
    def media_type(self) -> str:
        return self.headers.get("content-type", "").partition(";")[0].strip().lower()


@dataclass(frozen=True, slots=True)
class Reply:
    """One reply; `body` is a JSON value."""

    status: int
    body: Any
    headers: Mapping[str, str] = field(default_factory=dict)
    media_type: str = JSON


@dataclass(frozen=True, slots=True)
class Call:
    """One operation in execution: its request, caller, transaction and moment."""

    operation: str
    request: Request
    body: Any
    """The parsed and validated JSON body; None where the operation has none."""
    caller: Caller | None
    now: datetime
    store: Store
    parts: Parts
    settings: Settings
    parameters: Mapping[str, Mapping[str, Any]]
    """Named numbers and levels of the standard, by part."""
    keys: KeyStore
    consultation: Consultation

    @property
    def party(self) -> Caller:
        """The authenticated caller. Raises Refusal in a public operation."""
        if self.caller is None:
            raise Refusal("unauthorized")
        return self.caller

    @property
    def at(self) -> str:
        """The moment of the call as text."""
        return moment(self.now)

    def subject_ref(self, subject: Document) -> str:
        """Keyed digest of a subject: audit events are searchable by it and reveal nothing."""
        ids = sorted((i["scheme"], i["value"]) for i in subject["ids"])
        return self.keys.ref("audit", *ids[0])


Handler = Callable[[Call], Reply]


def moment(value: datetime) -> str:
    """RFC 3339 text in China time, to the second."""
    return value.astimezone(CHINA).isoformat(timespec="seconds")
