"""Checks of the part docking (DOC): the capacity that a platform declares, and what exceeds it."""

from dataclasses import dataclass, replace
from email.utils import parsedate_to_datetime
from typing import Any

from conformance import expect
from conformance.actors import Anonymous, Institution, Network, preparing
from conformance.actors.inquirer import accepted_query_batch, query_body
from conformance.actors.sample_requests import sample_request
from conformance.checks.docking.network import required_pointers
from conformance.checks.shared.items import public_item
from conformance.checks.verifies import verifies
from conformance.expect import NotVerified
from conformance.model.context import Context
from conformance.model.shapes import Operation
from conformance.model.text import Message
from conformance.model.wire import Reply, Request
from conformance.wire import retry_after

LARGEST_BURST = 60
"""Never send more requests at once than this, whatever a platform declares."""
LARGEST_BATCH = 1_000
NOTHING_THERE = {403: "forbidden", 404: "not_found"}
"""Answers to a request for something by a made-up name."""


@dataclass(frozen=True, slots=True)
class Rate:
    """A declared rate, and an operation that shows it."""

    operation: Operation
    per_minute: int
    burst: int


@verifies("DOC-020")
def declared_capacity_is_enough(ctx: Context) -> None:
    parameters = ctx.standard.requirements["DOC-020"].parameters

    reply = Anonymous(ctx).read_descriptor()

    expect.status(reply, 200)
    least = int(parameters["least_per_minute"].value)
    for n, _ in enumerate(expect.objects(reply, "/limits/rates")):
        not_below(reply, f"/limits/rates/{n}/per_minute", least)
    not_below(reply, "/limits/max_query_batch_lines", int(parameters["least_batch_lines"].value))


def not_below(reply: Reply, pointer: str, least: int) -> None:
    value, where = expect.at(reply, pointer, int), f"reply.body{pointer}"
    message = Message("checks.too_small", {"where": where, "value": value, "least": least})
    expect.true(value >= least, message, where=where, reply=reply, actual=value)


@verifies("DOC-020")
def declared_burst_is_served(ctx: Context) -> None:
    network = Network(ctx)
    rate, bank = declared_rate(ctx), network.institution()

    replies = [ctx.send(rate_request(ctx, rate, bank)) for _ in range(rate.burst)]

    for count, reply in enumerate(replies, start=1):
        message = Message("checks.refused_too_early", {"sent": count, "burst": rate.burst})
        expect.true(reply.status != 429, message, where="reply.status", reply=reply, actual=reply.status)
    # What is answered wrongly from the beginning has nothing to do with the burst.
    with preparing(rate.operation.part):
        require_answer(replies[0], rate.operation)
    for reply in replies[1:]:
        require_answer(reply, rate.operation)


@verifies("DOC-020")
def query_batch_of_the_declared_size_is_taken(ctx: Context) -> None:
    network = Network(ctx)
    item, bank = public_item(ctx), network.institution()
    described = Anonymous(ctx).read_descriptor()
    expect.status(described, 200)
    most = min(expect.at(described, "/limits/max_query_batch_lines", int), LARGEST_BATCH)
    query = query_body(network.subject(), item)
    accepted_query_batch(bank.submit_queries([query]))

    reply = bank.submit_queries([query] * most)

    expect.status(reply, 202)
    expect.equal(expect.at(reply, "/lines"), most, "reply.body/lines", reply)


@verifies("DOC-021", needs=("rate-limits",))
def excess_is_refused_until_the_told_time(ctx: Context) -> None:
    network = Network(ctx)
    rate, bank = declared_rate(ctx), network.institution()
    longest = int(ctx.standard.parameter("DOC-021", "longest_wait_seconds").value)

    refused = refusal_of_excess(ctx, rate, bank)
    expect.problem(refused, 429, "rate_limited")
    header = refused.header("retry-after")
    seconds = retry_after.pause(refused, platform_time(refused))
    message = Message("checks.wait_too_long", {"told": header, "most": longest})
    # A date is told in whole seconds, and what is added for that is not the platform's.
    is_short = seconds is not None and seconds <= longest + 1
    expect.true(is_short, message, where="reply.headers/retry-after", reply=refused, actual=header)
    ctx.wait_until(lambda: None, seconds or 0)
    after = ctx.send(rate_request(ctx, rate, bank))

    expect.true(after.status != 429, Message("checks.still_refused", {"told": header}), reply=after)
    require_answer(after, rate.operation)


