"""Who may see and touch an authorization: its parties, and an agent for one subject at a time."""

from conformance import expect
from conformance.actors import Cast, prepared
from conformance.checks.shared.assertions import REFUSED
from conformance.checks.shared.items import restricted
from conformance.checks.verifies import verifies
from conformance.model.context import Context
from conformance.model.wire import SubjectToken


@verifies("AUT-011")
def subject_lists_all_its_authorizations(ctx: Context) -> None:
    cast = Cast(ctx, fresh=True)
    item, subject, other, bank = restricted(ctx), cast.subject(), cast.subject(), cast.institution()
    # Of different purposes, so that none takes the place of another.
    given = cast.authorize(subject, bank, item)
    uploaded = cast.uploaded(subject, bank, item, purpose="in_loan")
    ended = cast.authorize(subject, bank, item, purpose="post_loan")
    cast.authorize(other, bank, item)
    prepared(cast.revoke(subject, ended.id), "authorization", 200)

    entries, last = cast.list_authorizations(subject.token())

    states = {entry.get("authorization_id"): entry.get("state") for entry in entries}
    ids = sorted(str(entry.get("authorization_id")) for entry in entries)
    expect.equal(
        ids, sorted((given.id, uploaded.id, ended.id)), "reply.body/authorizations/*/authorization_id", last
    )
    expect.equal(states[ended.id], "revoked", "reply.body/authorizations/*/state", last)


@verifies("AUT-012")
def only_its_parties_read_an_authorization(ctx: Context) -> None:
    cast = Cast(ctx)
    subject, other = cast.subject(), cast.subject()
    bank, stranger = cast.institution(), cast.institution()
    grant = cast.authorize(subject, bank, restricted(ctx))
    for party in (bank.token, subject.token()):
        read = cast.read_authorization(grant.id, party)
        expect.status(read, 200)
        identifier = expect.at(read, "/authorization_id")
        expect.equal(identifier, grant.id, "reply.body/authorization_id", read)

    for credential in (stranger.token, other.token(), cast.client("hub")):
        expect.status(cast.read_authorization(grant.id, credential), *REFUSED)


@verifies("AUT-018")
def assertion_is_taken_once(ctx: Context) -> None:
    cast = Cast(ctx)
    assertion = cast.subject().assertion("once")
    prepared(cast.request_token(assertion), "docking", 200)

    reply = cast.request_token(assertion)

    expect.status(reply, *REFUSED)


@verifies("AUT-018")
def agent_of_two_subjects_keeps_them_apart(ctx: Context) -> None:
    cast = Cast(ctx)
    subject, other, bank = cast.subject(), cast.subject(), cast.institution()
    own = SubjectToken(subject.assertion("own", agent="same-person"))
    elsewhere = SubjectToken(other.assertion("elsewhere", agent="same-person"))
    body = cast.authorization_body(subject, bank, (restricted(ctx),))
    identifier = cast.recorded(cast.post_authorization(body, own))

    expect.status(cast.read_authorization(identifier, elsewhere), *REFUSED)
    expect.status(cast.revoke_by(elsewhere, identifier), *REFUSED)
    entries, last = cast.list_authorizations(elsewhere)

    ids = [entry.get("authorization_id") for entry in entries]
    expect.equal(ids, [], "reply.body/authorizations/*/authorization_id", last)
    state = prepared(cast.read_authorization(identifier, own), "authorization", 200).get("state")
    expect.contains(("active", "pending"), state, "reply.body/state", last)
