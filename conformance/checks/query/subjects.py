"""Whose records a query finds: by any of their identifiers, all of them, and nobody else's."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

from conformance import expect
from conformance.actors import Cast, Subject, prepared
from conformance.checks.shared.assertions import RECORD, only_record, result
from conformance.checks.shared.items import keyed, public, served_until, suited
from conformance.checks.shared.parameters import subject_types
from conformance.checks.verifies import verifies
from conformance.expect import NotVerified
from conformance.model.context import Context
from conformance.model.shapes import Item
from conformance.model.text import Message
from conformance.model.wire import Reply, Request
from conformance.synth import identities

SEVERAL = 4
ENDED = ("repaired", "expired")


@verifies("QRY-010", expand=lambda _: ENDED)
def record_that_is_not_valid_is_not_served(ctx: Context) -> None:
    cast = Cast(ctx, fresh=True)
    item, subject, bank = public(ctx), cast.subject(), cast.institution()
    record = cast.stored(item, subject)
    cast.control(bank.token, subject, item)
    ended = {**record, "record_version": 2, "operation": "update", "status": ctx.case.parameter}
    cast.accepted(cast.deliver(item, ended), item)

    reply = cast.ask(bank.token, subject, (item,))

    expect.equal(result(reply).get("status"), "empty", "reply.body/results/0/status", reply)


@verifies("QRY-010")
def record_past_its_last_day_is_not_served(ctx: Context) -> None:
    cast = Cast(ctx, fresh=True)
    item, field = served_until(ctx)
    subject, bank = cast.subject(), cast.institution()
    record = cast.stored(item, subject)
    cast.control(bank.token, subject, item)
    content = cast.record(item, subject, {field: str(ctx.today - timedelta(days=1))})["content"]
    update = {**record, "record_version": 2, "operation": "update", "content": content}
    cast.accepted(cast.deliver(item, update), item)

    reply = cast.ask(bank.token, subject, (item,))

    expect.equal(result(reply).get("status"), "empty", "reply.body/results/0/status", reply)


@verifies("QRY-010")
def record_is_served_through_its_last_day(ctx: Context) -> None:
    cast = Cast(ctx, fresh=True)
    item, field = served_until(ctx)
    subject, bank = cast.subject(), cast.institution()
    record = cast.stored(item, subject, {field: str(ctx.today)})

    reply = cast.ask(bank.token, subject, (item,))

    given = only_record(reply).get("record_id")
    expect.equal(given, record["record_id"], f"reply.body{RECORD}/record_id", reply)


@verifies("QRY-011", expand=subject_types)
def subject_is_found_by_each_identifier(ctx: Context) -> None:
    cast = Cast(ctx, fresh=True)
    item = suited(ctx, ctx.case.parameter)
    subject, bank = cast.subject(ctx.case.parameter), cast.institution()
    known = known_as(ctx, subject)
    ids = [one.reference["ids"][0] for one in known]
    record = cast.record(item, subject)
    record["subject"] = {**record["subject"], "ids": ids}
    cast.accepted(cast.deliver(item, record), item)
    grants = [cast.authorize(one, bank, item).id for one in known]

    replies = [cast.ask_with(bank.token, one, (item,), grants) for one in known]
    body = cast.query_body(subject, (item,), grants, "pre_loan")
    together = {**body, "subject": {"type": subject.type, "ids": ids}}
    replies.append(ctx.send(Request("createQuery", body=together, credential=bank.token)))

    for reply in replies:
        given = only_record(reply).get("record_id")
        expect.equal(given, record["record_id"], f"reply.body{RECORD}/record_id", reply)


def known_as(ctx: Context, subject: Subject) -> list[Subject]:
    """The subject under each identifier that one of its type has in practice."""
    if subject.scheme != "uscc":
        return [subject]
    number = ctx.plant(f"{ctx.random.randrange(10**14, 10**15)}")
    return [
        subject,
        replace(subject, scheme="org_code", value=ctx.plant(subject.value[8:17])),
        replace(subject, scheme="taxpayer_id", value=number),
    ]


@verifies("QRY-011")
def records_of_two_subjects_are_not_mixed(ctx: Context) -> None:
    cast = Cast(ctx, fresh=True)
    item, one, other = public(ctx), cast.subject(), cast.subject()
    bank, taxpayer = cast.institution(), known_as(ctx, other)[2]
    cast.stored(item, one)
    record = cast.record(item, other)
    record["subject"] = {
        **record["subject"],
        "ids": [other.reference["ids"][0], taxpayer.reference["ids"][0]],
    }
    cast.accepted(cast.deliver(item, record), item)
    cast.control(bank.token, taxpayer, item)

    both = [one.reference["ids"][0], taxpayer.reference["ids"][0]]
    body = cast.query_body(one, (item,), (), "pre_loan") | {"subject": {"type": one.type, "ids": both}}
    reply = ctx.send(Request("createQuery", body=body, credential=bank.token))

    if reply.status != 422:
        served = [one.get("record_id") for one in result(reply).get("records", ())]
        expect.absent(served, record["record_id"], "reply.body/results/0/records", reply)


WRONG = ("uscc_check", "org_code_check", "resident_check", "two_values", "at_odds", "no_item", "item_twice")


@verifies("QRY-012", expand=lambda _: WRONG)
def query_that_names_nobody_rightly_is_refused(ctx: Context) -> None:
    cast = Cast(ctx)
    item, subject, bank = public(ctx), cast.subject(), cast.institution()
    good = cast.query_body(subject, (item,), (), "pre_loan")
    prepared(ctx.send(Request("createQuery", body=good, credential=bank.token)), "query", 200)

    wrong = spoiled(ctx, cast, good, subject)
    reply = ctx.send(Request("createQuery", body=wrong, credential=bank.token, valid=False))

    expect.problem(reply, (400, 422), ("invalid_request", "malformed_request"))
    said = reply.body.decode("utf-8", "replace")
    for named in wrong["subject"]["ids"]:
        expect.absent(said, named["value"], "reply.body", reply)


def spoiled(ctx: Context, cast: Cast, good: Mapping[str, Any], subject: Subject) -> dict[str, Any]:
    """The query wrong in one way."""
    own, other = subject.reference["ids"][0], cast.subject()
    person = cast.subject("natural_person")
    org_code = {"scheme": "org_code", "value": subject.value[8:17]}
    ids: dict[str, tuple[str, list[dict[str, str]]]] = {
        "uscc_check": (subject.type, [miswritten(ctx, own, "0123456789ABCDEFGH")]),
        "org_code_check": (subject.type, [miswritten(ctx, org_code, "0123456789X")]),
        "resident_check": (person.type, [miswritten(ctx, person.reference["ids"][0], "0123456789X")]),
        "two_values": (subject.type, [own, other.reference["ids"][0]]),
        "at_odds": (subject.type, [own, {"scheme": "org_code", "value": ctx.plant(other.value[8:17])}]),
    }
    if ctx.case.parameter in ids:
        kind, named = ids[ctx.case.parameter]
        return {**good, "subject": {"type": kind, "ids": named}}
    return {**good, "items": [] if ctx.case.parameter == "no_item" else good["items"] * 2}


def miswritten(ctx: Context, named: Mapping[str, str], alphabet: str) -> dict[str, str]:
    """The identifier with another check character."""
    value = named["value"]
    wrong = next(c for c in alphabet if c != value[-1])
    return {**named, "value": ctx.plant(value[:-1] + wrong)}


@verifies("QRY-014", expand=lambda _: ("public", "authorized"))
def all_records_of_an_item_are_served_once(ctx: Context) -> None:
    cast = Cast(ctx, fresh=True)
    item = keyed(ctx, ctx.case.parameter)
    subject, bank = cast.subject(), cast.institution()
    batch = [*several(cast, item, subject), *several(cast, item, subject)]
    batch[-1]["provider_uscc"] = identities.uscc(ctx.random, ctx.standard.reserved, "authority")
    delivery = cast.deliver(item, *batch)
    if delivery.batch.get("accepted") != len(batch):
        raise NotVerified(Message("checks.prerequisite_not_accepted", {"item": item.code}))
    grant = cast.authorize(subject, bank, item)

    reply = cast.ask(bank.token, subject, (item,), (grant,))

    served = identifiers(reply)
    expect.equal(served, sorted(r["record_id"] for r in batch), "reply.body/results/0/records", reply)


def several(cast: Cast, item: Item, subject: Subject) -> list[dict[str, Any]]:
    return [cast.record(item, subject) for _ in range(SEVERAL)]


def identifiers(reply: Reply) -> Sequence[str]:
    """The records of the only result, in an order of ours."""
    expect.equal(result(reply).get("status"), "ok", "reply.body/results/0/status", reply)
    return sorted(str(one.get("record_id")) for one in expect.objects(reply, "/results/0/records"))
