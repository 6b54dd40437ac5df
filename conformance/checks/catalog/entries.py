"""Checks of the part catalog (CAT): entries, their freshness, and pages of them."""

from conformance import expect
from conformance.actors import Network
from conformance.actors.actor import preparing
from conformance.actors.inquirer import Inquirer
from conformance.checks.shared.assertions import moment, require_filled
from conformance.checks.shared.items import public_item
from conformance.checks.shared.parameters import items, utility_items
from conformance.checks.verifies import verifies
from conformance.model.context import Context
from conformance.model.shapes import Item
from conformance.model.text import Message
from conformance.model.wire import Reply

LONGER_THAN_A_SECOND = 1.1
"""A moment stated in whole seconds has changed by then if it follows the clock."""


@verifies("CAT-001")
def catalogue_lists_every_item_of_the_checklist(ctx: Context) -> None:
    network = Network(ctx)
    entries, reply = network.institution().list_catalog()

    listed = [entry.get("item_code") for entry in entries]
    for item in ctx.standard.checklist.items:
        expect.contains(listed, item.code, "reply.body/items (item_code)", reply)


@verifies("CAT-002", expand=items)
def entry_states_how_the_item_is_kept(ctx: Context) -> None:
    network = Network(ctx)
    item = ctx.standard.checklist.item(ctx.case.parameter)

    reply = network.institution().read_catalog_entry(item)

    expect.status(reply, 200)
    entry = expect.json_object(reply)
    for member in ("version", "update_frequency", "disclosure", "collection_mode"):
        expect.equal(entry.get(member), getattr(item, member), f"reply.body/{member}", reply)
    require_filled(entry.get("channel"), "reply.body/channel", reply)
    expect.at(reply, "/freshness/records", int)
    expect.at(reply, "/freshness/last_collected_at")


# Alone on the platform: a withdrawal by another check would lower the count meanwhile.
@verifies("CAT-002", exclusive=True)
def freshness_follows_collection(ctx: Context) -> None:
    network = Network(ctx, fresh=True)
    item, bank = public_item(ctx), network.institution()
    network.provider.store(item, network.subject())
    before = records_of(bank.read_catalog_entry(item))

    network.provider.store(item, network.subject())
    reply = bank.read_catalog_entry(item)

    where = "reply.body/freshness/records"
    grown = records_of(reply) > before
    expect.true(grown, Message("checks.not_grown", {"where": where}), where=where, reply=reply)
    last = expect.at(reply, "/freshness/last_collected_at")
    require_filled(last, "reply.body/freshness/last_collected_at", reply)


def records_of(reply: Reply) -> int:
    """The number of records that an entry of the catalogue states."""
    expect.status(reply, 200)
    return expect.at(reply, "/freshness/records", int)


@verifies("CAT-002", exclusive=True)
def freshness_stands_still_without_collection(ctx: Context) -> None:
    network = Network(ctx)
    item, bank = public_item(ctx), network.institution()
    network.provider.store(item, network.subject())
    before = expect.at(bank.read_catalog_entry(item), "/freshness", dict)

    ctx.wait_until(lambda: None, LONGER_THAN_A_SECOND)
    reply = bank.read_catalog_entry(item)

    expect.status(reply, 200)
    expect.equal(expect.at(reply, "/freshness"), before, "reply.body/freshness", reply)


@verifies("CAT-003", expand=items)
def schema_digest_is_the_standards(ctx: Context) -> None:
    network = Network(ctx)
    item = ctx.standard.checklist.item(ctx.case.parameter)

    reply = network.institution().call("getCatalogItem", item_code=item.code)

    expect.status(reply, 200)
    expect.equal(
        expect.json_object(reply).get("schema_digest"), item.digest, "reply.body/schema_digest", reply
    )


SMALL_PAGE = 7
"""Entries on a page. The number of items is hardly a multiple of it, so that the last page is not full."""


@verifies("CAT-009")
def pages_hold_each_item_once(ctx: Context) -> None:
    network = Network(ctx)

    entries, reply = network.institution().list_catalog(limit=str(SMALL_PAGE))

    listed = [entry.get("item_code") for entry in entries]
    for item in ctx.standard.checklist.items:
        expect.equal(listed.count(item.code), 1, f"reply.body/items (item_code {item.code})", reply)


@verifies("CAT-011", expand=utility_items)
def utility_items_are_collected_and_counted(ctx: Context) -> None:
    network = Network(ctx, fresh=True)
    item, bank = ctx.standard.checklist.item(ctx.case.parameter), network.institution()
    record = network.provider.record(item, network.subject(item.subject_types[0]))
    delivery = network.provider.deliver(record)
    outcome = delivery.outcome(0).get("outcome")
    expect.equal(outcome, "accepted", "reply.body/outcomes/0/outcome", delivery.reply)

    reply = bank.read_catalog_entry(item)

    where = "reply.body/freshness/records"
    require_filled(records_of(reply), where, reply)
    channels = expect.at(reply, "/channel", list)
    expect.contains(channels, record["source_channel"], "reply.body/channel", reply)


# Alone on the platform: a delivery by another check would be later still.
@verifies("CAT-012", exclusive=True)
def latest_moment_is_that_of_the_data(ctx: Context) -> None:
    network = Network(ctx, fresh=True)
    item, bank = public_item(ctx), network.institution()
    network.provider.store(item, network.subject())
    before = latest_moment(bank, item)
    today = f"{ctx.today}T00:00:01+08:00"
    ctx.wait_until(lambda: None, LONGER_THAN_A_SECOND)
    record = network.provider.record(item, network.subject()) | {"as_of": today, "generated_at": today}
    network.provider.deliver_accepted(record)

    reply = bank.read_catalog_entry(item)

    expect.status(reply, 200)
    latest = moment(expect.at(reply, "/freshness/latest_as_of"))
    where = "reply.body/freshness/latest_as_of"
    expect.equal(latest, max(str(before), str(moment(today))), where, reply)


def latest_moment(party: Inquirer, item: Item) -> object:
    """The latest moment of the item's data that the catalogue states, in UTC."""
    with preparing("catalog"):
        return moment(expect.at(party.read_catalog_entry(item), "/freshness/latest_as_of", str))
