"""Checks of the part collection (COL): which channel prevails, whose a record is, how much is taken."""

from typing import Any

import orjson

from conformance import expect
from conformance.actors import Anonymous, Network, Subject
from conformance.actors.deliveries import acknowledged_batch
from conformance.actors.records import invalid_envelopes
from conformance.checks.shared.assertions import RECORD, only_record, result
from conformance.checks.shared.items import is_collected, public_item
from conformance.checks.shared.rejections import points_at
from conformance.checks.verifies import verifies
from conformance.expect import NotVerified
from conformance.model.context import Context
from conformance.model.shapes import Item
from conformance.model.text import Message
from conformance.model.wire import Reply
from conformance.oracles.channels import local_channel, modes_shared_centrally, prevailing_channel
from conformance.synth import identities

OTHER = "other_provider"
MOST_LINES = 100_000
"""A larger limit is not tried: its refusal says nothing that a smaller one does not."""
EMPTY_LINE = b"{}\n"


def item_of_sharing_mode(ctx: Context, *modes: str) -> Item:
    """An item of these sharing modes whose records are delivered."""
    for item in ctx.standard.checklist.items:
        if item.sharing_mode in modes and is_collected(item) and "enterprise" in item.subject_types:
            return item
    raise NotVerified(Message("checks.no_such_item", {"kind": "/".join(modes)}))


@verifies("COL-016", expand=lambda _: ("local_first", "head_to_head_first"))
def record_shared_head_to_head_prevails(ctx: Context) -> None:
    network = Network(ctx, fresh=True)
    item = item_of_sharing_mode(ctx, *modes_shared_centrally(ctx.standard, also_locally=True))
    subject, bank = network.subject(), network.institution()
    local, central = local_and_central_record(network, item, subject)
    local_first = ctx.case.parameter == "local_first"
    for record in (local, central) if local_first else (central, local):
        network.provider.deliver_accepted(record)
    grant = subject.authorize(bank, item)

    reply = bank.query(subject, item, citing=grant)

    record_id = only_record(reply).get("record_id")
    expect.equal(record_id, central["record_id"], f"reply.body{RECORD}/record_id", reply)


def local_and_central_record(
    network: Network, item: Item, subject: Subject
) -> tuple[dict[str, Any], dict[str, Any]]:
    """A record collected locally and one shared by headquarters, with the same key."""
    standard = network.ctx.standard
    local = network.provider.record(item, subject) | {"source_channel": local_channel(standard)}
    fixed = {name: local["content"][name] for name in item.key if name in local["content"]}
    ministry = identities.uscc(network.ctx.random, standard.reserved, "authority")
    origin = {"source_channel": prevailing_channel(standard), "provider_uscc": ministry}
    central = network.provider.record(item, subject, fixed) | origin
    return local, central


@verifies("COL-017")
def record_collected_again_locally_is_rejected(ctx: Context) -> None:
    network = Network(ctx, fresh=True)
    item = item_of_sharing_mode(ctx, *modes_shared_centrally(ctx.standard, also_locally=False))
    network.provider.deliver_accepted(network.provider.record(item, network.subject()))

    local = {"source_channel": local_channel(ctx.standard)}
    delivery = network.provider.deliver(network.provider.record(item, network.subject()) | local)

    outcome = delivery.outcome(0).get("outcome")
    expect.equal(outcome, "rejected", "reply.body/outcomes/0/outcome", delivery.reply)


@verifies("COL-018", needs=("clients.other_provider",), expand=lambda _: ("update", "withdraw"))
def record_is_changed_only_by_its_sender(ctx: Context) -> None:
    network, item = Network(ctx, fresh=True), public_item(ctx)
    subject, bank = network.subject(), network.institution()
    record = network.provider.store(item, subject)
    bank.positive_control(subject, item)

    changed = {**record, "record_version": 2, "operation": ctx.case.parameter}
    if ctx.case.parameter == "withdraw":
        changed = {**{n: v for n, v in changed.items() if n != "content"}, "status": "withdrawn"}
    else:
        changed["content"] = network.provider.record(item, subject)["content"]
    submitted = network.other_provider.submit(changed)
    if submitted.status == 202:
        network.other_provider.await_outcomes(expect.at(submitted, "/batch_id", str))
    reply = bank.query(subject, item)

    original = {"record_id": record["record_id"], "record_version": 1}
    versions = [{name: one.get(name) for name in original} for one in records_of(reply)]
    expect.contains(versions, original, "reply.body/results/0/records", reply)


def records_of(reply: Reply) -> list[dict[str, Any]]:
    result(reply)
    return expect.objects(reply, "/results/0/records")


