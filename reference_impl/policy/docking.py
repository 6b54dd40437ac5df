"""Docking: whether a suspension stops an operation, and the status after notices of the network."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

Notice = tuple[str, Mapping[str, Any]]
"""Kind and document."""
NOTICE_EFFECTS = {"suspension": "suspended", "resumption": "active", "retirement": "retired"}
"""Notices that change whether the platform may disclose; the other kinds are only recorded."""


def stops(disclosing: Collection[str], operation: str, status: str) -> bool:
    """True if an operation is stopped while the network holds the platform in this status (DOC-003).

    `disclosing`: the operations that disclose.
    """
    return status != "active" and operation in disclosing


def in_order(notices: Sequence[Notice]) -> Sequence[Notice]:
    """Notices by when they were issued, those of one moment by arrival: delivery may change the order."""
    return sorted(notices, key=lambda notice: datetime.fromisoformat(notice[1]["issued_at"]))


def after(status: str, notice: str) -> str:
    """The status after a notice of this kind."""
    return NOTICE_EFFECTS.get(notice, status)
