"""Checks of the part collection (COL): which channel prevails, whose a record is, how much is taken."""

from typing import Any

import orjson

from conformance import expect
from conformance.actors import Cast, Subject
from conformance.actors.records import invalid_envelopes
from conformance.checks.choice import is_collected, public
from conformance.checks.judging import RECORD, only_record, result
from conformance.checks.rejections import points_at
from conformance.expect import NotVerified
from conformance.model.check import verifies
from conformance.model.context import Context
from conformance.model.shapes import Item
from conformance.model.text import Message
from conformance.model.wire import Reply, Request
from conformance.oracles.channels import local_channel, modes_shared_centrally, prevailing_channel
from conformance.synth import identities

OTHER = "other_provider"
MOST_LINES = 100_000
"""A larger limit is not tried: its refusal says nothing that a smaller one does not."""
EMPTY_LINE = b"{}\n"


def shared(ctx: Context, *modes: str) -> Item:
    """An item of these sharing modes whose records are delivered."""
    for item in ctx.standard.checklist.items:
        if item.sharing_mode in modes and is_collected(item) and "enterprise" in item.subject_types:
            return item
    raise NotVerified(Message("checks.no_such_item", {"kind": "/".join(modes)}))


@verifies("COL-016", expand=lambda _: ("local_first", "head_to_head_first"))
def record_shared_head_to_head_prevails(ctx: Context) -> None:
    cast, item = Cast(ctx, fresh=True), shared(ctx, *modes_shared_centrally(ctx.standard, also_locally=True))
    subject, bank = cast.subject(), cast.institution()
    local, central = of_one_matter(cast, item, subject)
    local_first = ctx.case.parameter == "local_first"
    for record in (local, central) if local_first else (central, local):
        cast.accepted(cast.deliver(item, record), item)
    grant = cast.authorize(subject, bank, item)

    reply = cast.ask(bank.token, subject, (item,), (grant,))

    served = only_record(reply).get("record_id")
    expect.equal(served, central["record_id"], f"reply.body{RECORD}/record_id", reply)


def of_one_matter(cast: Cast, item: Item, subject: Subject) -> tuple[dict[str, Any], dict[str, Any]]:
    """A record collected locally and one shared by headquarters, with the same key."""
    standard = cast.ctx.standard
    local = cast.record(item, subject) | {"source_channel": local_channel(standard)}
    fixed = {name: local["content"][name] for name in item.key if name in local["content"]}
    ministry = identities.uscc(cast.ctx.random, standard.reserved, "authority")
    origin = {"source_channel": prevailing_channel(standard), "provider_uscc": ministry}
    central = cast.record(item, subject, fixed) | origin
    return local, central


@verifies("COL-017")
def record_collected_again_locally_is_rejected(ctx: Context) -> None:
    cast, item = Cast(ctx, fresh=True), shared(ctx, *modes_shared_centrally(ctx.standard, also_locally=False))
    cast.accepted(cast.deliver(item, cast.record(item, cast.subject())), item)

    local = {"source_channel": local_channel(ctx.standard)}
    delivery = cast.deliver(item, cast.record(item, cast.subject()) | local)

    stated = delivery.outcome(0).get("outcome")
    expect.equal(stated, "rejected", "reply.body/outcomes/0/outcome", delivery.reply)


@verifies("COL-018", needs=("clients.other_provider",), expand=lambda _: ("update", "withdraw"))
def record_is_changed_only_by_its_sender(ctx: Context) -> None:
    cast, item = Cast(ctx, fresh=True), public(ctx)
    subject, bank = cast.subject(), cast.institution()
    record = cast.stored(item, subject)
    cast.control(bank.token, subject, item)

    changed = {**record, "record_version": 2, "operation": ctx.case.parameter}
    if ctx.case.parameter == "withdraw":
        changed = {**{n: v for n, v in changed.items() if n != "content"}, "status": "withdrawn"}
    else:
        changed["content"] = cast.record(item, subject)["content"]
    taken = cast.post_batch(item.code, [changed], by=OTHER)
    if taken.status == 202:
        cast.settled(expect.at(taken, "/batch_id", str), by=OTHER)
    reply = cast.ask(bank.token, subject, (item,))

    first = {"record_id": record["record_id"], "record_version": 1}
    served = [{name: one.get(name) for name in first} for one in records_of(reply)]
    expect.contains(served, first, "reply.body/results/0/records", reply)


def records_of(reply: Reply) -> list[dict[str, Any]]:
    result(reply)
    return expect.objects(reply, "/results/0/records")


