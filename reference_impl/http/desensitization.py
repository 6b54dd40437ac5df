"""Desensitization: the disclosed form of one value, in a test environment only."""

from reference_impl.http.operations import handles
from reference_impl.parts.base import BaseParts
from reference_impl.parts.desensitization import DesensitizationParts
from reference_impl.policy.model import Refusal
from reference_impl.wire.message import Call, Reply


@handles("previewDesensitization")
def preview(call: Call) -> Reply:
    """The value of the request as the rules of its type disclose it."""
    if call.settings.environment != "test":
        raise Refusal("not_found")
    body = call.body
    if body["type"] not in call.parts[BaseParts].catalogue.desensitization.types:
        raise Refusal("invalid_request", errors=[{"pointer": "/type", "message": "unknown"}])
    recipient = body.get("recipient", call.party.client_id)
    disclose = call.parts[DesensitizationParts].preview
    return Reply(200, disclose(body["type"], body["kind"], body["value"], recipient))
