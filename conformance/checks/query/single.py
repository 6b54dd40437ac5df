"""Checks of the part query (QRY): complete, honest answers that say where they come from."""

from typing import Any

from conformance import expect
from conformance.actors import Cast, prepared
from conformance.checks.shared.assertions import RECORD, fields_of, moment, raw_values, result, results
from conformance.checks.shared.items import public, restricted
from conformance.checks.verifies import verifies
from conformance.expect import NotVerified
from conformance.model.context import Context
from conformance.model.text import Message
from conformance.model.wire import Request

INCIDENTAL = ("query_id", "at", "subject")
"""Members in which two answers about different subjects may differ."""
TELLING_AMOUNT = "9007199254740993.10"
"""No floating-point number holds it, and its last digit is lost where amounts are treated as numbers."""


@verifies("QRY-001")
def each_item_gets_one_result_in_order(ctx: Context) -> None:
    cast = Cast(ctx)
    asked = tuple(reversed(ctx.standard.checklist.items))
    subject, bank = cast.subject(), cast.institution()
    cast.stored(public(ctx), subject)

    reply = cast.ask(bank.token, subject, asked)

    answered = results(reply)
    codes = [one.get("item_code") for one in answered]
    expect.equal(codes, [item.code for item in asked], "reply.body/results (item_code)", reply)
    for index, one in enumerate(answered):
        closed_set = ctx.standard.codes["item_status"].codes
        expect.contains(closed_set, one.get("status"), f"reply.body/results/{index}/status", reply)


@verifies("QRY-001")
def nothing_collected_is_answered_empty(ctx: Context) -> None:
    cast = Cast(ctx)
    item, bank = public(ctx), cast.institution()
    known = cast.subject()
    cast.stored(item, known)
    cast.control(bank.token, known, item)

    reply = cast.ask(bank.token, cast.subject(), (item,))

    expect.equal(result(reply).get("status"), "empty", "reply.body/results/0/status", reply)


@verifies("QRY-002")
def unauthorized_query_tells_nothing_of_existence(ctx: Context) -> None:
    cast = Cast(ctx)
    item, known, unknown, bank = restricted(ctx), cast.subject(), cast.subject(), cast.institution()
    cast.stored(item, known)
    cast.control(bank.token, known, item, cast.authorize(known, bank, item))

    with_data = cast.ask(bank.token, known, (item,))
    without = cast.ask(bank.token, unknown, (item,))

    expect.status(with_data, 200)
    expect.status(without, 200)
    expect.equal(comparable(with_data), comparable(without), "reply.body", with_data)


def comparable(reply: Any) -> dict[str, Any]:
    return {name: value for name, value in expect.json_object(reply).items() if name not in INCIDENTAL}


@verifies("QRY-003")
def disclosure_names_channel_recipient_and_purpose(ctx: Context) -> None:
    cast = Cast(ctx)
    item, subject, bank = restricted(ctx), cast.subject(), cast.institution()
    cast.stored(item, subject)
    grant = cast.authorize(subject, bank, item)

    reply = cast.control(bank.token, subject, item, grant)

    answer = expect.json_object(reply)
    expect.equal(answer.get("channel"), "query", "reply.body/channel", reply)
    expect.equal(answer.get("recipient"), bank.id, "reply.body/recipient", reply)
    expect.equal(answer.get("purpose"), "pre_loan", "reply.body/purpose", reply)
    used = result(reply).get("authorization_id")
    expect.equal(used, grant.id, "reply.body/results/0/authorization_id", reply)


@verifies("QRY-004")
def disclosed_values_are_those_collected(ctx: Context) -> None:
    cast = Cast(ctx)
    item, subject, bank = restricted(ctx), cast.subject(), cast.institution()
    fixed = {f.name: TELLING_AMOUNT for f in item.fields if f.unit == "CNY"}
    record = cast.record(item, subject, fixed, optional=True) | {"record_version": 4}
    cast.provide(item, subject, record)
    grant = cast.authorize(subject, bank, item)

    reply = cast.control(bank.token, subject, item, grant)

    raw = raw_values(fields_of(reply))
    if not raw:
        raise NotVerified(Message("checks.control_not_raw"))
    for name, value in raw.items():
        where = f"reply.body{RECORD}/fields/{name}/value"
        expect.equal(value, record["content"].get(name), where, reply)
    for member in ("record_id", "record_version", "source_channel"):
        given = expect.at(reply, f"{RECORD}/{member}")
        expect.equal(given, record[member], f"reply.body{RECORD}/{member}", reply)
    as_of = moment(expect.at(reply, f"{RECORD}/as_of"))
    expect.equal(as_of, moment(record["as_of"]), f"reply.body{RECORD}/as_of", reply)


@verifies("QRY-005", expand=lambda _: tuple(WRONG))
def unknown_words_are_refused(ctx: Context) -> None:
    cast = Cast(ctx)
    item, subject, bank = public(ctx), cast.subject(), cast.institution()
    good = {
        "subject": subject.reference,
        "items": [item.code],
        "purpose": "pre_loan",
        "authorizations": [],
    }
    prepared(ctx.send(Request("createQuery", body=good, credential=bank.token)), "query", 200)

    wrong = {**good, **WRONG[ctx.case.parameter]}
    reply = ctx.send(Request("createQuery", body=wrong, credential=bank.token, valid=False))

    expect.problem(reply, (400, 422), ("invalid_request", "malformed_request"))


WRONG: dict[str, dict[str, Any]] = {
    "item": {"items": ["F99-99"]},
    "purpose": {"purpose": "curiosity"},
    "member": {"include_hidden": True},
}
