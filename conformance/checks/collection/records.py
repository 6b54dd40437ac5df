"""Checks of the part collection (COL): reasons per record, versions, withdrawals, nothing lost."""

import orjson

from conformance import expect
from conformance.actors import Cast, prepared
from conformance.actors.records import invalid, variants
from conformance.checks.shared.assertions import RECORD, fields_of, only_record, raw_values, result
from conformance.checks.shared.items import public
from conformance.checks.shared.parameters import SEPARATOR, collected_items, rural_items
from conformance.checks.shared.rejections import rejected, with_others
from conformance.checks.verifies import verifies
from conformance.model.context import Context

AT_ONCE = 50
"""Invalid records of one delivery: few enough for the limit of any platform."""


@verifies("COL-001", expand=collected_items)
def valid_records_are_accepted(ctx: Context) -> None:
    cast = Cast(ctx, fresh=True)
    item = ctx.standard.checklist.item(ctx.case.parameter)
    model = cast.subject(item.subject_types[0])
    batch = [
        cast.envelope(item, cast.subject(model.type), variant.content)
        for variant in variants(ctx, item, model)
    ]

    delivery = cast.deliver(item, *batch)

    reply = delivery.reply
    expect.equal(len(delivery.outcomes), len(batch), "reply.body/outcomes (count)", reply)
    for index in range(len(batch)):
        stated = delivery.outcome(index).get("outcome")
        expect.equal(stated, "accepted", f"reply.body/outcomes/{index}/outcome", reply)
    expect.equal(delivery.batch.get("accepted"), len(batch), "reply.body/accepted", reply)


@verifies("COL-001", expand=collected_items)
def accepted_record_is_served(ctx: Context) -> None:
    cast = Cast(ctx, fresh=True)
    item = ctx.standard.checklist.item(ctx.case.parameter)
    subject, bank = cast.subject(item.subject_types[0]), cast.institution()
    record = cast.stored(item, subject)
    grant = cast.authorize(subject, bank, item)

    reply = cast.ask(bank.token, subject, (item,), (grant,))

    served = only_record(reply)
    expect.equal(served.get("record_id"), record["record_id"], f"reply.body{RECORD}/record_id", reply)


@verifies("COL-002", expand=collected_items)
def invalid_records_are_rejected_with_their_reason(ctx: Context) -> None:
    cast = Cast(ctx, fresh=True)
    item = ctx.standard.checklist.item(ctx.case.parameter)
    subject = cast.subject(item.subject_types[0])
    wrong = invalid(ctx, item, subject)

    found = [
        violation
        for start in range(0, len(wrong), AT_ONCE)
        for violation in rejected(cast, item, subject, wrong[start : start + AT_ONCE])
    ]

    if found:
        raise with_others(found)


@verifies("COL-003")
def good_records_of_a_mixed_batch_are_kept(ctx: Context) -> None:
    cast = Cast(ctx, fresh=True)
    item, bank = public(ctx), cast.institution()
    subjects = [cast.subject() for _ in range(3)]
    good, wrong, last = (cast.record(item, subject) for subject in subjects)
    del wrong["content"][next(f.name for f in item.fields if f.required)]

    delivery = cast.deliver(item, good, wrong, last)

    stated = [delivery.outcome(index).get("outcome") for index in range(3)]
    expect.equal(stated, ["accepted", "rejected", "accepted"], "reply.body/outcomes", delivery.reply)
    for subject in (subjects[0], subjects[2]):
        only_record(cast.ask(bank.token, subject, (item,)))


@verifies("COL-004")
def repeated_delivery_has_no_second_effect(ctx: Context) -> None:
    cast = Cast(ctx, fresh=True)
    item, subject, bank = public(ctx), cast.subject(), cast.institution()
    batch, key = [cast.record(item, subject)], cast.new_key()
    identifier = cast.acknowledged(cast.post_batch(item.code, batch, key))

    second = cast.post_batch(item.code, batch, key)

    expect.status(second, 202)
    expect.equal(expect.json_object(second).get("batch_id"), identifier, "reply.body/batch_id", second)
    cast.settled(identifier)
    only_record(cast.ask(bank.token, subject, (item,)))


@verifies("COL-004")
def reused_key_with_another_body_is_refused(ctx: Context) -> None:
    cast = Cast(ctx, fresh=True)
    item, key = public(ctx), cast.new_key()
    prepared(cast.post_batch(item.code, [cast.record(item, cast.subject())], key), "collection", 202)

    reply = cast.post_batch(item.code, [cast.record(item, cast.subject())], key)

    expect.problem(reply, 409, "idempotency_conflict")


