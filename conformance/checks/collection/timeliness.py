"""Whether records come within the working days that their item gives them, and how that is told."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from conformance import expect
from conformance.actors import DeliveredBatch, Network
from conformance.checks.shared.parameters import SEPARATOR, THIS_YEAR, timely_edges, timely_items
from conformance.checks.verifies import verifies
from conformance.expect import NotVerified
from conformance.model.context import Context
from conformance.model.shapes import Item
from conformance.model.text import Message
from conformance.oracles.working_days import covered_years, last_day

ONE_DAY = timedelta(days=1)


@verifies("COL-030", expand=timely_edges)
def records_are_marked_by_working_days(ctx: Context) -> None:
    network = Network(ctx, fresh=True)
    code, edge = ctx.case.parameter.split(SEPARATOR)
    if edge == THIS_YEAR:
        raise calendar_missing(ctx, ctx.today.year)
    item = ctx.standard.checklist.item(code)
    since = since_day(ctx, edge)
    last = last_day(ctx.standard.holidays, since, working_days(ctx))
    batch = [
        record_of_event(network, item, since, f"{last}T23:59:59+08:00"),
        record_of_event(network, item, since, f"{last + ONE_DAY}T00:00:00+08:00"),
    ]

    delivery = network.provider.deliver(*batch)

    for index, mark in enumerate(("on_time", "late")):
        require_mark(delivery, index, mark)


@verifies("COL-030", expand=timely_items)
def what_the_calendar_does_not_cover_is_unknown(ctx: Context) -> None:
    network = Network(ctx, fresh=True)
    item = ctx.standard.checklist.item(ctx.case.parameter)
    covered_day = since_day(ctx, "plain")
    before = covered_day.replace(year=min(covered(ctx)) - 2)
    batch = [
        record_of_event(network, item, day, f"{day + ONE_DAY}T09:00:00+08:00")
        for day in (covered_day, before)
    ]

    delivery = network.provider.deliver(*batch)

    require_mark(delivery, 0, "on_time")
    require_mark(delivery, 1, "unknown")


def require_mark(delivery: DeliveredBatch, index: int, mark: str) -> None:
    """The record is accepted and carries this mark."""
    outcome, where = delivery.outcome(index), f"reply.body/outcomes/{index}"
    expect.equal(outcome.get("outcome"), "accepted", f"{where}/outcome", delivery.reply)
    expect.equal(outcome.get("timeliness"), mark, f"{where}/timeliness", delivery.reply)


def record_of_event(network: Network, item: Item, since: date, moment: str) -> dict[str, Any]:
    """A record of an event of this day that its provider made at this moment."""
    if item.timeliness is None:
        raise NotVerified(Message("checks.no_such_item", {"kind": "timeliness"}))
    record = network.provider.record(
        item, network.subject(item.subject_types[0]), {item.timeliness.since: str(since)}
    )
    return {**record, "as_of": moment, "generated_at": moment}


def working_days(ctx: Context) -> int:
    return int(ctx.standard.parameter("COL-030", "working_days").value)


def covered(ctx: Context) -> list[int]:
    """Past years of the calendar, every day of which is over. Raises NotVerified without any."""
    years = [year for year in covered_years(ctx.standard.holidays) if year < ctx.today.year]
    if not years:
        raise calendar_missing(ctx, ctx.today.year - 1)
    return years


def calendar_missing(ctx: Context, year: int) -> NotVerified:
    """The cause where a verdict depends on a year that the calendar does not have."""
    known = ", ".join(map(str, covered_years(ctx.standard.holidays)))
    return NotVerified(Message("checks.calendar_missing", {"year": year, "known": known}))


def since_day(ctx: Context, edge: str) -> date:
    """A day from which the given edge lies within the time that a record has."""
    calendar, years = ctx.standard.holidays, covered(ctx)
    year = calendar["years"][str(years[-1])]
    span = timedelta(days=working_days(ctx) // 2)
    days = {
        "plain": date(years[-1], 3, 10),
        "holidays": longest_run(year["holidays"]) - span,
        "worked_weekend": date.fromisoformat(year["workdays"][-1]) - span,
        "year_end": date(years[-1], 1, 1) - span,
    }
    return days[edge]


def longest_run(holidays: Sequence[str]) -> date:
    """The first day of the longest holiday of a year."""
    days = sorted(map(date.fromisoformat, holidays))
    runs: list[list[date]] = []
    for day in days:
        if runs and day - runs[-1][-1] == ONE_DAY:
            runs[-1].append(day)
        else:
            runs.append([day])
    return max(runs, key=len)[0]


# Alone on the platform: a delivery of another check would be counted meanwhile.
@verifies("COL-031", expand=timely_items, exclusive=True)
def catalogue_counts_the_marks(ctx: Context) -> None:
    network = Network(ctx, fresh=True)
    item, bank = ctx.standard.checklist.item(ctx.case.parameter), network.institution()
    since = since_day(ctx, "plain")
    unknown = since.replace(year=min(covered(ctx)) - 2)
    marks = [(since, 1), (since, 40), (since, 41), (unknown, 1)]
    batch = [record_of_event(network, item, day, f"{day + n * ONE_DAY}T09:00:00+08:00") for day, n in marks]
    before = bank.read_catalog_entry(item)
    delivery = network.provider.deliver(*batch)
    if delivery.batch.get("accepted") != len(batch):
        raise NotVerified(Message("checks.prerequisite_not_accepted", {"item": item.code}))

    after = bank.read_catalog_entry(item)

    for member, expected in {"on_time": 1, "late": 2}.items():
        where = f"/freshness/{member}"
        grown = expect.at(after, where, int) - expect.at(before, where, int)
        values = {"where": where, "expected": expected, "actual": grown}
        expect.true(
            grown == expected, Message("checks.not_counted", values), where=f"reply.body{where}", reply=after
        )
