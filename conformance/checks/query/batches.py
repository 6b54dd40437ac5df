"""Batches of queries: what a single query opens, for many lines, decided when it is handed out."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from conformance import expect
from conformance.actors import Cast, preparing
from conformance.checks.query.single import INCIDENTAL, comparable
from conformance.checks.shared.assertions import REFUSED
from conformance.checks.shared.items import half_hidden, public, restricted
from conformance.checks.verifies import verifies
from conformance.expect import NotVerified
from conformance.model.context import Context
from conformance.model.text import Message
from conformance.model.wire import Reply, Request

MANY = 60
LARGEST_BATCH = 2_000
"""Never send more lines than this, whatever a platform declares."""
SINGLE = (*INCIDENTAL, "channel")
REFUSALS = ("invalid_request", "malformed_request")


@verifies("QRY-006")
def wrong_lines_leave_the_others_as_they_are(ctx: Context) -> None:
    cast = Cast(ctx)
    item, subject, bank = public(ctx), cast.subject(), cast.institution()
    cast.stored(item, subject)
    cast.control(bank.token, subject, item)
    good = cast.query_body(subject, (item,), (), "pre_loan")

    wrong = [{**good, "items": ["F99-99"]}, {"subject": {}}, {**good, "purpose": "curiosity"}]
    answers = cast.ask_many(bank.token, [good, *wrong, good])

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
    cast = Cast(ctx)
    item, bank = public(ctx), cast.institution()
    query = cast.query_body(cast.subject(), (item,), (), "pre_loan")

    taken = cast.post_queries(bank.token, [query] * MANY)
    expect.status(taken, 202)
    name = expect.at(taken, "/query_batch_id", str)
    before = progress(ctx, taken)
    done = cast.worked_on(bank.token, name)

    after = progress(ctx, done)
    expect.true(after >= before, Message("checks.gone_back"), where="reply.body/finished", reply=done)
    expect.equal(after, MANY, "reply.body/finished", done)
    answers = cast.answers(bank.token, name)
    indexes = [line.get("index") for line in answers.lines]
    expect.equal(indexes, list(range(MANY)), "reply.body/results (index)", answers.reply)


def progress(ctx: Context, reply: Reply) -> int:
    """How many lines are worked on, of those there are."""
    states = ctx.standard.codes["query_batch_state"].codes
    expect.contains(states, expect.at(reply, "/state", str), "reply.body/state", reply)
    expect.equal(expect.at(reply, "/lines"), MANY, "reply.body/lines", reply)
    finished = expect.at(reply, "/finished", int)
    expect.contains(range(MANY + 1), finished, "reply.body/finished", reply)
    return finished


@verifies("QRY-007", expand=lambda _: ("bank", "credit_reporting", "hub"))
def line_is_answered_like_the_single_query(ctx: Context) -> None:
    cast = Cast(ctx)
    closed, opened, partly = restricted(ctx), public(ctx), half_hidden(ctx)[0]
    subject = cast.subject()
    hub = ctx.case.parameter == "hub"
    bank = cast.institution("bank" if hub else ctx.case.parameter)
    credential = cast.client("hub") if hub else bank.token
    for item in (closed, opened, partly):
        cast.stored(item, subject, optional=True)
    grant = cast.authorize(subject, bank, closed)
    queries = [
        cast.query_body(about, items, cited, "pre_loan")
        for about, items, cited in (
            (subject, (closed, opened, partly), (grant.id,)),
            (subject, (closed, partly), ()),
            (cast.subject(), (opened, closed), (grant.id,)),
        )
    ]
    single = [ctx.send(Request("createQuery", body=query, credential=credential)) for query in queries]
    with preparing("query"):
        expect.status(single[0], 200)

    answers = cast.ask_many(credential, queries)

    for index, alone in enumerate(single):
        where = f"reply.body/results/{index}/reply"
        expect.equal(told(answers.answer(index)), told(comparable(alone)), where, answers.reply)
        expect.equal(answers.answer(index).get("channel"), "query_batch", f"{where}/channel", answers.reply)


def told(answer: Mapping[str, Any]) -> dict[str, Any]:
    """What an answer says, whichever way it was asked."""
    return {name: value for name, value in answer.items() if name not in SINGLE}


@verifies("QRY-008")
def revocation_reaches_results_not_yet_fetched(ctx: Context) -> None:
    cast = Cast(ctx)
    item, subject, bank = restricted(ctx), cast.subject(), cast.institution()
    cast.stored(item, subject)
    grant = cast.authorize(subject, bank, item)
    name = finished(cast, bank.token, cast.query_body(subject, (item,), (grant.id,), "pre_loan"))
    with preparing("query"):
        expect.status(cast.revoke(subject, grant.id), 200)

    closes(ctx, cast, bank.token, name, "not_authorized")


@verifies("QRY-008")
def withdrawal_reaches_results_not_yet_fetched(ctx: Context) -> None:
    cast = Cast(ctx, fresh=True)
    item, subject, bank = public(ctx), cast.subject(), cast.institution()
    record = cast.stored(item, subject)
    name = finished(cast, bank.token, cast.query_body(subject, (item,), (), "pre_loan"))
    withdrawal = cast.envelope(item, subject, None, record_id=record["record_id"], record_version=2)
    cast.accepted(cast.deliver(item, withdrawal | {"provider_uscc": record["provider_uscc"]}), item)

    closes(ctx, cast, bank.token, name, "empty")


def finished(cast: Cast, credential: Any, query: Mapping[str, Any]) -> str:
    """A batch of one query that is done and, as the positive control, was seen to disclose."""
    name = cast.taken(cast.post_queries(credential, [query]))
    cast.worked_on(credential, name)
    if status(cast, credential, name) != "ok":
        raise NotVerified(Message("checks.control_failed", {"item": query["items"], "status": "-"}))
    return name


def closes(ctx: Context, cast: Cast, credential: Any, name: str, wanted: str) -> None:
    """Within the limit the results say so and hold no record."""
    limit = float(ctx.standard.parameter("QRY-008", "handout_effect_seconds").value)
    ctx.wait_until(lambda: status(cast, credential, name) == wanted or None, limit)
    answers = cast.answers(credential, name)
    result = answers.result(0)
    where = "reply.body/results/0/reply/results/0"
    expect.equal(result.get("status"), wanted, f"{where}/status", answers.reply)
    expect.equal(result.get("records", []), [], f"{where}/records", answers.reply)


def status(cast: Cast, credential: Any, name: str) -> Any:
    return cast.answers(credential, name).result(0).get("status")


@verifies("QRY-009")
def batch_is_read_by_its_maker_only(ctx: Context) -> None:
    cast = Cast(ctx)
    item, bank, other = public(ctx), cast.institution(), cast.institution()
    query = cast.query_body(cast.subject(), (item,), (), "pre_loan")
    name = cast.taken(cast.post_queries(bank.token, [query]))
    cast.worked_on(bank.token, name)
    own = cast.query_batch_page(bank.token, name)
    with preparing("query"):
        expect.status(own, 200)
        expect.at(own, "/results/0", dict)

    for credential in (other.token, cast.client("hub")):
        expect.status(cast.query_batch(credential, name), *REFUSED)
        expect.status(cast.query_batch_page(credential, name), *REFUSED)


@verifies("QRY-009")
def batch_is_kept_for_the_declared_time(ctx: Context) -> None:
    cast = Cast(ctx)
    item, bank = public(ctx), cast.institution()
    least = int(ctx.standard.parameter("QRY-009", "retention_hours").value)
    declared = declared_limit(ctx, "query_batch_hours")

    reply = cast.post_queries(bank.token, [cast.query_body(cast.subject(), (item,), (), "pre_loan")])

    expect.status(reply, 202)
    made, until = (parsed(reply, member) for member in ("submitted_at", "kept_until"))
    hours = round((until - made).total_seconds() / 3600, 2)
    where = "reply.body/kept_until"
    message = Message("checks.kept_too_short", {"hours": hours, "declared": declared, "least": least})
    expect.true(hours >= max(declared, least), message, where=where, reply=reply, actual=hours)


def parsed(reply: Reply, member: str) -> datetime:
    text = expect.at(reply, f"/{member}", str)
    try:
        return datetime.fromisoformat(text).astimezone(UTC)
    except (ValueError, OverflowError):
        expect.violated("expect.moment", f"reply.body/{member}", "RFC 3339", text, reply)


@verifies("QRY-009")
def batch_beyond_the_limit_is_refused(ctx: Context) -> None:
    cast = Cast(ctx)
    item, bank = public(ctx), cast.institution()
    limit = declared_limit(ctx, "max_query_batch_lines")
    if limit >= LARGEST_BATCH:
        raise NotVerified(Message("checks.batch_too_large", {"limit": limit, "most": LARGEST_BATCH}))
    query = cast.query_body(cast.subject(), (item,), (), "pre_loan")
    cast.taken(cast.post_queries(bank.token, [query]))

    reply = cast.post_queries(bank.token, [query] * (limit + 1), valid=False)

    expect.status(reply, 400, 413, 422)


def declared_limit(ctx: Context, name: str) -> int:
    """A limit of the platform's descriptor."""
    described = ctx.send(Request("getPlatformDescriptor"))
    with preparing("docking"):
        return expect.at(described, f"/limits/{name}", int)
