"""Checks of the part authorization (AUT): access for its parties and their agents."""

from conformance import expect
from conformance.actors import Actor, Network, prepared
from conformance.actors.anonymous import request_token
from conformance.actors.authorizations import recorded_id
from conformance.checks.shared.assertions import REFUSED
from conformance.checks.shared.items import restricted_item
from conformance.checks.verifies import verifies
from conformance.model.context import Context


@verifies("AUT-011")
def subject_lists_all_its_authorizations(ctx: Context) -> None:
    network = Network(ctx, fresh=True)
    item, subject = restricted_item(ctx), network.subject()
    other_subject, bank = network.subject(), network.institution()
    # Of different purposes, so that none takes the place of another.
    granted_by_subject = subject.authorize(bank, item)
    uploaded = bank.upload_authorization(subject, item, purpose="in_loan")
    ended = subject.authorize(bank, item, purpose="post_loan")
    other_subject.authorize(bank, item)
    prepared(subject.revoke(ended), "authorization", 200)

    entries, last = subject.list_authorizations()

    states = {entry.get("authorization_id"): entry.get("state") for entry in entries}
    ids = sorted(str(entry.get("authorization_id")) for entry in entries)
    expect.equal(
        ids,
        sorted((granted_by_subject.id, uploaded.id, ended.id)),
        "reply.body/authorizations/*/authorization_id",
        last,
    )
    expect.equal(states[ended.id], "revoked", "reply.body/authorizations/*/state", last)


@verifies("AUT-012")
def only_its_parties_read_an_authorization(ctx: Context) -> None:
    network = Network(ctx)
    subject, other_subject = network.subject(), network.subject()
    bank, stranger = network.institution(), network.institution()
    grant = subject.authorize(bank, restricted_item(ctx))
    readers: tuple[Actor, ...] = (bank, subject)
    for reader in readers:
        reply = reader.call("getAuthorization", authorization_id=grant.id)
        expect.status(reply, 200)
        identifier = expect.at(reply, "/authorization_id")
        expect.equal(identifier, grant.id, "reply.body/authorization_id", reply)

    strangers: tuple[Actor, ...] = (stranger, other_subject, network.client("hub"))
    for outsider in strangers:
        expect.status(outsider.call("getAuthorization", authorization_id=grant.id), *REFUSED)


@verifies("AUT-018")
def assertion_is_taken_once(ctx: Context) -> None:
    network = Network(ctx)
    assertion = network.subject().assertion("once")
    prepared(request_token(ctx, assertion), "docking", 200)

    reply = request_token(ctx, assertion)

    expect.status(reply, *REFUSED)


@verifies("AUT-018")
def agent_of_two_subjects_keeps_them_apart(ctx: Context) -> None:
    network = Network(ctx)
    subject, other_subject, bank = network.subject(), network.subject(), network.institution()
    agent = subject.represented("own", agent="same-person")
    agent_of_other = other_subject.represented("elsewhere", agent="same-person")
    body = subject.authorization_body(bank, restricted_item(ctx))
    identifier = recorded_id(agent.call("createAuthorization", body))

    expect.status(agent_of_other.call("getAuthorization", authorization_id=identifier), *REFUSED)
    expect.status(agent_of_other.revoke(identifier), *REFUSED)
    entries, last = agent_of_other.list_authorizations()

    ids = [entry.get("authorization_id") for entry in entries]
    expect.equal(ids, [], "reply.body/authorizations/*/authorization_id", last)
    authorization = prepared(
        agent.call("getAuthorization", authorization_id=identifier), "authorization", 200
    )
    expect.contains(("active", "pending"), authorization.get("state"), "reply.body/state", last)
