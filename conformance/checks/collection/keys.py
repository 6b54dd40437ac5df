"""Checks of the part collection (COL): the retention of Idempotency-Keys."""

from conformance import expect
from conformance.actors import Anonymous, Network
from conformance.actors.deliveries import acknowledged_batch
from conformance.checks.shared.items import public_item
from conformance.checks.verifies import verifies
from conformance.model.context import Context
from conformance.model.text import Message

OTHERS = 3
"""Requests with other keys that come in between."""


@verifies("COL-032")
def keys_are_remembered_for_the_declared_time(ctx: Context) -> None:
    least = int(ctx.standard.parameter("COL-032", "least_idempotency_hours").value)

    reply = Anonymous(ctx).read_descriptor()

    hours, where = expect.at(reply, "/limits/idempotency_hours", int), "reply.body/limits/idempotency_hours"
    message = Message("checks.too_small", {"where": where, "value": hours, "least": least})
    expect.true(hours >= least, message, where=where, reply=reply, actual=hours)


@verifies("COL-032")
def key_is_remembered_beside_others(ctx: Context) -> None:
    network = Network(ctx, fresh=True)
    item, key = public_item(ctx), network.new_key()
    batch = [network.provider.record(item, network.subject())]
    identifier = acknowledged_batch(network.provider.submit(*batch, key=key))
    for _ in range(OTHERS):
        acknowledged_batch(network.provider.submit(network.provider.record(item, network.subject())))

    repeated = network.provider.submit(*batch, key=key)

    expect.status(repeated, 202)
    expect.equal(expect.json_object(repeated).get("batch_id"), identifier, "reply.body/batch_id", repeated)
