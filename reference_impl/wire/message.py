"""Requests and replies as values, and the call: all that a handler may use."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from reference_impl.policy.model import CHINA, Caller, Document, Refusal
from reference_impl.policy.source import Consultation

if TYPE_CHECKING:
    from reference_impl.parts import Parts
    from reference_impl.settings import Settings
    from reference_impl.store.keys import Vault
    from reference_impl.store.records import Store

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
    """One operation in execution: who asks, within which transaction, at which moment."""

    operation: str
    request: Request
    body: Any
    """The parsed and validated JSON body; None where the operation has none."""
    caller: Caller | None
    now: datetime
    store: "Store"
    parts: "Parts"
    settings: "Settings"
    vault: "Vault"
    consultation: Consultation

    @property
    def party(self) -> Caller:
        if self.caller is None:
            raise Refusal("unauthorized")
        return self.caller

    @property
    def at(self) -> str:
        return moment(self.now)

    def note(self, action: str, outcome: str, **more: Any) -> None:
        """Append an event to the audit log."""
        event = {
            "at": self.at,
            "action": action,
            "actor": self.party.client_id,
            "recipient": None,
            "purpose": None,
            "subject_ref": None,
            "items": [],
            "authorization_ids": [],
            "outcome": outcome,
            "query_id": None,
            **more,
        }
        seq, previous = self.store.audit.head()
        self.store.audit.add(self.parts.seal(event, seq + 1, previous or "0" * 64))

    def subject_ref(self, subject: Document) -> str:
        """Keyed digest of a subject: an event can be found by who knows the subject, not read from it."""
        ids = sorted((i["scheme"], i["value"]) for i in subject["ids"])
        return self.vault.ref("audit", *ids[0])


Handler = Callable[[Call], Reply]


def moment(value: datetime) -> str:
    """A moment as the standard writes it: RFC 3339 in China time, whole seconds."""
    return value.astimezone(CHINA).isoformat(timespec="seconds")
