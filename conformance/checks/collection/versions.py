"""Checks of the part collection (COL): records by version of the checklist, and with added fields."""

from typing import Any

from conformance import expect
from conformance.actors import Network
from conformance.actors.deliveries import require_accepted
from conformance.actors.records import content
from conformance.checks.catalog.versions import NO_VERSION, next_version
from conformance.checks.shared.assertions import fields_of, require_raw_control
from conformance.checks.shared.items import is_collected
from conformance.checks.shared.parameters import extended_collected
from conformance.checks.verifies import verifies
from conformance.expect import NotVerified
from conformance.model.context import Context
from conformance.model.shapes import Checklist, Item
from conformance.model.text import Message

REASON = "checklist_version"


@verifies("COL-020", expand=extended_collected)
def added_fields_are_accepted_and_disclosed(ctx: Context) -> None:
    network = Network(ctx, fresh=True)
    item = ctx.standard.checklist.item(ctx.case.parameter)
    subject, bank = network.subject(item.subject_types[0]), network.institution()
    record = network.provider.record(item, subject, optional=True)
    delivery = network.provider.deliver(record)
    outcome = delivery.outcome(0).get("outcome")
    expect.equal(outcome, "accepted", "reply.body/outcomes/0/outcome", delivery.reply)
    grant = subject.authorize(bank, item)

    reply = bank.query(subject, item, citing=grant)

    fields = fields_of(reply)
    require_raw_control(fields, item.fields[0].name, record["content"][item.fields[0].name])
    for field in item.fields:
        if field.legal_basis and not field.person:
            value = (fields.get(field.name) or {}).get("value")
            expect.equal(value, record["content"][field.name], f"{item.code}/{field.name}", reply)


@verifies("COL-020", expand=extended_collected)
def records_without_added_fields_are_accepted(ctx: Context) -> None:
    network = Network(ctx, fresh=True)
    item = ctx.standard.checklist.item(ctx.case.parameter)
    added = {field.name for field in item.fields if field.legal_basis}
    record = network.provider.record(item, network.subject(item.subject_types[0]), optional=True)
    national = {name: value for name, value in record["content"].items() if name not in added}

    delivery = network.provider.deliver({**record, "content": national})

    outcome = delivery.outcome(0).get("outcome")
    expect.equal(outcome, "accepted", "reply.body/outcomes/0/outcome", delivery.reply)


@verifies("COL-021")
def other_versions_are_rejected_with_the_reason(ctx: Context) -> None:
    versions = [NO_VERSION]
    before = ctx.standard.previous_checklist
    if before is not None and not ctx.standard.in_transition:
        versions.append(before.version)
    for version in versions:
        require_rejected_version(ctx, changed_item(ctx, ctx.standard.checklist), version)


@verifies("COL-022")
def previous_version_is_accepted_in_transition(ctx: Context) -> None:
    network, before = Network(ctx, fresh=True), ctx.standard.previous_checklist
    if before is None:
        raise NotVerified(Message("checks.no_previous_version"))
    item = changed_item(ctx, before)
    record = of_version(network, item, before.version)

    delivery = network.provider.deliver(record)

    outcome = delivery.outcome(0)
    expect.equal(outcome.get("outcome"), "accepted", "reply.body/outcomes/0/outcome", delivery.reply)


@verifies("COL-023")
def next_version_is_not_accepted_early(ctx: Context) -> None:
    checklist = next_version(ctx)
    ahead = (checklist.effective_from - ctx.today).days
    if ahead <= int(ctx.standard.parameter("COL-023", "days_ahead").value):
        raise NotVerified(Message("checks.no_next_version"))
    require_rejected_version(ctx, changed_item(ctx, checklist), checklist.version)


def require_rejected_version(ctx: Context, item: Item, version: str) -> None:
    """A record that names the version is rejected for it; one that names the version in force is not."""
    network = Network(ctx, fresh=True)
    control = network.provider.record(
        ctx.standard.checklist.item(item.code), network.subject(item.subject_types[0])
    )

    delivery = network.provider.deliver(control, of_version(network, item, version))

    require_accepted(delivery, item.code)
    outcome, where = delivery.outcome(1), f"reply.body/outcomes/1 ({version})"
    expect.equal(outcome.get("outcome"), "rejected", f"{where}/outcome", delivery.reply)
    reasons: Any = outcome.get("reasons")
    codes = [r.get("code") for r in reasons if isinstance(r, dict)] if isinstance(reasons, list) else []
    expect.contains(codes, REASON, f"{where}/reasons (code)", delivery.reply)


def of_version(network: Network, item: Item, version: str) -> dict[str, Any]:
    """A record of an item as a version of the checklist has it."""
    subject = network.subject(item.subject_types[0])
    body = content(network.ctx, item, subject, {}, optional=False)
    return network.provider.envelope(item, subject, body, checklist_version=version)


def changed_item(ctx: Context, checklist: Checklist) -> Item:
    """A collected item of the version in force as `checklist` has it, one that differs if there is any."""
    now = ctx.standard.checklist
    shared = [
        i for i in checklist.items if is_collected(i) and now.has(i.code) and is_collected(now.item(i.code))
    ]
    if not shared:
        raise NotVerified(Message("checks.no_such_item", {"kind": "physical"}))
    return next((i for i in shared if now.item(i.code).digest != i.digest), shared[0])
