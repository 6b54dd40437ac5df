"""The life of an authorization: it begins, ends, is replaced or lapses, and what has ended stays so."""

from conformance import expect
from conformance.actors import Network, prepared
from conformance.actors.authorizations import Citation, authorization_id, period
from conformance.actors.inquirer import Inquirer
from conformance.actors.institution import Institution
from conformance.actors.subject import Subject
from conformance.checks.shared.assertions import REFUSED, only_record, require_not_authorized
from conformance.checks.shared.items import restricted_item, two_restricted_items
from conformance.checks.verifies import verifies
from conformance.model.context import Context
from conformance.model.shapes import Item

STATE = "reply.body/state"


def require_state(party: Inquirer, citation: Citation, *states: str) -> None:
    """The authorization reads in one of these states."""
    reply = party.call("getAuthorization", authorization_id=authorization_id(citation))
    expect.status(reply, 200)
    expect.contains(states, expect.json_object(reply).get("state"), STATE, reply)


@verifies("AUT-022")
def state_follows_the_calendar(ctx: Context) -> None:
    network = Network(ctx)
    item, subject, bank = restricted_item(ctx), network.subject(), network.institution()
    now = subject.authorize(bank, item)
    later = subject.authorize(bank, item, purpose="in_loan", **period(ctx, 2, 30))
    body = subject.authorization_body(bank, item, purpose="post_loan", **period(ctx, -30, -1))
    past = subject.call("createAuthorization", body)

    # Evidence may be under review for a while.
    require_state(bank, now, "active", "pending")
    require_state(bank, later, "pending")
    # A period that has passed may be refused outright.
    if past.status == 201:
        require_state(bank, expect.at(past, "/authorization_id", str), "expired", "rejected")
    else:
        expect.status(past, 422)


@verifies("AUT-022")
def ended_authorization_keeps_its_state(ctx: Context) -> None:
    network = Network(ctx)
    item, subject, bank = restricted_item(ctx), network.subject(), network.institution()
    revoked = subject.authorize(bank, item)
    prepared(subject.revoke(revoked), "authorization", 200)
    old = subject.authorize(bank, item)
    new = network.effective_grant(item, subject, bank)

    require_state(bank, revoked, "revoked")
    require_state(bank, new, "active")
    expect.status(subject.revoke(old), 200)
    require_state(bank, old, "superseded")


@verifies("AUT-023")
def newer_authorization_supersedes_what_it_covers(ctx: Context) -> None:
    network, subject, bank, (item, other_item) = parties_and_items(ctx)
    old = network.effective_grant(item, subject, bank)

    new = subject.authorize(bank, item, other_item)
    bank.positive_control(subject, item, citing=new)

    require_not_authorized(bank.query(subject, item, citing=old))
    require_state(bank, old, "superseded")


@verifies("AUT-023")
def narrower_authorization_leaves_the_wider_one(ctx: Context) -> None:
    network, subject, bank, (item, other_item) = parties_and_items(ctx)
    network.provider.store(item, subject)
    wide = subject.authorize(bank, item, other_item)
    bank.positive_control(subject, item, citing=wide)

    bank.positive_control(subject, item, citing=subject.authorize(bank, item))

    only_record(bank.query(subject, item, citing=wide))
    require_state(bank, wide, "active")


@verifies("AUT-023")
def later_authorization_waits_for_its_first_day(ctx: Context) -> None:
    network, subject, bank, (item, _) = parties_and_items(ctx)
    old = network.effective_grant(item, subject, bank)

    subject.authorize(bank, item, **period(ctx, 2, 30))

    only_record(bank.query(subject, item, citing=old))
    require_state(bank, old, "active")


@verifies("AUT-023")
def superseded_authorization_does_not_come_back(ctx: Context) -> None:
    network, subject, bank, (item, _) = parties_and_items(ctx)
    old = network.effective_grant(item, subject, bank)
    new = subject.authorize(bank, item)
    bank.positive_control(subject, item, citing=new)

    prepared(subject.revoke(new), "authorization", 200)

    require_not_authorized(bank.query(subject, item, citing=old))
    require_state(bank, old, "superseded")


def parties_and_items(ctx: Context) -> tuple[Network, Subject, Institution, tuple[Item, Item]]:
    network = Network(ctx)
    return network, network.subject(), network.institution(), two_restricted_items(ctx)


@verifies("AUT-024")
def authorization_lapses_with_its_recipient(ctx: Context) -> None:
    network = Network(ctx)
    item, subject, bank = restricted_item(ctx), network.subject(), network.institution()
    grant = network.effective_grant(item, subject, bank)

    prepared(network.hub.set_status(bank, "withdrawn"), "admission", 200)

    require_state(subject, grant, "lapsed")


@verifies("AUT-024")
def new_admission_revives_no_authorization(ctx: Context) -> None:
    network = Network(ctx)
    item, subject, bank = restricted_item(ctx), network.subject(), network.institution()
    grant = network.effective_grant(item, subject, bank)
    prepared(network.hub.set_status(bank, "withdrawn"), "admission", 200)
    prepared(network.hub.admit(bank), "admission", 200, 201)

    # The token from before may have ended; the next request then takes a new one.
    bank.query(subject, item)
    # Of another purpose, so that it takes the place of nothing.
    new = subject.authorize(bank, item, purpose="in_loan")
    bank.positive_control(subject, item, citing=new, purpose="in_loan")

    require_not_authorized(bank.query(subject, item, citing=grant))


@verifies("AUT-024")
def recipient_has_to_be_admitted(ctx: Context) -> None:
    network = Network(ctx)
    item, subject, bank = restricted_item(ctx), network.subject(), network.institution()
    subject.authorize(bank, item)

    body = subject.authorization_body(network.candidate(), item)
    reply = subject.call("createAuthorization", body)

    expect.status(reply, *REFUSED)
