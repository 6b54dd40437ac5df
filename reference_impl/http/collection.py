"""Collection: deliveries are judged record by record, and kept with the outcome of each."""

from collections.abc import Iterable

from reference_impl.http import paging
from reference_impl.http.operations import handles
from reference_impl.parts.base import BaseParts
from reference_impl.parts.collection import CollectionParts
from reference_impl.parts.security import log_event
from reference_impl.policy import collection
from reference_impl.policy.model import Refusal
from reference_impl.store.batches import Batches
from reference_impl.wire.message import JSON, Call, Reply


@handles("createBatch")
def create(call: Call) -> Reply:
    """Judge every record of a delivery; the reply leaves after the commit."""
    delivered = list(_delivered(call))
    if len(delivered) > call.settings.limits.max_batch_records:
        raise Refusal("payload_too_large")
    if not delivered:
        raise Refusal("invalid_request", errors=[{"pointer": "", "message": "holds no record"}])
    outcomes = call.parts[CollectionParts].collect(call, delivered)
    batch_id = call.parts[BaseParts].new_id("batch", {})
    summary = collection.summary(batch_id, outcomes)
    call.store[Batches].add(call.party.client_id, summary, outcomes)
    log_event(call, "collection", f"accepted {summary['accepted']} of {summary['received']}")
    body = {name: summary[name] for name in ("batch_id", "received", "status")}
    return Reply(202, body, {"Location": f"/v1/batches/{batch_id}"})


@handles("getBatch")
def read(call: Call) -> Reply:
    """A delivery with a page of its outcomes, for whoever sent it."""
    batch_id = call.request.parameters["batch_id"]
    batch = call.store[Batches].get(batch_id)
    if batch is None or not call.parts[CollectionParts].own_batch(call.party, batch[0]):
        raise Refusal("not_found")
    after, size = paging.position(call, batch_id), paging.limit(call)
    outcomes = call.store[Batches].outcomes(batch_id, after, size + 1)
    has_more = len(outcomes) > size
    following = paging.cursor(call, batch_id, outcomes[size - 1]["index"]) if has_more else None
    return Reply(200, {**batch[1], "outcomes": outcomes[:size], "next_cursor": following})


def _delivered(call: Call) -> Iterable[collection.Line]:
    if call.request.media_type != JSON:
        return call.parts[CollectionParts].read_lines(call.request.body)
    return (collection.Line(index, record) for index, record in enumerate(call.body["records"]))
