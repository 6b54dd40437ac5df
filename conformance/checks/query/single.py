"""Checks of the part query (QRY): complete, honest answers that say where they come from."""

from typing import Any

from conformance import expect
from conformance.actors import Network, prepared
from conformance.checks.shared.assertions import RECORD, fields_of, moment, raw_values, result, results
from conformance.checks.shared.items import public_item, restricted_item
from conformance.checks.verifies import verifies
from conformance.expect import NotVerified
from conformance.model.context import Context
from conformance.model.text import Message

INCIDENTAL = ("query_id", "at", "subject")
"""Members in which two answers about different subjects may differ."""
TELLING_AMOUNT = "9007199254740993.10"
"""No floating-point number holds it, and its last digit is lost where amounts are treated as numbers."""


@verifies("QRY-001")
def each_item_gets_one_result_in_order(ctx: Context) -> None:
    network = Network(ctx)
    items = tuple(reversed(ctx.standard.checklist.items))
    subject, bank = network.subject(), network.institution()
    network.provider.store(public_item(ctx), subject)

    reply = bank.query(subject, *items)

    answered = results(reply)
    codes = [result_.get("item_code") for result_ in answered]
    expect.equal(codes, [item.code for item in items], "reply.body/results (item_code)", reply)
    for index, result_ in enumerate(answered):
        closed_set = ctx.standard.codes["item_status"].codes
        expect.contains(closed_set, result_.get("status"), f"reply.body/results/{index}/status", reply)


@verifies("QRY-001")
def nothing_collected_is_answered_empty(ctx: Context) -> None:
    network = Network(ctx)
    item, bank = public_item(ctx), network.institution()
    known_subject = network.subject()
    network.provider.store(item, known_subject)
    bank.positive_control(known_subject, item)

    reply = bank.query(network.subject(), item)

    expect.equal(result(reply).get("status"), "empty", "reply.body/results/0/status", reply)


@verifies("QRY-002")
def unauthorized_query_tells_nothing_of_existence(ctx: Context) -> None:
    network = Network(ctx)
    item, known_subject = restricted_item(ctx), network.subject()
    unknown_subject, bank = network.subject(), network.institution()
    network.provider.store(item, known_subject)
    bank.positive_control(known_subject, item, citing=known_subject.authorize(bank, item))

    with_data = bank.query(known_subject, item)
    without_data = bank.query(unknown_subject, item)

    expect.status(with_data, 200)
    expect.status(without_data, 200)
    expect.equal(comparable(with_data), comparable(without_data), "reply.body", with_data)


def comparable(reply: Any) -> dict[str, Any]:
    return {name: value for name, value in expect.json_object(reply).items() if name not in INCIDENTAL}


@verifies("QRY-003")
def disclosure_names_channel_recipient_and_purpose(ctx: Context) -> None:
    network = Network(ctx)
    item, subject, bank = restricted_item(ctx), network.subject(), network.institution()
    network.provider.store(item, subject)
    grant = subject.authorize(bank, item)

    reply = bank.positive_control(subject, item, citing=grant)

    answer = expect.json_object(reply)
    expect.equal(answer.get("channel"), "query", "reply.body/channel", reply)
    expect.equal(answer.get("recipient"), bank.id, "reply.body/recipient", reply)
    expect.equal(answer.get("purpose"), "pre_loan", "reply.body/purpose", reply)
    authorization_id = result(reply).get("authorization_id")
    expect.equal(authorization_id, grant.id, "reply.body/results/0/authorization_id", reply)


@verifies("QRY-004")
def disclosed_values_are_those_collected(ctx: Context) -> None:
    network = Network(ctx)
    item, subject, bank = restricted_item(ctx), network.subject(), network.institution()
    fixed = {f.name: TELLING_AMOUNT for f in item.fields if f.unit == "CNY"}
    record = network.provider.record(item, subject, fixed, optional=True) | {"record_version": 4}
    network.provider.provide(item, subject, record)
    grant = subject.authorize(bank, item)

    reply = bank.positive_control(subject, item, citing=grant)

    raw = raw_values(fields_of(reply))
    if not raw:
        raise NotVerified(Message("checks.control_not_raw"))
    for name, value in raw.items():
        where = f"reply.body{RECORD}/fields/{name}/value"
        expect.equal(value, record["content"].get(name), where, reply)
    for member in ("record_id", "record_version", "source_channel"):
        disclosed = expect.at(reply, f"{RECORD}/{member}")
        expect.equal(disclosed, record[member], f"reply.body{RECORD}/{member}", reply)
    as_of = moment(expect.at(reply, f"{RECORD}/as_of"))
    expect.equal(as_of, moment(record["as_of"]), f"reply.body{RECORD}/as_of", reply)


@verifies("QRY-005", expand=lambda _: tuple(WRONG))
def unknown_words_are_refused(ctx: Context) -> None:
    network = Network(ctx)
    item, subject, bank = public_item(ctx), network.subject(), network.institution()
    good = {
        "subject": subject.reference,
        "items": [item.code],
        "purpose": "pre_loan",
        "authorizations": [],
    }
    prepared(bank.call("createQuery", good), "query", 200)

    wrong = {**good, **WRONG[ctx.case.parameter]}
    reply = bank.call("createQuery", wrong, valid=False)

    expect.problem(reply, (400, 422), ("invalid_request", "malformed_request"))


WRONG: dict[str, dict[str, Any]] = {
    "item": {"items": ["F99-99"]},
    "purpose": {"purpose": "curiosity"},
    "member": {"include_hidden": True},
}
