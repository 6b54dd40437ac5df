"""Checks of the part authorization (AUT): nothing private leaves without the subject's authorization."""

from datetime import timedelta
from typing import Any

from conformance import expect
from conformance.actors import Network, prepared
from conformance.actors.authorizations import evidence, recorded_id
from conformance.checks.shared.assertions import (
    REFUSED,
    fields_of,
    is_closed,
    moment,
    only_record,
    require_form,
    require_not_authorized,
    require_raw_control,
)
from conformance.checks.shared.items import open_item_with_person_field, restricted_item, two_restricted_items
from conformance.checks.verifies import verifies
from conformance.model.context import Context
from conformance.model.shapes import Form

SIGNER = {"capacity": "agent", "assurance": "high"}
"""Claims of the assertion: not those of the usual signer, or a platform that assumes that one would pass."""
RECORDED = (
    "recipient",
    "purpose",
    "items",
    "valid_from",
    "valid_until",
    "text_version",
    "origin",
)


@verifies("AUT-001")
def authorization_reads_back_as_given(ctx: Context) -> None:
    network = Network(ctx)
    subject, bank = network.subject(), network.institution()
    body = subject.authorization_body(bank, restricted_item(ctx))

    created = subject.represented("agent", **SIGNER).call("createAuthorization", body)
    expect.status(created, 201)
    reply = bank.call("getAuthorization", authorization_id=expect.at(created, "/authorization_id", str))

    expect.status(reply, 200)
    recorded = expect.json_object(reply)
    for member in RECORDED:
        expect.equal(recorded.get(member), body[member], f"reply.body/{member}", reply)
    for member in ("digest_algorithm", "digest"):
        recorded_value = expect.at(reply, f"/evidence/{member}")
        expect.equal(recorded_value, body["evidence"][member], f"reply.body/evidence/{member}", reply)
    signed = moment(expect.at(reply, "/evidence/signed_at"))
    expect.equal(signed, moment(body["evidence"]["signed_at"]), "reply.body/evidence/signed_at", reply)
    ids = expect.at(reply, "/subject/ids")
    expect.equal(ids, body["subject"]["ids"], "reply.body/subject/ids", reply)
    for member, value in SIGNER.items():
        recorded_value = expect.at(reply, f"/granted_by/{member}")
        expect.equal(recorded_value, value, f"reply.body/granted_by/{member}", reply)
    # Evidence may be under review for a while.
    expect.contains(("active", "pending"), recorded.get("state"), "reply.body/state", reply)


@verifies("AUT-002")
def restricted_items_stay_closed_without_authorization(ctx: Context) -> None:
    network = Network(ctx)
    item, subject, bank = restricted_item(ctx), network.subject(), network.institution()
    network.effective_grant(item, subject, bank)

    reply = bank.query(subject, item)

    require_not_authorized(reply)


@verifies("AUT-003")
def revoked_authorization_stops_disclosure(ctx: Context) -> None:
    network = Network(ctx)
    item, subject, bank = restricted_item(ctx), network.subject(), network.institution()
    grant = network.effective_grant(item, subject, bank)

    expect.status(subject.revoke(grant), 200)
    limit = ctx.standard.parameter("AUT-003", "revocation_effect_seconds")
    ctx.wait_until(lambda: is_closed(bank.query(subject, item, citing=grant)), float(limit.value))

    require_not_authorized(bank.query(subject, item, citing=grant))


@verifies("AUT-004")
def ended_authorization_discloses_nothing(ctx: Context) -> None:
    period = {
        "valid_from": str(ctx.today - timedelta(days=30)),
        "valid_until": str(ctx.today - timedelta(days=1)),
    }
    require_nothing_disclosed(ctx, period)


@verifies("AUT-004")
def authorization_not_yet_begun_discloses_nothing(ctx: Context) -> None:
    period = {
        "valid_from": str(ctx.today + timedelta(days=2)),
        "valid_until": str(ctx.today + timedelta(days=30)),
    }
    require_nothing_disclosed(ctx, period)


def require_nothing_disclosed(ctx: Context, period: dict[str, str]) -> None:
    network = Network(ctx)
    item, subject, bank = restricted_item(ctx), network.subject(), network.institution()
    network.effective_grant(item, subject, bank)

    body = subject.authorization_body(bank, item, **period)
    created = subject.call("createAuthorization", body)

    # A platform may refuse such a period outright: then there is nothing that could disclose.
    if created.status == 201:
        identifier = expect.at(created, "/authorization_id", str)
        require_not_authorized(bank.query(subject, item, citing=identifier))
    else:
        expect.status(created, 422)


@verifies("AUT-005")
def authorization_serves_through_its_last_day(ctx: Context) -> None:
    network = Network(ctx)
    item, subject, bank = restricted_item(ctx), network.subject(), network.institution()
    network.effective_grant(item, subject, bank)

    today = str(ctx.today)
    body = subject.authorization_body(bank, item, valid_from=today, valid_until=today)
    created = subject.call("createAuthorization", body)
    expect.status(created, 201)
    identifier = expect.at(created, "/authorization_id", str)
    reply = bank.query(subject, item, citing=identifier)

    only_record(reply)


@verifies("AUT-006")
def authorization_serves_only_its_recipient(ctx: Context) -> None:
    network = Network(ctx)
    item, subject = restricted_item(ctx), network.subject()
    bank, other_bank = network.institution(), network.institution()
    grant = network.effective_grant(item, subject, bank)

    reply = other_bank.query(subject, item, citing=grant)

    require_not_authorized(reply)