@verifies("COL-018", needs=("clients.other_provider",))
def batch_is_read_only_by_its_sender(ctx: Context) -> None:
    network, item = Network(ctx, fresh=True), public_item(ctx)
    batch = acknowledged_batch(network.provider.submit(network.provider.record(item, network.subject())))
    control = network.provider.call("getBatch", batch_id=batch)
    expect.status(control, 200)
    expect.equal(expect.at(control, "/batch_id"), batch, "reply.body/batch_id", control)

    reply = network.other_provider.call("getBatch", batch_id=batch)

    expect.status(reply, 403, 404)


@verifies("COL-019")
def batch_of_the_declared_size_is_taken(ctx: Context) -> None:
    network = Network(ctx, fresh=True)

    reply = network.provider.submit_bytes(EMPTY_LINE * declared_batch_limit(ctx))

    expect.status(reply, 202)


@verifies("COL-019")
def larger_batch_than_declared_is_refused(ctx: Context) -> None:
    network = Network(ctx, fresh=True)
    expect.status(network.provider.submit_bytes(EMPTY_LINE), 202)

    reply = network.provider.submit_bytes(EMPTY_LINE * (declared_batch_limit(ctx) + 1))

    expect.status(reply, 413, 422)


def declared_batch_limit(ctx: Context) -> int:
    """The number of records that the descriptor allows in one batch, if lines of that number can be sent."""
    described = Anonymous(ctx).read_descriptor()
    limit, size = (
        expect.at(described, f"/limits/{name}", int) for name in ("max_batch_records", "max_body_bytes")
    )
    if not 0 < limit <= min(MOST_LINES, size // len(EMPTY_LINE) - 1):
        raise NotVerified(Message("checks.batch_limit_out_of_reach", {"records": limit, "bytes": size}))
    return limit


@verifies("COL-002")
def faults_of_the_envelope_are_rejected(ctx: Context) -> None:
    network, item = Network(ctx, fresh=True), public_item(ctx)
    wrong = invalid_envelopes(ctx, network.provider.record(item, network.subject()), item)
    lines = [network.provider.record(item, network.subject()), *(dict(one.content) for one in wrong)]

    delivery = network.provider.await_outcomes(
        acknowledged_batch(network.provider.submit_bytes(ndjson(lines)))
    )

    if delivery.outcome(0).get("outcome") != "accepted":
        raise NotVerified(Message("checks.prerequisite_not_accepted", {"item": item.code}))
    for index, candidate in enumerate(wrong, start=1):
        outcome, where = delivery.outcome(index), f"reply.body/outcomes/{index}"
        status = outcome.get("outcome")
        expect.equal(
            status, "rejected", f"{where}/outcome ({candidate.kind} {candidate.pointer})", delivery.reply
        )
        right = frozenset((candidate.pointer, candidate.pointer.rpartition("/")[0]))
        reasons = [one for one in outcome.get("reasons") or () if isinstance(one, dict)]
        has_pointer = any(points_at(reason.get("pointer"), right) for reason in reasons)
        message = Message("checks.not_pointed", {"pointer": sorted(right)})
        expect.true(has_pointer, message, where=f"{where}/reasons", reply=delivery.reply, actual=reasons)


@verifies("COL-006")
def withdrawn_record_stays_withdrawn_after_redelivery(ctx: Context) -> None:
    network, item = Network(ctx, fresh=True), public_item(ctx)
    subject, bank = network.subject(), network.institution()
    record = network.provider.store(item, subject)
    bank.positive_control(subject, item)
    members = {"record_id": record["record_id"], "record_version": 2}
    network.provider.deliver_accepted(network.provider.envelope(item, subject, None, **members))

    network.provider.deliver(record)
    reply = bank.query(subject, item)

    expect.equal(result(reply).get("status"), "empty", "reply.body/results/0/status", reply)


@verifies("COL-007")
def half_written_last_line_has_its_outcome(ctx: Context) -> None:
    network, item = Network(ctx, fresh=True), public_item(ctx)
    content = ndjson([network.provider.record(item, network.subject()) for _ in range(2)])

    submitted = network.provider.submit_bytes(content[: -len(content) // 4])

    expect.status(submitted, 202)
    delivery = network.provider.await_outcomes(expect.at(submitted, "/batch_id", str))
    outcomes = [delivery.outcome(index).get("outcome") for index in range(2)]
    expect.equal(outcomes, ["accepted", "rejected"], "reply.body/outcomes", delivery.reply)


def ndjson(records: list[dict[str, Any]]) -> bytes:
    return b"".join(orjson.dumps(record) + b"\n" for record in records)
