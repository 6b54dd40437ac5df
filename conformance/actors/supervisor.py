"""The supervisor that reads the audit log."""

from typing import Any

from conformance.actors.actor import Actor
from conformance.model.wire import Reply, Request


class Audit(Actor):
    def audit_log(self) -> tuple[list[dict[str, Any]], Reply]:
        """All events of the audit log in order, and the last page."""
        request = Request("listAuditEvents", query={"limit": "200"}, credential=self.client("hub"))
        return self.pages(request, "events")
