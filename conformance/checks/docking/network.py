"""Checks of the part docking (DOC): what a platform says of itself, and what the network tells it."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from conformance import expect
from conformance.actors import Anonymous, Network, prepared
from conformance.checks.shared.assertions import REFUSED, result
from conformance.checks.shared.items import public_item
from conformance.checks.verifies import verifies
from conformance.expect import NotVerified
from conformance.model.context import Context
from conformance.model.shapes import JsonSchema
from conformance.model.text import Message
from conformance.model.wire import Raw, Reply
from conformance.oracles.keys import PRIVATE, key_fault

FREE = ("0", "0.0", "0.00")


@verifies("DOC-001")
def descriptor_states_who_the_platform_is(ctx: Context) -> None:
    reply = Anonymous(ctx).read_descriptor()

    expect.status(reply, 200)
    described = ctx.standard.api.operations["getPlatformDescriptor"].responses["200"]["application/json"]
    for pointer in required_pointers(described, ""):
        member = expect.at(reply, pointer)
        expect.true(
            member != "",
            Message("checks.empty", {"where": pointer}),
            where=f"reply.body{pointer}",
            reply=reply,
        )
    profile = expect.at(reply, "/conformance/profile")
    expect.equal(profile, ctx.target.profile, "reply.body/conformance/profile", reply)
    environment, versions = expect.at(reply, "/environment"), expect.at(reply, "/standard_versions", list)
    expect.equal(environment, ctx.target.environment, "reply.body/environment", reply)
    expect.contains(versions, ctx.standard.version, "reply.body/standard_versions", reply)
    divisions, division = ctx.standard.codes["division"].codes, expect.at(reply, "/division_code")
    expect.contains(divisions, division, "reply.body/division_code", reply)


def required_pointers(schema: JsonSchema, pointer: str) -> Iterator[str]:
    """Pointers to the members that a description requires, at every depth."""
    for name in schema.get("required", ()):
        yield f"{pointer}/{name}"
        yield from required_pointers(schema["properties"].get(name, {}), f"{pointer}/{name}")


@verifies("DOC-002")
def health_is_answered_without_credentials(ctx: Context) -> None:
    reply = Anonymous(ctx).read_health()

    expect.status(reply, 200)
    health = expect.json_object(reply)
    expect.contains(("ok", "degraded"), health.get("status"), "reply.body/status", reply)


@verifies("DOC-002", exclusive=True, needs=("postNetworkNotice",))
def health_is_answered_while_suspended(ctx: Context) -> None:
    network = Network(ctx)
    with network.hub.suspension():
        ctx.wait_until(lambda: states_suspension(Anonymous(ctx).read_health()), effect_limit(ctx))
        reply = Anonymous(ctx).read_health()

    expect.status(reply, 200)
    expect.equal(expect.json_object(reply).get("status"), "suspended", "reply.body/status", reply)


def states_suspension(reply: Reply) -> bool | None:
    """Anything but a good answer that the platform is up: a notice takes its time."""
    try:
        expect.status(reply, 200)
        return expect.at(reply, "/status") == "suspended" or None
    except expect.Violation:
        return True


@verifies("DOC-003", exclusive=True)
def suspended_platform_discloses_nothing(ctx: Context) -> None:
    network = Network(ctx)
    item, subject, bank = public_item(ctx), network.subject(), network.institution()
    network.provider.store(item, subject)
    bank.positive_control(subject, item)

    with network.hub.suspension():
        ctx.wait_until(lambda: is_suspended(bank.query(subject, item)), effect_limit(ctx))
        while_suspended = bank.query(subject, item)
    ctx.wait_until(lambda: not is_suspended(bank.query(subject, item)) or None, effect_limit(ctx))
    after = bank.query(subject, item)

    expect.problem(while_suspended, 503, "platform_suspended")
    expect.equal(result(after).get("status"), "ok", "reply.body/results/0/status", after)


def is_suspended(reply: Reply) -> bool | None:
    return True if reply.status == 503 else None


@verifies("DOC-010", exclusive=True)
def older_notice_does_not_undo_a_newer_one(ctx: Context) -> None:
    network = Network(ctx)
    item, subject, bank = public_item(ctx), network.subject(), network.institution()
    network.provider.store(item, subject)
    bank.positive_control(subject, item)
    yesterday = f"{ctx.today - timedelta(days=1)}T00:00:00+08:00"

    with network.hub.suspension():
        if not ctx.wait_until(lambda: is_suspended(bank.query(subject, item)), effect_limit(ctx)):
            raise NotVerified(Message("checks.not_suspended"))
        # A platform may refuse what is out of date; only that it has no effect is asked for.
        network.hub.notify("resumption", issued_at=yesterday)
        reply = bank.query(subject, item)

    expect.problem(reply, 503, "platform_suspended")


@verifies("DOC-011", exclusive=True)
def retired_platform_names_its_successor(ctx: Context) -> None:
    network = Network(ctx)
    item, subject, bank = public_item(ctx), network.subject(), network.institution()
    network.provider.store(item, subject)
    bank.positive_control(subject, item)
    name = f"fcsp-successor-{network.new_key()[:8]}"
    successor = {"platform_id": name, "url": f"https://{name}.fcsp.test"}

    with network.hub.retirement(successor):
        ctx.wait_until(lambda: is_retired(bank.query(subject, item)), effect_limit(ctx))
        retired = bank.query(subject, item)
        health, descriptor = Anonymous(ctx).read_health(), Anonymous(ctx).read_descriptor()

    expect.problem(retired, 410, "platform_retired")
    expect.equal(expect.at(retired, "/successor"), successor, "reply.body/successor", retired)
    for reply, member in ((health, "/status"), (descriptor, "/platform_id")):
        expect.status(reply, 200)
        expect.at(reply, member, str)


def is_retired(reply: Reply) -> bool | None:
    return True if reply.status == 410 else None


@verifies("DOC-012", exclusive=True)
def list_entry_follows_the_notices(ctx: Context) -> None:
    network = Network(ctx)

    with network.hub.suspension():
        ctx.wait_until(lambda: listed_status(ctx) == "suspended" or None, effect_limit(ctx))
        while_suspended = Anonymous(ctx).read_descriptor()
    ctx.wait_until(lambda: listed_status(ctx) == "active" or None, effect_limit(ctx))
    after = Anonymous(ctx).read_descriptor()

    for reply, status in ((while_suspended, "suspended"), (after, "active")):
        expect.status(reply, 200)
        expect.equal(expect.at(reply, "/list_entry/status"), status, "reply.body/list_entry/status", reply)


def listed_status(ctx: Context) -> Any:
    """The status that the descriptor states; None where it states none."""
    try:
        return expect.at(Anonymous(ctx).read_descriptor(), "/list_entry/status")
    except expect.Violation:
        return None


def effect_limit(ctx: Context) -> float:
    """Seconds within which a notice takes effect."""
    return float(ctx.standard.parameter("DOC-003", "notice_effect_seconds").value)


@verifies("DOC-013")
def published_keys_verify_signatures(ctx: Context) -> None:
    reply = Anonymous(ctx).read_descriptor()

    expect.status(reply, 200)
    keys = expect.objects(reply, "/jwks/keys")
    where = "reply.body/jwks/keys"
    expect.true(keys, Message("checks.empty", {"where": where}), where=where, reply=reply)
    faults = [key_fault(key) for key in keys]
    # Keys of other kinds may stand beside it.
    first = Message("checks.unusable_key", {"fault": faults[0]})
    expect.true(None in faults, first, where=where, reply=reply)
    for index, key in enumerate(keys):
        expect.equal(sorted(PRIVATE & key.keys()), [], f"{where}/{index} (private members)", reply)
    names = [key["kid"] for key in keys if isinstance(key.get("kid"), str)]
    expect.equal(sorted(names), sorted(set(names)), f"{where}/*/kid", reply)


@verifies("DOC-006")
def notices_are_taken_only_from_the_hub(ctx: Context) -> None:
    network = Network(ctx)
    bank = network.institution()
    prepared(network.hub.notify("list_change"), "docking", 202)

    for party in (bank, network.client("provider"), network.subject()):
        # A harmless kind: if the platform wrongly takes it, nothing else of the run changes.
        expect.status(network.hub.impersonated_by(party).notify("list_change"), *REFUSED)


@verifies("DOC-007")
def wrong_media_type_is_named_as_such(ctx: Context) -> None:
    network = Network(ctx)
    bank = network.institution()
    body = Raw(b"<query/>", "application/xml")

    reply = bank.call("createQuery", body, valid=False)

    expect.status(reply, 415)


@verifies("DOC-007")
def unacceptable_media_type_is_named_as_such(ctx: Context) -> None:
    network = Network(ctx)
    bank = network.institution()

    reply = bank.call("getCatalog", headers={"Accept": "application/xml"}, valid=False)

    expect.status(reply, 406)


@verifies("DOC-009")
def tariff_for_checklist_items_is_zero(ctx: Context) -> None:
    reply = Anonymous(ctx).read_descriptor()

    expect.status(reply, 200)
    price = expect.at(reply, "/tariff/checklist_items_cny", str)
    expect.contains(FREE, price, "reply.body/tariff/checklist_items_cny", reply)
