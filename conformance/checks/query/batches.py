"""Batches of queries: what a single query opens, for many lines, decided when it is handed out."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from conformance import expect
from conformance.actors import Anonymous, Network, preparing
from conformance.actors.inquirer import Inquirer, accepted_query_batch, query_body
from conformance.checks.query.single import INCIDENTAL, comparable
from conformance.checks.shared.assertions import REFUSED
from conformance.checks.shared.items import partly_masked_item, public_item, restricted_item
from conformance.checks.verifies import verifies
from conformance.expect import NotVerified
from conformance.model.context import Context
from conformance.model.text import Message
from conformance.model.wire import Reply

MANY = 60
LARGEST_BATCH = 2_000
"""Never send more lines than this, whatever a platform declares."""
SINGLE = (*INCIDENTAL, "channel")
REFUSALS = ("invalid_request", "malformed_request")


@verifies("QRY-006")
def wrong_lines_leave_the_others_as_they_are(ctx: Context) -> None:
    network = Network(ctx)
    item, subject, bank = public_item(ctx), network.subject(), network.institution()
    network.provider.store(item, subject)
    bank.positive_control(subject, item)
    good = query_body(subject, item)

    wrong = [{**good, "items": ["F99-99"]}, {"subject": {}}, {**good, "purpose": "curiosity"}]
    answers = bank.query_in_batch([good, *wrong, good])

    expect.equal(len(answers.lines), len(wrong) + 2, "reply.body/results (count)", answers.reply)
    for index in (0, len(wrong) + 1):
        status = answers.result(index).get("status")
        expect.equal(status, "ok", f"reply.body/results/{index}/reply/results/0/status", answers.reply)
    for index in range(1, len(wrong) + 1):
        problem = answers.line(index).get("problem")
        code = problem.get("code") if isinstance(problem, dict) else None
        expect.contains(REFUSALS, code, f"reply.body/results/{index}/problem/code", answers.reply)


@verifies("QRY-006")
def batch_tells_its_progress_to_the_end(ctx: Context) -> None:
    network = Network(ctx)
    item, bank = public_item(ctx), network.institution()
    query = query_body(network.subject(), item)

    submitted = bank.submit_queries([query] * MANY)
    expect.status(submitted, 202)
    query_batch_id = expect.at(submitted, "/query_batch_id", str)
    before = progress(ctx, submitted)
    finished = bank.await_query_batch(query_batch_id)

    after = progress(ctx, finished)
    expect.true(after >= before, Message("checks.gone_back"), where="reply.body/finished", reply=finished)
    expect.equal(after, MANY, "reply.body/finished", finished)
    answers = bank.read_results(query_batch_id)
    indexes = [line.get("index") for line in answers.lines]
    expect.equal(indexes, list(range(MANY)), "reply.body/results (index)", answers.reply)


def progress(ctx: Context, reply: Reply) -> int:
    """The number of finished lines of a batch of sixty."""
    states = ctx.standard.codes["query_batch_state"].codes
    expect.contains(states, expect.at(reply, "/state", str), "reply.body/state", reply)
    expect.equal(expect.at(reply, "/lines"), MANY, "reply.body/lines", reply)
    finished = expect.at(reply, "/finished", int)
    expect.contains(range(MANY + 1), finished, "reply.body/finished", reply)
    return finished


@verifies("QRY-007", expand=lambda _: ("bank", "credit_reporting", "hub"))
def line_is_answered_like_the_single_query(ctx: Context) -> None:
    network = Network(ctx)
    closed_item, open_item, masked_item = restricted_item(ctx), public_item(ctx), partly_masked_item(ctx)[0]
    subject = network.subject()
    hub = ctx.case.parameter == "hub"
    bank = network.institution("bank" if hub else ctx.case.parameter)
    party = network.client("hub") if hub else bank
    for item in (closed_item, open_item, masked_item):
        network.provider.store(item, subject, optional=True)
    grant = subject.authorize(bank, closed_item)
    queries = [
        query_body(queried, *items, citing=cited)
        for queried, items, cited in (
            (subject, (closed_item, open_item, masked_item), (grant.id,)),
            (subject, (closed_item, masked_item), ()),
            (network.subject(), (open_item, closed_item), (grant.id,)),
        )
    ]
    single = [party.call("createQuery", query) for query in queries]
    with preparing("query"):
        expect.status(single[0], 200)

    answers = party.query_in_batch(queries)

    for index, alone in enumerate(single):
        where = f"reply.body/results/{index}/reply"
        expect.equal(
            channel_independent(answers.answer(index)),
            channel_independent(comparable(alone)),
            where,
            answers.reply,
        )
        expect.equal(answers.answer(index).get("channel"), "query_batch", f"{where}/channel", answers.reply)


def channel_independent(answer: Mapping[str, Any]) -> dict[str, Any]:
    """An answer without the members that depend on the channel."""
    return {name: value for name, value in answer.items() if name not in SINGLE}


@verifies("QRY-008")
def revocation_reaches_results_not_yet_fetched(ctx: Context) -> None:
    network = Network(ctx)
    item, subject, bank = restricted_item(ctx), network.subject(), network.institution()
    network.provider.store(item, subject)
    grant = subject.authorize(bank, item)
    query_batch_id = disclosing_batch(bank, query_body(subject, item, citing=grant.id))
    with preparing("query"):
        expect.status(subject.revoke(grant), 200)

    require_closed(bank, query_batch_id, "not_authorized")


@verifies("QRY-008")
def withdrawal_reaches_results_not_yet_fetched(ctx: Context) -> None:
    network = Network(ctx, fresh=True)
    item, subject, bank = public_item(ctx), network.subject(), network.institution()
    record = network.provider.store(item, subject)
    query_batch_id = disclosing_batch(bank, query_body(subject, item))
    withdrawal = network.provider.envelope(
        item, subject, None, record_id=record["record_id"], record_version=2
    )
    network.provider.deliver_accepted(withdrawal | {"provider_uscc": record["provider_uscc"]})

    require_closed(bank, query_batch_id, "empty")


def disclosing_batch(party: Inquirer, query: Mapping[str, Any]) -> str:
    """A finished batch of one query that demonstrably discloses, as a positive control."""
    query_batch_id = accepted_query_batch(party.submit_queries([query]))
    party.await_query_batch(query_batch_id)
    if status_in_batch(party, query_batch_id) != "ok":
        raise NotVerified(Message("checks.control_failed", {"item": query["items"], "status": "-"}))
    return query_batch_id


def require_closed(party: Inquirer, query_batch_id: str, status: str) -> None:
    """Within the limit of QRY-008 the result has this status and no record."""
    limit = float(party.ctx.standard.parameter("QRY-008", "handout_effect_seconds").value)
    party.ctx.wait_until(lambda: status_in_batch(party, query_batch_id) == status or None, limit)
    answers = party.read_results(query_batch_id)
    result = answers.result(0)
    where = "reply.body/results/0/reply/results/0"
    expect.equal(result.get("status"), status, f"{where}/status", answers.reply)
    expect.equal(result.get("records", []), [], f"{where}/records", answers.reply)


def status_in_batch(party: Inquirer, query_batch_id: str) -> Any:
    """The status of the first result of a batch."""
    return party.read_results(query_batch_id).result(0).get("status")


@verifies("QRY-009")
def batch_is_read_by_its_maker_only(ctx: Context) -> None:
    network = Network(ctx)
    item, bank, other_bank = public_item(ctx), network.institution(), network.institution()
    query = query_body(network.subject(), item)
    query_batch_id = accepted_query_batch(bank.submit_queries([query]))
    bank.await_query_batch(query_batch_id)
    control = bank.call("getQueryBatchResults", query_batch_id=query_batch_id)
    with preparing("query"):
        expect.status(control, 200)
        expect.at(control, "/results/0", dict)

    for party in (other_bank, network.client("hub")):
        expect.status(party.call("getQueryBatch", query_batch_id=query_batch_id), *REFUSED)
        expect.status(party.call("getQueryBatchResults", query_batch_id=query_batch_id), *REFUSED)


@verifies("QRY-009")
def batch_is_kept_for_the_declared_time(ctx: Context) -> None:
    network = Network(ctx)
    item, bank = public_item(ctx), network.institution()
    least = int(ctx.standard.parameter("QRY-009", "retention_hours").value)
    declared = declared_limit(ctx, "query_batch_hours")

    reply = bank.submit_queries([query_body(network.subject(), item)])

    expect.status(reply, 202)
    submitted_at, kept_until = (moment_of(reply, member) for member in ("submitted_at", "kept_until"))
    hours = round((kept_until - submitted_at).total_seconds() / 3600, 2)
    where = "reply.body/kept_until"
    message = Message("checks.kept_too_short", {"hours": hours, "declared": declared, "least": least})
    expect.true(hours >= max(declared, least), message, where=where, reply=reply, actual=hours)


def moment_of(reply: Reply, member: str) -> datetime:
    text = expect.at(reply, f"/{member}", str)
    try:
        return datetime.fromisoformat(text).astimezone(UTC)
    except (ValueError, OverflowError):
        expect.violated("expect.moment", f"reply.body/{member}", "RFC 3339", text, reply)


@verifies("QRY-009")
def batch_beyond_the_limit_is_refused(ctx: Context) -> None:
    network = Network(ctx)
    item, bank = public_item(ctx), network.institution()
    limit = declared_limit(ctx, "max_query_batch_lines")
    if limit >= LARGEST_BATCH:
        raise NotVerified(Message("checks.batch_too_large", {"limit": limit, "most": LARGEST_BATCH}))
    query = query_body(network.subject(), item)
    accepted_query_batch(bank.submit_queries([query]))

    reply = bank.submit_queries([query] * (limit + 1), valid=False)

    expect.status(reply, 400, 413, 422)


def declared_limit(ctx: Context, name: str) -> int:
    """A limit of the platform's descriptor."""
    described = Anonymous(ctx).read_descriptor()
    with preparing("docking"):
        return expect.at(described, f"/limits/{name}", int)
