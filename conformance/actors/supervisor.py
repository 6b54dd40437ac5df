"""The supervisor (监管) that reads the audit log."""

from dataclasses import dataclass
from typing import Any

from conformance.actors.client import NetworkClient
from conformance.actors.hub import HUB
from conformance.model.wire import Reply


@dataclass(frozen=True, eq=False, kw_only=True)
class Supervisor(NetworkClient):
    """Reads the audit log with the hub's token: the hub is the client that may."""

    role: str = HUB

    def read_audit_log(self) -> tuple[list[dict[str, Any]], Reply]:
        """All events of the audit log in order, and the last page."""
        return self.listing("listAuditEvents", "events", limit="200")
