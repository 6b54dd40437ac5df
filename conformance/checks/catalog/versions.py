"""Checks of the part catalog (CAT): versions of the checklist, from their announcement to their end."""

from typing import Any

from conformance import expect
from conformance.actors import Anonymous, Network, prepared
from conformance.checks.shared.assertions import require_filled
from conformance.checks.verifies import verifies
from conformance.expect import NotVerified
from conformance.model.context import Context
from conformance.model.shapes import Checklist
from conformance.model.text import Message
from conformance.model.wire import Reply

NO_VERSION = "1900.1"
"""Before any checklist was."""
FAR_YEAR, FAR_DAY = 2098, "2098-12-31"
"""A version announced for a day so late is in nobody's way."""


@verifies("CAT-005")
def descriptor_states_the_version_in_force(ctx: Context) -> None:
    checklist = ctx.standard.checklist

    reply = Anonymous(ctx).read_descriptor()

    expect.status(reply, 200)
    version = expect.at(reply, "/checklist_version")
    expect.equal(version, checklist.version, "reply.body/checklist_version", reply)
    in_force = [v for v in expect.objects(reply, "/checklist_versions") if v.get("standing") == "in_force"]
    where = "reply.body/checklist_versions (in_force)"
    expect.equal([v.get("version") for v in in_force], [checklist.version], where, reply)
    require_dates(in_force[0], checklist, where, reply)


@verifies("CAT-005")
def catalogue_states_the_dates_of_its_version(ctx: Context) -> None:
    network = Network(ctx)

    _, reply = network.institution().list_catalog()

    require_dates(expect.json_object(reply), ctx.standard.checklist, "reply.body", reply)


def require_dates(entry: dict[str, Any], checklist: Checklist, where: str, reply: Reply) -> None:
    """The entry states the dates of the version."""
    until = checklist.effective_until.isoformat() if checklist.effective_until else None
    expect.equal(
        entry.get("effective_from"), checklist.effective_from.isoformat(), f"{where}/effective_from", reply
    )
    expect.equal(entry.get("effective_until"), until, f"{where}/effective_until", reply)


@verifies("CAT-006")
def next_version_is_served_ahead(ctx: Context) -> None:
    network, checklist = Network(ctx), next_version(ctx)
    bank = network.institution()

    entries, reply = bank.list_catalog(version=checklist.version)

    version = expect.at(reply, "/checklist_version")
    expect.equal(version, checklist.version, "reply.body/checklist_version", reply)
    require_dates(expect.json_object(reply), checklist, "reply.body", reply)
    digests = {entry.get("item_code"): entry.get("schema_digest") for entry in entries}
    expect.equal(
        digests, {i.code: i.digest for i in checklist.items}, "reply.body/items (schema_digest)", reply
    )
    changed = next(
        i for i in checklist.items if i.digest not in {o.digest for o in ctx.standard.checklist.items}
    )
    alone = bank.read_catalog_entry(changed, version=checklist.version)
    expect.status(alone, 200)
    expect.equal(expect.at(alone, "/schema_digest"), changed.digest, "reply.body/schema_digest", alone)


@verifies("CAT-007")
def catalogue_is_of_the_version_in_force(ctx: Context) -> None:
    network = Network(ctx)

    entries, reply = network.institution().list_catalog()

    version = ctx.standard.checklist.version
    require_filled(entries, "reply.body/items", reply)
    expect.equal(expect.at(reply, "/checklist_version"), version, "reply.body/checklist_version", reply)
    versions = sorted({str(entry.get("checklist_version")) for entry in entries})
    expect.equal(versions, [version], "reply.body/items (checklist_version)", reply)


@verifies("CAT-008")
def unknown_version_is_refused(ctx: Context) -> None:
    network = Network(ctx)
    bank = network.institution()
    item = ctx.standard.checklist.items[0]
    prepared(bank.read_catalog_entry(item), "catalog", 200)

    catalogue = bank.call("getCatalog", query={"version": NO_VERSION})
    entry = bank.read_catalog_entry(item, version=NO_VERSION)

    for reply in (catalogue, entry):
        expect.problem(reply, 404, "unknown_checklist_version")


# Alone on the platform: what is announced is of the whole platform.
@verifies("CAT-010", exclusive=True, needs=("postNetworkNotice",))
def announced_version_is_published_and_withdrawn(ctx: Context) -> None:
    network = Network(ctx)
    version = f"{FAR_YEAR}.{ctx.random.randrange(100, 1000)}"
    seconds = float(ctx.standard.parameter("CAT-010", "announcement_seconds").value)
    if announcement(ctx, version)[0]:
        raise NotVerified(Message("checks.announced_before", {"version": version}))

    notified = network.hub.notify("checklist_version", checklist_version=version, effective_from=FAR_DAY)
    try:
        expect.status(notified, 202)
        ctx.wait_until(lambda: announcement(ctx, version)[0] or None, seconds)
        announced, reply = announcement(ctx, version)
    finally:
        network.hub.notify("checklist_version", checklist_version=version, withdrawn=True)
    ctx.wait_until(lambda: not announcement(ctx, version)[0] or None, seconds)
    remaining, after = announcement(ctx, version)

    where = "reply.body/checklist_versions"
    expect.equal([one.get("effective_from") for one in announced], [FAR_DAY], f"{where} ({version})", reply)
    expect.equal(remaining, [], f"{where} ({version})", after)


def announcement(ctx: Context, version: str) -> tuple[list[dict[str, Any]], Reply]:
    """The descriptor's entries for a version, and the descriptor."""
    reply = Anonymous(ctx).read_descriptor()
    expect.status(reply, 200)
    return [v for v in expect.objects(reply, "/checklist_versions") if v.get("version") == version], reply


def next_version(ctx: Context) -> Checklist:
    """The next version; the requirement does not apply where there is none."""
    checklist = ctx.standard.next_checklist
    if checklist is None:
        raise NotVerified(Message("checks.no_next_version"))
    return checklist
