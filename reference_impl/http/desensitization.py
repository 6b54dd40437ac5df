"""Desensitization preview: what the rules make of one value, in a test environment only."""

from reference_impl.policy.model import Refusal
from reference_impl.wire.message import Call, Reply


def preview(call: Call) -> Reply:
    if call.settings.environment != "test":
        raise Refusal("not_found")
    types = call.parts.catalogue.desensitization.types
    if call.body["type"] not in types:
        raise Refusal("invalid_request", errors=[{"pointer": "/type", "message": "unknown"}])
    recipient = call.body.get("recipient", call.party.client_id)
    return Reply(200, call.parts.preview(call.body["type"], call.body["kind"], call.body["value"], recipient))
