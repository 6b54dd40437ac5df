"""The audit log's chain: an event holds the hash of its predecessor, and its own over RFC 8785 JSON."""

from collections.abc import Iterable, Mapping
from hashlib import sha256
from typing import Any

import rfc8785

GENESIS = "0" * 64

Event = Mapping[str, Any]


def digest(event: Event) -> str:
    """SHA-256 of the event without its own hash."""
    content = {name: value for name, value in event.items() if name != "hash"}
    return sha256(rfc8785.dumps(content)).hexdigest()


def seal(event: Event, seq: int, previous: str) -> dict[str, Any]:
    """The event as the link after `previous`."""
    link = {"seq": seq, **event, "prev_hash": previous}
    return {**link, "hash": digest(link)}


def broken_at(events: Iterable[Event]) -> int | None:
    """Sequence number of the first event that does not fit the chain."""
    previous = GENESIS
    for seq, event in enumerate(events, start=1):
        if event["seq"] != seq or event["prev_hash"] != previous or event["hash"] != digest(event):
            return seq
        previous = event["hash"]
    return None
