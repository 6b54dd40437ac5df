"""Checks of the part security (SEC): lifetimes, logged refusals, foreign origins, compressed bodies."""

import gzip
from dataclasses import replace
from typing import Any

import orjson

from conformance import expect
from conformance.actors import Anonymous, Network, prepared, preparing
from conformance.actors.anonymous import request_token
from conformance.actors.inquirer import query_body
from conformance.checks.shared.assertions import REFUSED, only_record
from conformance.checks.shared.items import public_item, restricted_item
from conformance.checks.verifies import verifies
from conformance.expect import NotVerified
from conformance.model.context import Context
from conformance.model.text import Message
from conformance.model.wire import ClientAssertion, Raw
from conformance.oracles.digests import is_plain_digest

ALGORITHMS = ("none", "HS256")
BEYOND = 600
"""Seconds by which an assertion lives too long: more than any clock is off."""
ORIGIN = "https://elsewhere.example.invalid"
PACKED = 64
"""Excess of a compressed body over the limit once it is unpacked, in KiB of blanks."""
LARGEST = 64 * 1024 * 1024


@verifies("SEC-009", expand=lambda _: ALGORITHMS)
def assertion_of_another_algorithm_yields_no_token(ctx: Context) -> None:
    network = Network(ctx)
    bank = network.institution()
    prepared(bank.request_token("good"), "docking", 200)

    algorithm = ctx.case.parameter
    reply = bank.request_token("bad", algorithm=algorithm)

    expect.status(reply, *REFUSED)


@verifies("SEC-009", expand=lambda _: ("client", "subject"))
def assertion_that_lives_too_long_yields_no_token(ctx: Context) -> None:
    network = Network(ctx)
    limit = int(ctx.standard.parameter("SEC-009", "assertion_max_seconds").value)
    bank, subject = network.institution(), network.subject()
    client = ctx.case.parameter == "client"
    good: Any = ClientAssertion(bank.id, bank.key, serial="good") if client else subject.assertion("good")
    prepared(request_token(ctx, good), "docking", 200)

    reply = request_token(ctx, replace(good, serial="long", expires_in=limit + BEYOND))

    expect.status(reply, *REFUSED)


@verifies("SEC-010", expand=lambda _: ("client", "subject"))
def token_ends_within_the_limit(ctx: Context) -> None:
    network = Network(ctx)
    limit = int(ctx.standard.parameter("SEC-010", "token_max_seconds").value)
    bank, subject = network.institution(), network.subject()
    client = ctx.case.parameter == "client"

    reply = request_token(
        ctx, ClientAssertion(bank.id, bank.key, serial="one") if client else subject.assertion("one")
    )

    with preparing("docking"):
        expect.status(reply, 200)
    lifetime = expect.at(reply, "/expires_in", int)
    message = Message("checks.token_too_long", {"seconds": lifetime, "limit": limit})
    expect.true(0 < lifetime <= limit, message, where="reply.body/expires_in", reply=reply, actual=lifetime)


@verifies("SEC-011")
def query_is_logged_whatever_it_disclosed(ctx: Context) -> None:
    network = Network(ctx)
    item, subject, bank = restricted_item(ctx), network.subject(), network.institution()
    network.provider.store(item, subject)
    refusing_reply = bank.query(subject, item)
    grant = subject.authorize(bank, item)
    disclosing_reply = bank.positive_control(subject, item, citing=grant)
    query_ids = {
        name: expect.at(reply, "/query_id", str)
        for name, reply in (("refused", refusing_reply), ("served", disclosing_reply))
    }

    events, reply = network.supervisor.read_audit_log()

    events_by_name = {
        name: [e for e in events if e.get("query_id") == query] for name, query in query_ids.items()
    }
    for name, citing in (("refused", False), ("served", True)):
        where = f"reply.body/events (query_id {query_ids[name]})"
        message = Message("checks.not_logged")
        right = [
            e for e in events_by_name[name] if e.get("recipient") == bank.id and e.get("items") == [item.code]
        ]
        expect.true(right, message, where=where, reply=reply, actual=events_by_name[name])
        cited = right[0].get("authorization_ids")
        expect.equal(cited, [grant.id] if citing else [], f"{where}/authorization_ids", reply)
    references = {e.get("subject_ref") for name in query_ids for e in events_by_name[name]}
    is_protected = len(references) == 1 and not any(
        is_plain_digest(str(r), subject.value) for r in references
    )
    expect.true(is_protected, Message("checks.subject_in_log"), where="reply.body/events", reply=reply)


@verifies("SEC-015")
def foreign_origin_reads_nothing(ctx: Context) -> None:
    network = Network(ctx)
    item, subject, bank = public_item(ctx), network.subject(), network.institution()
    network.provider.store(item, subject)
    body = query_body(subject, item)

    reply = bank.call("createQuery", body, headers={"Origin": ORIGIN})

    if reply.status < 300:
        only_record(reply)
    allowed = reply.header("access-control-allow-origin")
    open_ = allowed is not None and allowed.strip() in {"*", ORIGIN, "null"}
    where = "reply.headers/access-control-allow-origin"
    expect.true(not open_, Message("checks.foreign_origin"), where=where, reply=reply, actual=allowed)


@verifies("SEC-016")
def packed_body_is_no_way_around_the_limit(ctx: Context) -> None:
    network = Network(ctx, fresh=True)
    described = Anonymous(ctx).read_descriptor()
    with preparing("docking"):
        limit = expect.at(described, "/limits/max_body_bytes", int)
    if not 0 < limit <= LARGEST:
        raise NotVerified(Message("checks.no_oversize", {"limit": limit}))
    item, subject = public_item(ctx), network.subject()
    record = network.provider.record(item, subject)
    plain = orjson.dumps({"item_code": item.code, "records": [record]})
    prepared(network.provider.submit(record), "collection", 202)

    packed = gzip.compress(plain[:-1] + b" " * (limit + PACKED * 1024) + b"}", mtime=0)
    headers = {"Idempotency-Key": network.new_key(), "Content-Encoding": "gzip"}
    content, sender = Raw(packed, "application/json"), network.client("provider")
    reply = sender.call("createBatch", content, headers=headers, valid=False)

    expect.status(reply, 400, 413, 415, 422)
    expect.status(Anonymous(ctx).read_health(), 200)
