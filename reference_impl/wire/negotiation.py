"""Headers of a request: media types, and the idempotency key."""

import re

from reference_impl.policy.model import Refusal
from reference_impl.wire.contract import Operation
from reference_impl.wire.message import JSON, Request

OFFERED = {JSON, "application/*", "*/*"}
KEY = re.compile("[!-~]{8,128}")


def negotiate(operation: Operation, request: Request) -> None:
    """Refuse a body of an unknown media type with 415, and a caller who cannot read JSON with 406."""
    has_body = bool(request.body) or operation.body_required
    if operation.media_types and has_body and request.media_type not in operation.media_types:
        raise Refusal("unsupported_media_type")
    if not _accepts_json(request.headers.get("accept", "*/*")):
        raise Refusal("not_acceptable")


def idempotency_key(request: Request) -> str | None:
    key = request.headers.get("idempotency-key", "")
    if not KEY.fullmatch(key):
        raise Refusal(
            "malformed_request", errors=[{"pointer": "", "message": "needs a valid Idempotency-Key"}]
        )
    return key


def _accepts_json(accept: str) -> bool:
    ranges = [part.strip().lower() for part in accept.split(",") if part.strip()]
    for media_range in ranges:
        name, *parameters = (piece.strip() for piece in media_range.split(";"))
        refused = any(re.fullmatch(r"q=0(\.0{0,3})?", parameter) for parameter in parameters)
        if name in OFFERED and not refused:
            return True
    return not ranges