@verifies("COL-005")
def newest_version_wins_in_any_order(ctx: Context) -> None:
    cast = Cast(ctx, fresh=True)
    item, subject, bank = public(ctx), cast.subject(), cast.institution()
    first = cast.stored(item, subject)
    newest = {**first, "record_version": 3, "operation": "update"}
    stale = {**first, "record_version": 2, "operation": "update"}
    cast.accepted(cast.deliver(item, newest), item)

    cast.deliver(item, stale)

    reply = cast.ask(bank.token, subject, (item,))
    served = only_record(reply)
    expect.equal(served.get("record_version"), 3, f"reply.body{RECORD}/record_version", reply)


@verifies("COL-005")
def update_replaces_what_was_served(ctx: Context) -> None:
    cast = Cast(ctx, fresh=True)
    item, subject, bank = public(ctx), cast.subject(), cast.institution()
    first = cast.stored(item, subject)
    cast.control(bank.token, subject, item)

    fixed = {name: first["content"][name] for name in item.key if name in first["content"]}
    content = cast.record(item, subject, fixed, optional=True)["content"]
    newest = {**first, "record_version": 2, "operation": "update", "content": content}
    cast.accepted(cast.deliver(item, newest), item)

    reply = cast.ask(bank.token, subject, (item,))
    served = only_record(reply)
    expect.equal(served.get("record_version"), 2, f"reply.body{RECORD}/record_version", reply)
    for name, value in raw_values(fields_of(reply)).items():
        expect.equal(value, content.get(name), f"reply.body{RECORD}/fields/{name}/value", reply)


@verifies("COL-006")
def withdrawn_record_is_no_longer_served(ctx: Context) -> None:
    cast = Cast(ctx, fresh=True)
    item, subject, bank = public(ctx), cast.subject(), cast.institution()
    record = cast.stored(item, subject)
    cast.control(bank.token, subject, item)

    withdrawal = cast.envelope(item, subject, None, record_id=record["record_id"], record_version=2)
    cast.accepted(cast.deliver(item, withdrawal), item)
    reply = cast.ask(bank.token, subject, (item,))

    answered = result(reply)
    expect.equal(answered.get("status"), "empty", "reply.body/results/0/status", reply)
    expect.equal(answered.get("records", []), [], "reply.body/results/0/records", reply)


@verifies("COL-007")
def every_line_has_its_own_outcome(ctx: Context) -> None:
    cast = Cast(ctx, fresh=True)
    item = public(ctx)
    good, last = (cast.record(item, cast.subject()) for _ in range(2))
    lines = b"\n".join((orjson.dumps(good), b'{"record_id": "r1", ', orjson.dumps(last)))

    accepted = cast.post_lines(lines + b"\n")

    expect.status(accepted, 202)
    delivery = cast.settled(expect.at(accepted, "/batch_id", str))
    expect.equal(len(delivery.outcomes), 3, "reply.body/outcomes (count)", delivery.reply)
    stated = [delivery.outcome(index).get("outcome") for index in range(3)]
    expect.equal(stated, ["accepted", "rejected", "accepted"], "reply.body/outcomes", delivery.reply)


@verifies("COL-007")
def acknowledged_batch_stays_readable(ctx: Context) -> None:
    cast = Cast(ctx, fresh=True)
    item = public(ctx)
    batch = [cast.record(item, cast.subject()) for _ in range(2)]

    accepted = cast.post_batch(item.code, batch)

    expect.status(accepted, 202)
    identifier = expect.at(accepted, "/batch_id", str)
    reply = cast.read_batch(identifier)
    expect.status(reply, 200)
    expect.equal(expect.json_object(reply).get("received"), len(batch), "reply.body/received", reply)


@verifies("COL-008", expand=rural_items)
def rural_subjects_are_accepted(ctx: Context) -> None:
    cast = Cast(ctx, fresh=True)
    code, subject_type = ctx.case.parameter.split(SEPARATOR)
    item, subject = ctx.standard.checklist.item(code), cast.subject(subject_type)

    delivery = cast.deliver(item, cast.record(item, subject))

    stated = delivery.outcome(0).get("outcome")
    expect.equal(stated, "accepted", "reply.body/outcomes/0/outcome", delivery.reply)
