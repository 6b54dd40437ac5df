"""Checks of the part collection (COL): reasons per record, versions, withdrawals, nothing lost."""

import orjson

from conformance import expect
from conformance.actors import Network, prepared
from conformance.actors.deliveries import acknowledged_batch
from conformance.actors.records import invalid, variants
from conformance.checks.shared.assertions import RECORD, fields_of, only_record, raw_values, result
from conformance.checks.shared.items import public_item
from conformance.checks.shared.parameters import SEPARATOR, collected_items, rural_items
from conformance.checks.shared.rejections import one_violation, rejection_failures
from conformance.checks.verifies import verifies
from conformance.model.context import Context

AT_ONCE = 50
"""Invalid records of one delivery: few enough for the limit of any platform."""


@verifies("COL-001", expand=collected_items)
def valid_records_are_accepted(ctx: Context) -> None:
    network = Network(ctx, fresh=True)
    item = ctx.standard.checklist.item(ctx.case.parameter)
    model = network.subject(item.subject_types[0])
    batch = [
        network.provider.envelope(item, network.subject(model.type), variant.content)
        for variant in variants(ctx, item, model)
    ]

    delivery = network.provider.deliver(*batch)

    reply = delivery.reply
    expect.equal(len(delivery.outcomes), len(batch), "reply.body/outcomes (count)", reply)
    for index in range(len(batch)):
        outcome = delivery.outcome(index).get("outcome")
        expect.equal(outcome, "accepted", f"reply.body/outcomes/{index}/outcome", reply)
    expect.equal(delivery.batch.get("accepted"), len(batch), "reply.body/accepted", reply)


@verifies("COL-001", expand=collected_items)
def accepted_record_is_served(ctx: Context) -> None:
    network = Network(ctx, fresh=True)
    item = ctx.standard.checklist.item(ctx.case.parameter)
    subject, bank = network.subject(item.subject_types[0]), network.institution()
    record = network.provider.store(item, subject)
    grant = subject.authorize(bank, item)

    reply = bank.query(subject, item, citing=grant)

    record_id = only_record(reply).get("record_id")
    expect.equal(record_id, record["record_id"], f"reply.body{RECORD}/record_id", reply)


@verifies("COL-002", expand=collected_items)
def invalid_records_are_rejected_with_their_reason(ctx: Context) -> None:
    network = Network(ctx, fresh=True)
    item = ctx.standard.checklist.item(ctx.case.parameter)
    subject = network.subject(item.subject_types[0])
    wrong = invalid(ctx, item, subject)

    violations = [
        violation
        for start in range(0, len(wrong), AT_ONCE)
        for violation in rejection_failures(network, item, subject, wrong[start : start + AT_ONCE])
    ]

    if violations:
        raise one_violation(violations)


@verifies("COL-003")
def good_records_of_a_mixed_batch_are_kept(ctx: Context) -> None:
    network = Network(ctx, fresh=True)
    item, bank = public_item(ctx), network.institution()
    subjects = [network.subject() for _ in range(3)]
    good, wrong, last = (network.provider.record(item, subject) for subject in subjects)
    del wrong["content"][next(f.name for f in item.fields if f.required)]

    delivery = network.provider.deliver(good, wrong, last)

    outcomes = [delivery.outcome(index).get("outcome") for index in range(3)]
    expect.equal(outcomes, ["accepted", "rejected", "accepted"], "reply.body/outcomes", delivery.reply)
    for subject in (subjects[0], subjects[2]):
        only_record(bank.query(subject, item))


@verifies("COL-004")
def repeated_delivery_has_no_second_effect(ctx: Context) -> None:
    network = Network(ctx, fresh=True)
    item, subject, bank = public_item(ctx), network.subject(), network.institution()
    batch, key = [network.provider.record(item, subject)], network.new_key()
    identifier = acknowledged_batch(network.provider.submit(*batch, key=key))

    second = network.provider.submit(*batch, key=key)

    expect.status(second, 202)
    expect.equal(expect.json_object(second).get("batch_id"), identifier, "reply.body/batch_id", second)
    network.provider.await_outcomes(identifier)
    only_record(bank.query(subject, item))


@verifies("COL-004")
def reused_key_with_another_body_is_refused(ctx: Context) -> None:
    network = Network(ctx, fresh=True)
    item, key = public_item(ctx), network.new_key()
    prepared(
        network.provider.submit(network.provider.record(item, network.subject()), key=key), "collection", 202
    )

    reply = network.provider.submit(network.provider.record(item, network.subject()), key=key)

    expect.problem(reply, 409, "idempotency_conflict")


