"""Docking: operations that a suspension stops, and the status after notices of the network."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

Notice = tuple[str, Mapping[str, Any]]
"""Kind and document."""
NOTICE_EFFECTS = {"suspension": "suspended", "resumption": "active", "retirement": "retired"}
"""Notices that change whether the platform may disclose; the other kinds are only recorded."""

STOPPED_BY_SUSPENSION = frozenset(
    {"createQuery", "createQueryBatch", "getQueryBatchResults", "previewDesensitization"}
)


def stops(operation: str, status: str) -> bool:
    """Whether an operation is stopped while the network holds the platform in this status."""
    return status != "active" and operation in STOPPED_BY_SUSPENSION


def in_order(notices: Sequence[Notice]) -> Sequence[Notice]:
    """Notices by when they were issued, those of one moment by arrival: delivery may change the order."""
    return sorted(notices, key=lambda notice: datetime.fromisoformat(notice[1]["issued_at"]))


def after(status: str, notice: str) -> str:
    """The status after a notice of this kind."""
    return NOTICE_EFFECTS.get(notice, status)
