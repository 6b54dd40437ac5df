"""The life of an authorization: it begins, ends, is replaced or lapses, and what has ended stays so."""

from datetime import timedelta

from conformance import expect
from conformance.actors import Cast, prepared
from conformance.actors.institution import Institution
from conformance.actors.subject import Subject
from conformance.checks.shared.assertions import REFUSED, only_record, refused_without_fields
from conformance.checks.shared.items import restricted, restricted_pair
from conformance.checks.verifies import verifies
from conformance.model.context import Context
from conformance.model.shapes import Item
from conformance.model.wire import Credential

STATE = "reply.body/state"


def in_state(cast: Cast, identifier: str, credential: Credential, *states: str) -> None:
    """The authorization reads in one of these states."""
    reply = cast.read_authorization(identifier, credential)
    expect.status(reply, 200)
    expect.contains(states, expect.json_object(reply).get("state"), STATE, reply)


def days(ctx: Context, first: int, last: int) -> dict[str, str]:
    """A period by its distance from today."""
    return {
        "valid_from": str(ctx.today + timedelta(days=first)),
        "valid_until": str(ctx.today + timedelta(days=last)),
    }


@verifies("AUT-022")
def state_follows_the_calendar(ctx: Context) -> None:
    cast = Cast(ctx)
    item, subject, bank = restricted(ctx), cast.subject(), cast.institution()
    now = cast.authorize(subject, bank, item)
    later = cast.authorize(subject, bank, item, purpose="in_loan", **days(ctx, 2, 30))
    body = cast.authorization_body(subject, bank, (item,), purpose="post_loan", **days(ctx, -30, -1))
    past = cast.post_authorization(body, subject.token())

    # Evidence may be under review for a while.
    in_state(cast, now.id, bank.token, "active", "pending")
    in_state(cast, later.id, bank.token, "pending")
    # A period that has passed may be refused outright.
    if past.status == 201:
        in_state(cast, expect.at(past, "/authorization_id", str), bank.token, "expired", "rejected")
    else:
        expect.status(past, 422)


@verifies("AUT-022")
def ended_authorization_keeps_its_state(ctx: Context) -> None:
    cast = Cast(ctx)
    item, subject, bank = restricted(ctx), cast.subject(), cast.institution()
    revoked = cast.authorize(subject, bank, item)
    prepared(cast.revoke(subject, revoked.id), "authorization", 200)
    old = cast.authorize(subject, bank, item)
    new = cast.opened(item, subject, bank)

    in_state(cast, revoked.id, bank.token, "revoked")
    in_state(cast, new.id, bank.token, "active")
    expect.status(cast.revoke(subject, old.id), 200)
    in_state(cast, old.id, bank.token, "superseded")


@verifies("AUT-023")
def newer_authorization_supersedes_what_it_covers(ctx: Context) -> None:
    cast, subject, bank, (item, other) = scene(ctx)
    old = cast.opened(item, subject, bank)

    new = cast.authorize(subject, bank, item, other)
    cast.control(bank.token, subject, item, new)

    refused_without_fields(cast.ask(bank.token, subject, (item,), (old,)))
    in_state(cast, old.id, bank.token, "superseded")


@verifies("AUT-023")
def narrower_authorization_leaves_the_wider_one(ctx: Context) -> None:
    cast, subject, bank, (item, other) = scene(ctx)
    cast.stored(item, subject)
    wide = cast.authorize(subject, bank, item, other)
    cast.control(bank.token, subject, item, wide)

    cast.control(bank.token, subject, item, cast.authorize(subject, bank, item))

    only_record(cast.ask(bank.token, subject, (item,), (wide,)))
    in_state(cast, wide.id, bank.token, "active")


@verifies("AUT-023")
def later_authorization_waits_for_its_first_day(ctx: Context) -> None:
    cast, subject, bank, (item, _) = scene(ctx)
    old = cast.opened(item, subject, bank)

    cast.authorize(subject, bank, item, **days(ctx, 2, 30))

    only_record(cast.ask(bank.token, subject, (item,), (old,)))
    in_state(cast, old.id, bank.token, "active")


@verifies("AUT-023")
def superseded_authorization_does_not_come_back(ctx: Context) -> None:
    cast, subject, bank, (item, _) = scene(ctx)
    old = cast.opened(item, subject, bank)
    new = cast.authorize(subject, bank, item)
    cast.control(bank.token, subject, item, new)

    prepared(cast.revoke(subject, new.id), "authorization", 200)

    refused_without_fields(cast.ask(bank.token, subject, (item,), (old,)))
    in_state(cast, old.id, bank.token, "superseded")


def scene(ctx: Context) -> tuple[Cast, Subject, Institution, tuple[Item, Item]]:
    cast = Cast(ctx)
    return cast, cast.subject(), cast.institution(), restricted_pair(ctx)


@verifies("AUT-024")
def authorization_lapses_with_its_recipient(ctx: Context) -> None:
    cast = Cast(ctx)
    item, subject, bank = restricted(ctx), cast.subject(), cast.institution()
    grant = cast.opened(item, subject, bank)

    prepared(cast.set_status(bank, "withdrawn"), "admission", 200)

    in_state(cast, grant.id, subject.token(), "lapsed")


@verifies("AUT-024")
def new_admission_revives_no_authorization(ctx: Context) -> None:
    cast = Cast(ctx)
    item, subject, bank = restricted(ctx), cast.subject(), cast.institution()
    grant = cast.opened(item, subject, bank)
    prepared(cast.set_status(bank, "withdrawn"), "admission", 200)
    prepared(cast.put_institution(bank), "admission", 200, 201)

    # The token from before may have ended; the next request then takes a new one.
    cast.ask(bank.token, subject, (item,))
    # Of another purpose, so that it takes the place of nothing.
    new = cast.authorize(subject, bank, item, purpose="in_loan")
    cast.control(bank.token, subject, item, new, purpose="in_loan")

    refused_without_fields(cast.ask(bank.token, subject, (item,), (grant,)))


@verifies("AUT-024")
def recipient_has_to_be_admitted(ctx: Context) -> None:
    cast = Cast(ctx)
    item, subject, bank = restricted(ctx), cast.subject(), cast.institution()
    cast.authorize(subject, bank, item)

    body = cast.authorization_body(subject, cast.candidate(), (item,))
    reply = cast.post_authorization(body, subject.token())

    expect.status(reply, *REFUSED)
