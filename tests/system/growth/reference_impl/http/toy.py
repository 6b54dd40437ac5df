"""Toys: recorded and read."""

from reference_impl.http.operations import handles
from reference_impl.parts.base import BaseParts
from reference_impl.parts.toy import ToyParts
from reference_impl.policy.model import Refusal
from reference_impl.store.toys import Toys
from reference_impl.wire.message import Call, Reply


@handles("createToy")
def create_toy(call: Call) -> Reply:
    """Record a toy."""
    toy = call.parts[ToyParts].new_toy(call.parts[BaseParts].new_id("toy", call.body), call.body)
    call.store[Toys].add(toy)
    return Reply(201, toy)


@handles("getToy")
def get_toy(call: Call) -> Reply:
    """The toy in the path. Raises Refusal for an unknown one."""
    toy = call.store[Toys].get(call.request.parameters["toy_id"])
    if toy is None:
        raise Refusal("not_found")
    return Reply(200, toy)
