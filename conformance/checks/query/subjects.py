"""Checks of the part query (QRY): records by each identifier of their subject."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

from conformance import expect
from conformance.actors import Network, Subject, prepared
from conformance.actors.inquirer import query_body
from conformance.checks.shared.assertions import RECORD, only_record, result
from conformance.checks.shared.items import item_for_type, item_with_key, item_with_last_day, public_item
from conformance.checks.shared.parameters import subject_types
from conformance.checks.verifies import verifies
from conformance.expect import NotVerified
from conformance.model.context import Context
from conformance.model.shapes import Item
from conformance.model.text import Message
from conformance.model.wire import Reply
from conformance.synth import identities

SEVERAL = 4
ENDED = ("repaired", "expired")


@verifies("QRY-010", expand=lambda _: ENDED)
def record_that_is_not_valid_is_not_served(ctx: Context) -> None:
    network = Network(ctx, fresh=True)
    item, subject, bank = public_item(ctx), network.subject(), network.institution()
    record = network.provider.store(item, subject)
    bank.positive_control(subject, item)
    ended = {**record, "record_version": 2, "operation": "update", "status": ctx.case.parameter}
    network.provider.deliver_accepted(ended)

    reply = bank.query(subject, item)

    expect.equal(result(reply).get("status"), "empty", "reply.body/results/0/status", reply)


@verifies("QRY-010")
def record_past_its_last_day_is_not_served(ctx: Context) -> None:
    network = Network(ctx, fresh=True)
    item, field = item_with_last_day(ctx)
    subject, bank = network.subject(), network.institution()
    record = network.provider.store(item, subject)
    bank.positive_control(subject, item)
    content = network.provider.record(item, subject, {field: str(ctx.today - timedelta(days=1))})["content"]
    update = {**record, "record_version": 2, "operation": "update", "content": content}
    network.provider.deliver_accepted(update)

    reply = bank.query(subject, item)

    expect.equal(result(reply).get("status"), "empty", "reply.body/results/0/status", reply)


@verifies("QRY-010")
def record_is_served_through_its_last_day(ctx: Context) -> None:
    network = Network(ctx, fresh=True)
    item, field = item_with_last_day(ctx)
    subject, bank = network.subject(), network.institution()
    record = network.provider.store(item, subject, {field: str(ctx.today)})

    reply = bank.query(subject, item)

    record_id = only_record(reply).get("record_id")
    expect.equal(record_id, record["record_id"], f"reply.body{RECORD}/record_id", reply)


@verifies("QRY-011", expand=subject_types)
def subject_is_found_by_each_identifier(ctx: Context) -> None:
    network = Network(ctx, fresh=True)
    item = item_for_type(ctx, ctx.case.parameter)
    subject, bank = network.subject(ctx.case.parameter), network.institution()
    aliases = aliases_of(ctx, subject)
    ids = [one.reference["ids"][0] for one in aliases]
    record = network.provider.record(item, subject)
    record["subject"] = {**record["subject"], "ids": ids}
    network.provider.deliver_accepted(record)
    grants = [one.authorize(bank, item).id for one in aliases]

    replies = [bank.query(one, item, citing=grants) for one in aliases]
    body = query_body(subject, item, citing=grants)
    together = {**body, "subject": {"type": subject.type, "ids": ids}}
    replies.append(bank.call("createQuery", together))

    for reply in replies:
        record_id = only_record(reply).get("record_id")
        expect.equal(record_id, record["record_id"], f"reply.body{RECORD}/record_id", reply)


def aliases_of(ctx: Context, subject: Subject) -> list[Subject]:
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
    network = Network(ctx, fresh=True)
    item, first_subject, second_subject = public_item(ctx), network.subject(), network.subject()
    bank, taxpayer = network.institution(), aliases_of(ctx, second_subject)[2]
    network.provider.store(item, first_subject)
    record = network.provider.record(item, second_subject)
    record["subject"] = {
        **record["subject"],
        "ids": [second_subject.reference["ids"][0], taxpayer.reference["ids"][0]],
    }
    network.provider.deliver_accepted(record)
    bank.positive_control(taxpayer, item)

    identifiers = [first_subject.reference["ids"][0], taxpayer.reference["ids"][0]]
    body = query_body(first_subject, item) | {"subject": {"type": first_subject.type, "ids": identifiers}}
    reply = bank.call("createQuery", body)

    if reply.status != 422:
        record_ids = [first_subject.get("record_id") for first_subject in result(reply).get("records", ())]
        expect.absent(record_ids, record["record_id"], "reply.body/results/0/records", reply)


WRONG = ("uscc_check", "org_code_check", "resident_check", "two_values", "at_odds", "no_item", "item_twice")


@verifies("QRY-012", expand=lambda _: WRONG)
def query_that_names_nobody_rightly_is_refused(ctx: Context) -> None:
    network = Network(ctx)
    item, subject, bank = public_item(ctx), network.subject(), network.institution()
    good = query_body(subject, item)
    prepared(bank.call("createQuery", good), "query", 200)

    wrong = faulty_query(ctx, network, good, subject)
    reply = bank.call("createQuery", wrong, valid=False)

    expect.problem(reply, (400, 422), ("invalid_request", "malformed_request"))
    text = reply.body.decode("utf-8", "replace")
    for identifier in wrong["subject"]["ids"]:
        expect.absent(text, identifier["value"], "reply.body", reply)


def faulty_query(ctx: Context, network: Network, good: Mapping[str, Any], subject: Subject) -> dict[str, Any]:
    """The query wrong in one way."""
    identifier, other_subject = subject.reference["ids"][0], network.subject()
    person = network.subject("natural_person")
    org_code = {"scheme": "org_code", "value": subject.value[8:17]}
    ids: dict[str, tuple[str, list[dict[str, str]]]] = {
        "uscc_check": (subject.type, [with_wrong_check(ctx, identifier, "0123456789ABCDEFGH")]),
        "org_code_check": (subject.type, [with_wrong_check(ctx, org_code, "0123456789X")]),
        "resident_check": (
            person.type,
            [with_wrong_check(ctx, person.reference["ids"][0], "0123456789X")],
        ),
        "two_values": (subject.type, [identifier, other_subject.reference["ids"][0]]),
        "at_odds": (
            subject.type,
            [identifier, {"scheme": "org_code", "value": ctx.plant(other_subject.value[8:17])}],
        ),
    }
    if ctx.case.parameter in ids:
        kind, items = ids[ctx.case.parameter]
        return {**good, "subject": {"type": kind, "ids": items}}
    return {**good, "items": [] if ctx.case.parameter == "no_item" else good["items"] * 2}


def with_wrong_check(ctx: Context, named: Mapping[str, str], alphabet: str) -> dict[str, str]:
    """The identifier with another check character."""
    value = named["value"]
    wrong = next(c for c in alphabet if c != value[-1])
    return {**named, "value": ctx.plant(value[:-1] + wrong)}


@verifies("QRY-014", expand=lambda _: ("public", "authorized"))
def all_records_of_an_item_are_served_once(ctx: Context) -> None:
    network = Network(ctx, fresh=True)
    item = item_with_key(ctx, ctx.case.parameter)
    subject, bank = network.subject(), network.institution()
    batch = [*several_records(network, item, subject), *several_records(network, item, subject)]
    batch[-1]["provider_uscc"] = identities.uscc(ctx.random, ctx.standard.reserved, "authority")
    delivery = network.provider.deliver(*batch)
    if delivery.batch.get("accepted") != len(batch):
        raise NotVerified(Message("checks.prerequisite_not_accepted", {"item": item.code}))
    grant = subject.authorize(bank, item)

    reply = bank.query(subject, item, citing=grant)

    record_ids = identifiers(reply)
    expect.equal(record_ids, sorted(r["record_id"] for r in batch), "reply.body/results/0/records", reply)


def several_records(network: Network, item: Item, subject: Subject) -> list[dict[str, Any]]:
    return [network.provider.record(item, subject) for _ in range(SEVERAL)]


def identifiers(reply: Reply) -> Sequence[str]:
    """The records of the only result, in an order of ours."""
    expect.equal(result(reply).get("status"), "ok", "reply.body/results/0/status", reply)
    return sorted(str(one.get("record_id")) for one in expect.objects(reply, "/results/0/records"))
