"""Query: the disclosure of a subject's items to one caller."""

from reference_impl.http.operations import handles
from reference_impl.parts.query import QueryParts, answer
from reference_impl.wire.message import Call, Reply


@handles("createQuery")
def create(call: Call) -> Reply:
    """Answer a query."""
    call.parts[QueryParts].check_query(call)
    return Reply(200, answer(call))