@verifies("COL-005")
def newest_version_wins_in_any_order(ctx: Context) -> None:
    network = Network(ctx, fresh=True)
    item, subject, bank = public_item(ctx), network.subject(), network.institution()
    first = network.provider.store(item, subject)
    newest = {**first, "record_version": 3, "operation": "update"}
    stale = {**first, "record_version": 2, "operation": "update"}
    network.provider.deliver_accepted(newest)

    network.provider.deliver(stale)

    reply = bank.query(subject, item)
    record = only_record(reply)
    expect.equal(record.get("record_version"), 3, f"reply.body{RECORD}/record_version", reply)


@verifies("COL-005")
def update_replaces_what_was_served(ctx: Context) -> None:
    network = Network(ctx, fresh=True)
    item, subject, bank = public_item(ctx), network.subject(), network.institution()
    first = network.provider.store(item, subject)
    bank.positive_control(subject, item)

    fixed = {name: first["content"][name] for name in item.key if name in first["content"]}
    content = network.provider.record(item, subject, fixed, optional=True)["content"]
    newest = {**first, "record_version": 2, "operation": "update", "content": content}
    network.provider.deliver_accepted(newest)

    reply = bank.query(subject, item)
    record = only_record(reply)
    expect.equal(record.get("record_version"), 2, f"reply.body{RECORD}/record_version", reply)
    for name, value in raw_values(fields_of(reply)).items():
        expect.equal(value, content.get(name), f"reply.body{RECORD}/fields/{name}/value", reply)


@verifies("COL-006")
def withdrawn_record_is_no_longer_served(ctx: Context) -> None:
    network = Network(ctx, fresh=True)
    item, subject, bank = public_item(ctx), network.subject(), network.institution()
    record = network.provider.store(item, subject)
    bank.positive_control(subject, item)

    withdrawal = network.provider.envelope(
        item, subject, None, record_id=record["record_id"], record_version=2
    )
    network.provider.deliver_accepted(withdrawal)
    reply = bank.query(subject, item)

    answered = result(reply)
    expect.equal(answered.get("status"), "empty", "reply.body/results/0/status", reply)
    expect.equal(answered.get("records", []), [], "reply.body/results/0/records", reply)


@verifies("COL-007")
def every_line_has_its_own_outcome(ctx: Context) -> None:
    network = Network(ctx, fresh=True)
    item = public_item(ctx)
    good, last = (network.provider.record(item, network.subject()) for _ in range(2))
    lines = b"\n".join((orjson.dumps(good), b'{"record_id": "r1", ', orjson.dumps(last)))

    submitted = network.provider.submit_bytes(lines + b"\n")

    expect.status(submitted, 202)
    delivery = network.provider.await_outcomes(expect.at(submitted, "/batch_id", str))
    expect.equal(len(delivery.outcomes), 3, "reply.body/outcomes (count)", delivery.reply)
    outcomes = [delivery.outcome(index).get("outcome") for index in range(3)]
    expect.equal(outcomes, ["accepted", "rejected", "accepted"], "reply.body/outcomes", delivery.reply)


@verifies("COL-007")
def acknowledged_batch_stays_readable(ctx: Context) -> None:
    network = Network(ctx, fresh=True)
    item = public_item(ctx)
    batch = [network.provider.record(item, network.subject()) for _ in range(2)]

    accepted = network.provider.submit(*batch)

    expect.status(accepted, 202)
    identifier = expect.at(accepted, "/batch_id", str)
    reply = network.provider.call("getBatch", batch_id=identifier)
    expect.status(reply, 200)
    expect.equal(expect.json_object(reply).get("received"), len(batch), "reply.body/received", reply)


@verifies("COL-008", expand=rural_items)
def rural_subjects_are_accepted(ctx: Context) -> None:
    network = Network(ctx, fresh=True)
    code, subject_type = ctx.case.parameter.split(SEPARATOR)
    item, subject = ctx.standard.checklist.item(code), network.subject(subject_type)

    delivery = network.provider.deliver(network.provider.record(item, subject))

    outcome = delivery.outcome(0).get("outcome")
    expect.equal(outcome, "accepted", "reply.body/outcomes/0/outcome", delivery.reply)
