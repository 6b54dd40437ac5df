"""Side channels of a reply beside its content, and the identifier by which each disclosure is traced."""

from collections.abc import Mapping, Sequence
from typing import Any

from conformance import expect
from conformance.actors import Institution, Network, prepared, preparing
from conformance.actors.inquirer import accepted_query_batch, query_body
from conformance.checks.query.single import comparable
from conformance.checks.shared.assertions import result
from conformance.checks.shared.items import partly_masked_item, public_item, restricted_item
from conformance.checks.verifies import verifies
from conformance.model.context import Context
from conformance.model.text import Message
from conformance.model.wire import Reply

HEADERS_OF_ONE_REPLY = frozenset({"date", "x-request-id", "content-length"})
"""Headers of the single reply; the length is judged by itself."""
RECORDS = 3


@verifies("QRY-013")
def headers_and_length_tell_nothing(ctx: Context) -> None:
    network = Network(ctx)
    item, known_subject = restricted_item(ctx), network.subject()
    unknown_subject, bank = network.subject(), network.institution()
    for _ in range(RECORDS):
        network.provider.store(item, known_subject)
    bank.positive_control(known_subject, item, citing=known_subject.authorize(bank, item))

    without_data = [bank.query(unknown_subject, item) for _ in range(2)]
    with_data = bank.query(known_subject, item)

    expect.equal(with_data.status, without_data[0].status, "reply.status", with_data)
    headers, first, second = (subject_headers(reply) for reply in (with_data, *without_data))
    for name in sorted(headers.keys() | first.keys()):
        # What differs between two replies about the same subject belongs to the reply, not to the subject.
        steady = first.get(name) == second.get(name)
        expect.true(
            not steady or headers.get(name) == first.get(name),
            Message("checks.varies", {"name": name}),
            where=f"reply.headers/{name}",
            reply=with_data,
            actual=headers.get(name),
        )
    most = int(ctx.standard.parameter("QRY-013", "length_tolerance_bytes").value)
    difference = abs(len(with_data.body) - len(without_data[0].body))
    message = Message("checks.lengths_differ", {"difference": difference})
    expect.true(difference <= most, message, where="reply.body", reply=with_data, actual=difference)


def subject_headers(reply: Reply) -> dict[str, str]:
    """The headers that could depend on the subject."""
    return {name: value for name, value in reply.headers if name not in HEADERS_OF_ONE_REPLY}


@verifies("QRY-013")
def name_is_no_oracle(ctx: Context) -> None:
    network = Network(ctx)
    item, subject, bank = restricted_item(ctx), network.subject(), network.institution()
    network.provider.store(item, subject)
    bank.positive_control(subject, item, citing=subject.authorize(bank, item))

    body = query_body(subject, item)
    right, wrong = (query_with_name(bank, body, name) for name in (subject.name, network.subject().name))

    expect.equal(wrong.status, right.status, "reply.status", wrong)
    expect.equal(comparable(wrong).get("code"), comparable(right).get("code"), "reply.body/code", wrong)
    expect.equal(
        comparable(wrong).get("results"), comparable(right).get("results"), "reply.body/results", wrong
    )


def query_with_name(bank: Institution, body: Mapping[str, Any], name: str) -> Reply:
    """The reply to a query that names the subject, which the API does not have."""
    wrong = {**body, "subject": {**body["subject"], "name": name}}
    return bank.call("createQuery", wrong, valid=False)


@verifies("QRY-013")
def raw_values_filter_nothing(ctx: Context) -> None:
    network = Network(ctx)
    item, field = partly_masked_item(ctx)
    subject, bank = network.subject(), network.institution()
    record = network.provider.store(item, subject, optional=True)
    bank.positive_control(subject, item)
    other_content = network.provider.record(item, subject, optional=True)["content"]

    body = query_body(subject, item)
    values = (record["content"][field.name], other_content[field.name])
    plain, right, wrong = (
        query_with_parameters(bank, body, query)
        for query in ({}, *({field.name: str(value)} for value in values))
    )

    expect.equal(result(plain).get("status"), "ok", "reply.body/results/0/status", plain)
    for reply in (right, wrong):
        if reply.status == 200:
            expect.equal(comparable(reply), comparable(plain), "reply.body", reply)
    expect.equal(wrong.status, right.status, "reply.status", wrong)


def query_with_parameters(bank: Institution, body: Mapping[str, Any], query: Mapping[str, str]) -> Reply:
    """The reply to a query with parameters in its URL, which the API does not have."""
    return bank.call("createQuery", body, query=query, valid=not query)


@verifies("QRY-015")
def repeated_query_is_a_disclosure_of_its_own(ctx: Context) -> None:
    network = Network(ctx)
    item, subject, bank = public_item(ctx), network.subject(), network.institution()
    network.provider.store(item, subject)

    query_ids = []
    for _ in range(2):
        reply = bank.positive_control(subject, item)
        query_ids.append(expect.at(reply, "/query_id", str))

    require_logged(network, query_ids, reply)


@verifies("QRY-015")
def each_hand_out_of_a_line_is_a_disclosure_of_its_own(ctx: Context) -> None:
    network = Network(ctx)
    item, subject, bank = public_item(ctx), network.subject(), network.institution()
    network.provider.store(item, subject)
    query = query_body(subject, item)
    prepared(bank.call("createQuery", query), "query", 200)
    name = accepted_query_batch(bank.submit_queries([query, query]))
    bank.await_query_batch(name)

    query_ids = []
    for _ in range(2):
        answers = bank.read_results(name)
        query_ids += [str(answers.answer(index).get("query_id")) for index in range(2)]

    require_logged(network, query_ids, answers.reply)


def require_logged(network: Network, query_ids: Sequence[str], reply: Reply) -> None:
    """The identifiers of queries differ, and each is found in the audit log."""
    distinct = len(set(query_ids)) == len(query_ids)
    expect.true(distinct, Message("checks.repeated_id"), where="reply.body", reply=reply, actual=query_ids)
    with preparing("security"):
        events, log = network.supervisor.read_audit_log()
    logged = {event.get("query_id") for event in events if isinstance(event.get("query_id"), str)}
    for query_id in query_ids:
        message = Message("checks.no_event", {"query_id": query_id})
        expect.true(query_id in logged, message, where="reply.body/events", reply=log, actual=query_id)
