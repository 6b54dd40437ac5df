"""Collection: the outcome of each delivered record in view of the stored one."""

from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

import rfc8785

from reference_impl.policy.model import Document

Identity = tuple[str, str, str]
"""(provider, item, record id): what makes two deliveries the same record."""

SCHEME_ORDER = ("uscc", "org_code", "taxpayer_id", "family_farm_code", "resident_id")


@dataclass(frozen=True, slots=True)
class Stored:
    """The stored version of a record."""

    version: int
    digest: str
    withdrawn: bool


@dataclass(frozen=True, slots=True)
class Incoming:
    """A valid record on its way into the store."""

    version: int
    digest: str
    withdraws: bool


@dataclass(frozen=True, slots=True)
class Line:
    """One delivered record, not judged yet; `record` is None when the line is not JSON."""

    index: int
    record: Any
    malformed: bool = False


def identity(record: Document) -> Identity:
    return record["provider_uscc"], record["item_code"], record["record_id"]


def incoming(record: Document) -> Incoming:
    digest = sha256(rfc8785.dumps(dict(record))).hexdigest()
    return Incoming(record["record_version"], digest, record["operation"] == "withdraw")


def key(record: Document, key_fields: Iterable[str]) -> tuple[str, ...]:
    """The item's key of a record: its subject, and the values of the key fields."""
    ids = {i["scheme"]: i["value"] for i in record["subject"]["ids"]}
    scheme = min(ids, key=lambda name: (_rank(name), name))
    content = record.get("content") or {}
    return scheme, ids[scheme], *(repr(content.get(name)) for name in key_fields)


def prevailing(
    channels: Container[str], item: Any, records: list[tuple[Document, str]]
) -> list[tuple[Document, str]]:
    """Records to serve: of one matter, only those of the channels that prevail where there are any."""
    shared = {key(record, item.key) for record, _ in records if record["source_channel"] in channels}
    return [
        (record, at)
        for record, at in records
        if record["source_channel"] in channels or key(record, item.key) not in shared
    ]


def _rank(scheme: str) -> int:
    return SCHEME_ORDER.index(scheme) if scheme in SCHEME_ORDER else len(SCHEME_ORDER)


def in_force(record: Document) -> bool:
    """True if the provider calls the record valid: a repaired, expired or withdrawn one is not served."""
    return bool(record["status"] == "valid")


def serve_until(item: Any, record: Document) -> str | None:
    """The last day on which the record is served, where the item has one."""
    last = (record.get("content") or {}).get(item.serve_until)
    return last if isinstance(last, str) else None


def supersedes(new: Incoming, stored: Stored) -> bool:
    """The higher version wins whatever the order of delivery; a withdrawal may carry the same version."""
    if new.withdraws and not stored.withdrawn:
        return new.version >= stored.version
    return new.version > stored.version


def conflict(new: Incoming, stored: Stored | None, *, newer: bool, key_taken: bool) -> str | None:
    """Why a valid record is not taken: `duplicate`, `stale_version`, or not at all."""
    if stored is not None and not newer:
        return "duplicate" if new.digest == stored.digest else "stale_version"
    return "duplicate" if key_taken and not new.withdraws else None


def outcome(index: int, record_id: object, reasons: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """The outcome of one record as its provider reads it."""
    listed = [dict(reason) for reason in reasons]
    codes = {reason["code"] for reason in listed}
    verdict = "accepted" if not listed else "duplicate" if codes == {"duplicate"} else "rejected"
    return {
        "index": index,
        "record_id": record_id if isinstance(record_id, str) else None,
        "outcome": verdict,
        "reasons": listed,
    }


def summary(batch_id: str, outcomes: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """Counts of a finished batch."""
    verdicts = [o["outcome"] for o in outcomes]
    return {
        "batch_id": batch_id,
        "status": "completed",
        "received": len(verdicts),
        "accepted": verdicts.count("accepted"),
        "rejected": verdicts.count("rejected"),
        "duplicates": verdicts.count("duplicate"),
    }
