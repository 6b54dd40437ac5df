"""What a reply tells beside its content, and the identifier by which each disclosure is traced."""

from collections.abc import Mapping, Sequence
from typing import Any

from conformance import expect
from conformance.actors import Cast, Institution, prepared, preparing
from conformance.checks.query.single import comparable
from conformance.checks.shared.assertions import result
from conformance.checks.shared.items import half_hidden, public, restricted
from conformance.checks.verifies import verifies
from conformance.model.context import Context
from conformance.model.text import Message
from conformance.model.wire import Reply, Request

ALWAYS_OWN = frozenset({"date", "x-request-id", "content-length"})
"""Headers of the single reply; the length is judged by itself."""
RECORDS = 3


@verifies("QRY-013")
def headers_and_length_tell_nothing(ctx: Context) -> None:
    cast = Cast(ctx)
    item, known, unknown, bank = restricted(ctx), cast.subject(), cast.subject(), cast.institution()
    for _ in range(RECORDS):
        cast.stored(item, known)
    cast.control(bank.token, known, item, cast.authorize(known, bank, item))

    without = [cast.ask(bank.token, unknown, (item,)) for _ in range(2)]
    with_data = cast.ask(bank.token, known, (item,))

    expect.equal(with_data.status, without[0].status, "reply.status", with_data)
    told, first, second = (headers(reply) for reply in (with_data, *without))
    for name in sorted(told.keys() | first.keys()):
        # What differs between two replies about the same subject is of the reply, not of the subject.
        steady = first.get(name) == second.get(name)
        expect.true(
            not steady or told.get(name) == first.get(name),
            Message("checks.varies", {"name": name}),
            where=f"reply.headers/{name}",
            reply=with_data,
            actual=told.get(name),
        )
    most = int(ctx.standard.parameter("QRY-013", "length_tolerance_bytes").value)
    difference = abs(len(with_data.body) - len(without[0].body))
    message = Message("checks.lengths_differ", {"difference": difference})
    expect.true(difference <= most, message, where="reply.body", reply=with_data, actual=difference)


def headers(reply: Reply) -> dict[str, str]:
    return {name: value for name, value in reply.headers if name not in ALWAYS_OWN}


@verifies("QRY-013")
def name_is_no_oracle(ctx: Context) -> None:
    cast = Cast(ctx)
    item, subject, bank = restricted(ctx), cast.subject(), cast.institution()
    cast.stored(item, subject)
    cast.control(bank.token, subject, item, cast.authorize(subject, bank, item))

    body = cast.query_body(subject, (item,), (), "pre_loan")
    right, wrong = (named(ctx, body, name, bank) for name in (subject.name, cast.subject().name))

    expect.equal(wrong.status, right.status, "reply.status", wrong)
    expect.equal(comparable(wrong).get("code"), comparable(right).get("code"), "reply.body/code", wrong)
    expect.equal(
        comparable(wrong).get("results"), comparable(right).get("results"), "reply.body/results", wrong
    )


def named(ctx: Context, body: Mapping[str, Any], name: str, bank: Institution) -> Reply:
    """A query that says what the subject is called, which is no part of the API."""
    wrong = {**body, "subject": {**body["subject"], "name": name}}
    return ctx.send(Request("createQuery", body=wrong, credential=bank.token, valid=False))


@verifies("QRY-013")
def raw_values_filter_nothing(ctx: Context) -> None:
    cast = Cast(ctx)
    item, field = half_hidden(ctx)
    subject, bank = cast.subject(), cast.institution()
    record = cast.stored(item, subject, optional=True)
    cast.control(bank.token, subject, item)
    other = cast.record(item, subject, optional=True)["content"]

    body = cast.query_body(subject, (item,), (), "pre_loan")
    values = (record["content"][field.name], other[field.name])
    plain, right, wrong = (
        filtered(ctx, body, bank, query) for query in ({}, *({field.name: str(value)} for value in values))
    )

    expect.equal(result(plain).get("status"), "ok", "reply.body/results/0/status", plain)
    for reply in (right, wrong):
        if reply.status == 200:
            expect.equal(comparable(reply), comparable(plain), "reply.body", reply)
    expect.equal(wrong.status, right.status, "reply.status", wrong)


def filtered(ctx: Context, body: Mapping[str, Any], bank: Institution, query: Mapping[str, str]) -> Reply:
    """A query with parameters in its address, which is no part of the API either."""
    request = Request("createQuery", query=query, body=body, credential=bank.token, valid=not query)
    return ctx.send(request)


@verifies("QRY-015")
def repeated_query_is_a_disclosure_of_its_own(ctx: Context) -> None:
    cast = Cast(ctx)
    item, subject, bank = public(ctx), cast.subject(), cast.institution()
    cast.stored(item, subject)

    given = []
    for _ in range(2):
        reply = cast.control(bank.token, subject, item)
        given.append(expect.at(reply, "/query_id", str))

    logged_each(cast, given, reply)


@verifies("QRY-015")
def each_hand_out_of_a_line_is_a_disclosure_of_its_own(ctx: Context) -> None:
    cast = Cast(ctx)
    item, subject, bank = public(ctx), cast.subject(), cast.institution()
    cast.stored(item, subject)
    query = cast.query_body(subject, (item,), (), "pre_loan")
    prepared(ctx.send(Request("createQuery", body=query, credential=bank.token)), "query", 200)
    name = cast.taken(cast.post_queries(bank.token, [query, query]))
    cast.worked_on(bank.token, name)

    given = []
    for _ in range(2):
        answers = cast.answers(bank.token, name)
        given += [str(answers.answer(index).get("query_id")) for index in range(2)]

    logged_each(cast, given, answers.reply)


def logged_each(cast: Cast, given: Sequence[str], reply: Reply) -> None:
    """The identifiers differ, and each is found in the audit log."""
    distinct = len(set(given)) == len(given)
    expect.true(distinct, Message("checks.repeated_id"), where="reply.body", reply=reply, actual=given)
    with preparing("security"):
        events, log = cast.audit_log()
    logged = {event.get("query_id") for event in events if isinstance(event.get("query_id"), str)}
    for query_id in given:
        message = Message("checks.no_event", {"query_id": query_id})
        expect.true(query_id in logged, message, where="reply.body/events", reply=log, actual=query_id)
