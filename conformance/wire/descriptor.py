"""The platform's descriptor as the wire needs it: its addresses and the offset of its clock."""

import time
from collections.abc import Mapping
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import urlsplit

from conformance.model.wire import Reply
from conformance.wire.failure_causes import Cause, inconclusive


@dataclass(frozen=True, slots=True)
class PlatformDescriptor:
    """The descriptor of the platform."""

    issuer: str
    token_endpoint: str
    api_base: str
    document: Mapping[str, Any]
    skew: float
    """Seconds by which the platform's clock is ahead of ours."""


def read(reply: Reply) -> PlatformDescriptor:
    """The descriptor in a reply; raises Inconclusive where nothing can be sent for lack of it."""
    document = _document(reply)
    for name in ("issuer", "token_endpoint", "api_base"):
        if not _is_url(document.get(name)):
            raise inconclusive(Cause.DESCRIPTOR_UNUSABLE, detail=name)
    return PlatformDescriptor(
        issuer=document["issuer"],
        token_endpoint=document["token_endpoint"],
        api_base=document["api_base"].rstrip("/"),
        document=document,
        skew=_skew(reply),
    )


def _document(reply: Reply) -> Mapping[str, Any]:
    if reply.status != 200:
        raise inconclusive(Cause.DESCRIPTOR_UNUSABLE, detail=f"HTTP {reply.status}")
    try:
        document = reply.json
    except (ValueError, RecursionError):
        document = None
    if not isinstance(document, Mapping):
        raise inconclusive(Cause.DESCRIPTOR_UNUSABLE, detail=reply.media_type or "JSON")
    return document


def _is_url(value: object) -> bool:
    try:
        return isinstance(value, str) and urlsplit(value).scheme in {"http", "https"}
    except ValueError:
        return False


def _skew(reply: Reply) -> float:
    """From the `Date` header, taken as of the middle of the exchange; 0 without one."""
    try:
        platform_time = parsedate_to_datetime(reply.header("date") or "").timestamp()
    except (ValueError, OverflowError):
        return 0.0
    return platform_time - (time.time() - reply.elapsed / 2)