@verifies("COL-018", needs=("clients.other_provider",))
def batch_is_read_only_by_its_sender(ctx: Context) -> None:
    cast, item = Cast(ctx, fresh=True), public(ctx)
    batch = cast.acknowledged(cast.post_batch(item.code, [cast.record(item, cast.subject())]))
    own = cast.read_batch(batch)
    expect.status(own, 200)
    expect.equal(expect.at(own, "/batch_id"), batch, "reply.body/batch_id", own)

    reply = cast.read_batch(batch, by=OTHER)

    expect.status(reply, 403, 404)


@verifies("COL-019")
def batch_of_the_declared_size_is_taken(ctx: Context) -> None:
    cast = Cast(ctx, fresh=True)

    reply = cast.post_lines(EMPTY_LINE * declared(ctx))

    expect.status(reply, 202)


@verifies("COL-019")
def larger_batch_than_declared_is_refused(ctx: Context) -> None:
    cast = Cast(ctx, fresh=True)
    expect.status(cast.post_lines(EMPTY_LINE), 202)

    reply = cast.post_lines(EMPTY_LINE * (declared(ctx) + 1))

    expect.status(reply, 413, 422)


def declared(ctx: Context) -> int:
    """The number of records that the descriptor allows in one batch, if lines of that number can be sent."""
    described = ctx.send(Request("getPlatformDescriptor"))
    limit, size = (
        expect.at(described, f"/limits/{name}", int) for name in ("max_batch_records", "max_body_bytes")
    )
    if not 0 < limit <= min(MOST_LINES, size // len(EMPTY_LINE) - 1):
        raise NotVerified(Message("checks.batch_limit_out_of_reach", {"records": limit, "bytes": size}))
    return limit


@verifies("COL-002")
def faults_of_the_envelope_are_rejected(ctx: Context) -> None:
    cast, item = Cast(ctx, fresh=True), public(ctx)
    wrong = invalid_envelopes(ctx, cast.record(item, cast.subject()), item)
    lines = [cast.record(item, cast.subject()), *(dict(one.content) for one in wrong)]

    delivery = cast.settled(cast.acknowledged(cast.post_lines(ndjson(lines))))

    if delivery.outcome(0).get("outcome") != "accepted":
        raise NotVerified(Message("checks.prerequisite_not_accepted", {"item": item.code}))
    for index, candidate in enumerate(wrong, start=1):
        outcome, where = delivery.outcome(index), f"reply.body/outcomes/{index}"
        stated = outcome.get("outcome")
        expect.equal(
            stated, "rejected", f"{where}/outcome ({candidate.kind} {candidate.pointer})", delivery.reply
        )
        right = frozenset((candidate.pointer, candidate.pointer.rpartition("/")[0]))
        reasons = [one for one in outcome.get("reasons") or () if isinstance(one, dict)]
        named = any(points_at(reason.get("pointer"), right) for reason in reasons)
        message = Message("checks.not_pointed", {"pointer": sorted(right)})
        expect.true(named, message, where=f"{where}/reasons", reply=delivery.reply, actual=reasons)


@verifies("COL-006")
def withdrawn_record_stays_withdrawn_after_redelivery(ctx: Context) -> None:
    cast, item = Cast(ctx, fresh=True), public(ctx)
    subject, bank = cast.subject(), cast.institution()
    record = cast.stored(item, subject)
    cast.control(bank.token, subject, item)
    members = {"record_id": record["record_id"], "record_version": 2}
    cast.accepted(cast.deliver(item, cast.envelope(item, subject, None, **members)), item)

    cast.deliver(item, record)
    reply = cast.ask(bank.token, subject, (item,))

    expect.equal(result(reply).get("status"), "empty", "reply.body/results/0/status", reply)


@verifies("COL-007")
def half_written_last_line_has_its_outcome(ctx: Context) -> None:
    cast, item = Cast(ctx, fresh=True), public(ctx)
    whole = ndjson([cast.record(item, cast.subject()) for _ in range(2)])

    taken = cast.post_lines(whole[: -len(whole) // 4])

    expect.status(taken, 202)
    delivery = cast.settled(expect.at(taken, "/batch_id", str))
    stated = [delivery.outcome(index).get("outcome") for index in range(2)]
    expect.equal(stated, ["accepted", "rejected"], "reply.body/outcomes", delivery.reply)


def ndjson(records: list[dict[str, Any]]) -> bytes:
    return b"".join(orjson.dumps(record) + b"\n" for record in records)