@verifies("AUT-006")
def branch_and_head_office_need_authorizations_of_their_own(ctx: Context) -> None:
    network = Network(ctx)
    item, subject, head = restricted_item(ctx), network.subject(), network.institution()
    branch = network.institution(head_office=head.id)
    to_head = network.effective_grant(item, subject, head)
    to_branch = subject.authorize(branch, item)
    branch.positive_control(subject, item, citing=to_branch)

    require_not_authorized(branch.query(subject, item, citing=to_head))
    require_not_authorized(head.query(subject, item, citing=to_branch))


@verifies("AUT-007")
def authorization_serves_only_its_items(ctx: Context) -> None:
    network = Network(ctx)
    (item, other_item), subject, bank = two_restricted_items(ctx), network.subject(), network.institution()
    network.provider.store(item, subject)
    network.provider.store(other_item, subject)
    grant = subject.authorize(bank, item)
    bank.positive_control(subject, item, citing=grant)

    reply = bank.query(subject, other_item, citing=grant)

    require_not_authorized(reply)


@verifies("AUT-007")
def authorization_serves_only_its_purpose(ctx: Context) -> None:
    network = Network(ctx)
    item, subject, bank = restricted_item(ctx), network.subject(), network.institution()
    grant = network.effective_grant(item, subject, bank)

    reply = bank.query(subject, item, citing=grant, purpose="post_loan")

    require_not_authorized(reply)


@verifies("AUT-007")
def authorization_serves_only_its_subject(ctx: Context) -> None:
    network = Network(ctx)
    item, subject = restricted_item(ctx), network.subject()
    other_subject, bank = network.subject(), network.institution()
    network.provider.store(item, subject)
    network.provider.store(item, other_subject)
    grant = subject.authorize(bank, item)
    bank.positive_control(subject, item, citing=grant)

    reply = bank.query(other_subject, item, citing=grant)

    require_not_authorized(reply)


def assertion_faults(_: Any) -> tuple[str, ...]:
    return tuple(FAULTS)


FAULTS: dict[str, dict[str, Any]] = {
    "stranger": {"signer": "stranger"},
    "ended": {"expires_in": -60},
    "other-platform": {"audience": "https://another-platform.invalid"},
}


@verifies("AUT-008", expand=assertion_faults)
def wrong_assertion_authorizes_nothing(ctx: Context) -> None:
    network = Network(ctx)
    subject = network.subject()
    prepared(subject.request_token("good"), "docking", 200)

    fault = FAULTS[ctx.case.parameter]
    reply = subject.request_token("bad", **fault)

    expect.status(reply, *REFUSED)


@verifies("AUT-008")
def assertion_opens_only_its_own_subject(ctx: Context) -> None:
    network = Network(ctx)
    item, subject = restricted_item(ctx), network.subject()
    stranger, bank = network.subject(), network.institution()
    subject.authorize(bank, item)

    body = subject.authorization_body(bank, item)
    reply = stranger.call("createAuthorization", body)

    expect.status(reply, *REFUSED)


@verifies("AUT-008")
def institution_uploads_only_for_itself(ctx: Context) -> None:
    network = Network(ctx)
    item, subject = restricted_item(ctx), network.subject()
    bank, other_bank = network.institution(), network.institution()
    body = bank.upload_body(subject, item)
    recorded_id(bank.call("createAuthorization", body))

    reply = other_bank.call("createAuthorization", {**body, "evidence": evidence(ctx)})

    expect.status(reply, *REFUSED)


@verifies("AUT-008")
def upload_without_evidence_is_refused(ctx: Context) -> None:
    network = Network(ctx)
    item, subject, bank = restricted_item(ctx), network.subject(), network.institution()
    body = bank.upload_body(subject, item)
    recorded_id(bank.call("createAuthorization", body))

    bare = {name: value for name, value in body.items() if name != "evidence"}
    reply = bank.call("createAuthorization", bare, valid=False)

    expect.status(reply, *REFUSED)


@verifies("AUT-009")
def persons_fields_need_the_persons_own_authorization(ctx: Context) -> None:
    network = Network(ctx)
    (item, field), subject, bank = open_item_with_person_field(ctx), network.subject(), network.institution()
    person, record = network.provider.record_of_person(item, field, subject)
    enterprise = subject.authorize(bank, item)
    consent = person.authorize(bank, item)
    control = bank.positive_control(subject, item, citing=(enterprise, consent))
    require_raw_control(fields_of(control), field.name, record["content"][field.name])

    reply = bank.positive_control(subject, item, citing=enterprise)

    require_form(fields_of(reply), field.name, Form.WITHHELD, reply)


@verifies("AUT-009")
def one_persons_consent_opens_nobody_else(ctx: Context) -> None:
    network = Network(ctx)
    (item, field), subject, bank = open_item_with_person_field(ctx), network.subject(), network.institution()
    person, record = network.provider.record_of_person(item, field, subject)
    enterprise = subject.authorize(bank, item)
    consent = person.authorize(bank, item)
    control = bank.positive_control(subject, item, citing=(enterprise, consent))
    require_raw_control(fields_of(control), field.name, record["content"][field.name])

    unrelated_consent = network.subject("natural_person").authorize(bank, item)
    reply = bank.positive_control(subject, item, citing=(enterprise, unrelated_consent))

    require_form(fields_of(reply), field.name, Form.WITHHELD, reply)


@verifies("AUT-010")
def revocation_takes_one_repeatable_request(ctx: Context) -> None:
    network = Network(ctx)
    subject, bank = network.subject(), network.institution()
    grant = subject.authorize(bank, restricted_item(ctx))

    replies = subject.revoke(grant), subject.revoke(grant)

    for reply in (*replies, bank.call("getAuthorization", authorization_id=grant.id)):
        expect.status(reply, 200)
        expect.equal(expect.json_object(reply).get("state"), "revoked", "reply.body/state", reply)
