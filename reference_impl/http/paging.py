"""Pages: opaque cursors, signed by this platform and bound to one list."""

import hmac
from base64 import urlsafe_b64decode, urlsafe_b64encode
from hashlib import sha256

from reference_impl.policy.model import Refusal
from reference_impl.wire.message import Call

TAG_BYTES = 12


def position(call: Call, place: str) -> int:
    """The position after which the page starts; -1 without a cursor. Raises Refusal."""
    cursor = call.request.query.get("cursor")
    if cursor is None:
        return -1
    try:
        raw = urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))
    except ValueError:
        raise _invalid("cursor") from None
    tag, number = raw[:TAG_BYTES], raw[TAG_BYTES:]
    if not hmac.compare_digest(tag, _tag(call, place, number)):
        raise _invalid("cursor")
    return int(number)


def limit(call: Call) -> int:
    """The requested page size, at most the platform's. Raises Refusal."""
    requested = call.request.query.get("limit")
    limits = call.settings.limits
    if requested is None:
        return limits.page_size
    if not (requested.isascii() and requested.isdecimal() and len(requested) < 10 and int(requested) > 0):
        raise _invalid("limit")
    return min(int(requested), limits.max_page_size)


def cursor(call: Call, place: str, after: int) -> str:
    number = str(after).encode()
    return urlsafe_b64encode(_tag(call, place, number) + number).decode().rstrip("=")


def _tag(call: Call, place: str, number: bytes) -> bytes:
    key = call.keys.derive("cursor")
    return hmac.digest(key, f"{call.operation} {place} ".encode() + number, sha256)[:TAG_BYTES]


def _invalid(name: str) -> Refusal:
    return Refusal("invalid_request", errors=[{"pointer": f"query/{name}", "message": "invalid"}])