@verifies("DOC-022", needs=("rate-limits",))
def excess_of_one_client_is_its_own(ctx: Context) -> None:
    network = Network(ctx)
    rate, bank, other_bank = declared_rate(ctx), network.institution(), network.institution()
    refusal_of_excess(ctx, rate, bank)

    reply = ctx.send(rate_request(ctx, rate, other_bank))

    expect.true(reply.status != 429, Message("checks.others_refused"), where="reply.status", reply=reply)
    require_answer(reply, rate.operation)


def declared_rate(ctx: Context) -> Rate:
    """The declared rate that is exhausted with the fewest requests an institution may send."""
    described = Anonymous(ctx).read_descriptor()
    with preparing("docking"):
        entries = expect.objects(described, "/limits/rates")
        declared = [
            (
                expect.at(described, f"/limits/rates/{n}/burst", int),
                expect.at(described, f"/limits/rates/{n}/per_minute", int),
                harmless_operation(ctx, entry.get("operations")),
            )
            for n, entry in enumerate(entries)
        ]
    small = ((b, m, o) for b, m, o in declared if o and 0 < b <= LARGEST_BURST)
    rates = [Rate(operation, per_minute, burst) for burst, per_minute, operation in small]
    if not rates:
        raise NotVerified(Message("checks.no_small_rate", {"most": LARGEST_BURST}))
    return min(rates, key=lambda rate: rate.burst)


def harmless_operation(ctx: Context, names: Any) -> Operation | None:
    """An operation of the rate that any institution may call and that hurts nobody."""
    listed = names if isinstance(names, list) else []
    operations = ctx.standard.api.operations
    callable_ = [o for o in operations.values() if "query" in o.scopes and (o.id in listed or not listed)]
    return min(callable_, key=lambda o: not o.read_only, default=None)


def rate_request(ctx: Context, rate: Rate, bank: Institution) -> Request:
    """One request against the rate; to be refused is what is asked for."""
    return replace(sample_request(ctx, rate.operation, bank.credential), patient=False)


def require_answer(reply: Reply, operation: Operation) -> None:
    """The operation's own answer: all that it has to state, or that the caller has nothing by this name."""
    if reply.status in NOTHING_THERE and "{" in operation.path:
        expect.problem(reply, tuple(NOTHING_THERE), tuple(NOTHING_THERE.values()))
        return
    good = {int(status): types for status, types in operation.responses.items() if status.startswith("2")}
    expect.status(reply, *good)
    for pointer in required_pointers(good[reply.status].get("application/json", {}), ""):
        expect.at(reply, pointer)


def refusal_of_excess(ctx: Context, rate: Rate, bank: Institution) -> Reply:
    """The reply that refuses what exceeds the rate."""
    durations: list[float] = []

    def refused() -> Reply | None:
        reply = ctx.send(rate_request(ctx, rate, bank))
        if reply.status in (429, 503):
            return reply
        if not durations:
            with preparing(rate.operation.part):
                require_answer(reply, rate.operation)
        durations.append(reply.elapsed)
        # Twice what the platform has to serve by then, since more time passes than its replies take.
        plausible = len(durations) <= 2 * (rate.burst + rate.per_minute * sum(durations) / 60) + 1
        values = {"sent": len(durations), "burst": rate.burst, "per_minute": rate.per_minute}
        expect.true(plausible, Message("checks.never_refused", values), where="reply.status", reply=reply)
        if len(durations) >= 10 * rate.burst:
            raise NotVerified(Message("checks.not_fast_enough", {"per_minute": rate.per_minute}))
        return None

    return ctx.repeat(refused)


def platform_time(reply: Reply) -> float:
    """The platform's time when it replied, in POSIX seconds; 0 where it does not say."""
    try:
        return parsedate_to_datetime(reply.header("date") or "").timestamp()
    except (ValueError, OverflowError):
        return 0.0
