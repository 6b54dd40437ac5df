"""Checks of the part authorization (AUT): nothing private leaves without the subject's authorization."""

from datetime import timedelta
from typing import Any

from conformance import expect
from conformance.actors import Cast, prepared
from conformance.checks.shared.assertions import (
    REFUSED,
    closed,
    control_raw,
    fields_of,
    in_form,
    moment,
    only_record,
    refused_without_fields,
)
from conformance.checks.shared.items import open_with_person_fields, restricted, restricted_pair
from conformance.checks.verifies import verifies
from conformance.model.context import Context
from conformance.model.shapes import Form
from conformance.model.wire import SubjectToken

SIGNER = {"capacity": "agent", "assurance": "high"}
"""Whom the assertion names: not the usual signer, or a platform that assumes that one would pass."""
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
    cast = Cast(ctx)
    subject, bank = cast.subject(), cast.institution()
    body = cast.authorization_body(subject, bank, (restricted(ctx),))

    created = cast.post_authorization(body, SubjectToken(subject.assertion("agent", **SIGNER)))
    expect.status(created, 201)
    read = cast.read_authorization(expect.at(created, "/authorization_id", str), bank.token)

    expect.status(read, 200)
    recorded = expect.json_object(read)
    for member in RECORDED:
        expect.equal(recorded.get(member), body[member], f"reply.body/{member}", read)
    for member in ("digest_algorithm", "digest"):
        given = expect.at(read, f"/evidence/{member}")
        expect.equal(given, body["evidence"][member], f"reply.body/evidence/{member}", read)
    signed = moment(expect.at(read, "/evidence/signed_at"))
    expect.equal(signed, moment(body["evidence"]["signed_at"]), "reply.body/evidence/signed_at", read)
    ids = expect.at(read, "/subject/ids")
    expect.equal(ids, body["subject"]["ids"], "reply.body/subject/ids", read)
    for member, value in SIGNER.items():
        given = expect.at(read, f"/granted_by/{member}")
        expect.equal(given, value, f"reply.body/granted_by/{member}", read)
    # Evidence may be under review for a while.
    expect.contains(("active", "pending"), recorded.get("state"), "reply.body/state", read)


@verifies("AUT-002")
def restricted_items_stay_closed_without_authorization(ctx: Context) -> None:
    cast = Cast(ctx)
    item, subject, bank = restricted(ctx), cast.subject(), cast.institution()
    cast.opened(item, subject, bank)

    reply = cast.ask(bank.token, subject, (item,))

    refused_without_fields(reply)


@verifies("AUT-003")
def revoked_authorization_stops_disclosure(ctx: Context) -> None:
    cast = Cast(ctx)
    item, subject, bank = restricted(ctx), cast.subject(), cast.institution()
    grant = cast.opened(item, subject, bank)

    expect.status(cast.revoke(subject, grant.id), 200)
    limit = ctx.standard.parameter("AUT-003", "revocation_effect_seconds")
    ctx.wait_until(lambda: closed(cast.ask(bank.token, subject, (item,), (grant,))), float(limit.value))

    refused_without_fields(cast.ask(bank.token, subject, (item,), (grant,)))


@verifies("AUT-004")
def ended_authorization_discloses_nothing(ctx: Context) -> None:
    period = {
        "valid_from": str(ctx.today - timedelta(days=30)),
        "valid_until": str(ctx.today - timedelta(days=1)),
    }
    out_of_period(ctx, period)


@verifies("AUT-004")
def authorization_not_yet_begun_discloses_nothing(ctx: Context) -> None:
    period = {
        "valid_from": str(ctx.today + timedelta(days=2)),
        "valid_until": str(ctx.today + timedelta(days=30)),
    }
    out_of_period(ctx, period)


def out_of_period(ctx: Context, period: dict[str, str]) -> None:
    cast = Cast(ctx)
    item, subject, bank = restricted(ctx), cast.subject(), cast.institution()
    cast.opened(item, subject, bank)

    body = cast.authorization_body(subject, bank, (item,), **period)
    created = cast.post_authorization(body, subject.token())

    # A platform may refuse such a period outright: then there is nothing that could disclose.
    if created.status == 201:
        identifier = expect.at(created, "/authorization_id", str)
        refused_without_fields(cast.ask_with(bank.token, subject, (item,), (identifier,)))
    else:
        expect.status(created, 422)


@verifies("AUT-005")
def authorization_serves_through_its_last_day(ctx: Context) -> None:
    cast = Cast(ctx)
    item, subject, bank = restricted(ctx), cast.subject(), cast.institution()
    cast.opened(item, subject, bank)

    today = str(ctx.today)
    body = cast.authorization_body(subject, bank, (item,), valid_from=today, valid_until=today)
    created = cast.post_authorization(body, subject.token())
    expect.status(created, 201)
    identifier = expect.at(created, "/authorization_id", str)
    reply = cast.ask_with(bank.token, subject, (item,), (identifier,))

    only_record(reply)


@verifies("AUT-006")
def authorization_serves_only_its_recipient(ctx: Context) -> None:
    cast = Cast(ctx)
    item, subject = restricted(ctx), cast.subject()
    bank, other = cast.institution(), cast.institution()
    grant = cast.opened(item, subject, bank)

    reply = cast.ask(other.token, subject, (item,), (grant,))

    refused_without_fields(reply)


@verifies("AUT-006")
def branch_and_head_office_need_authorizations_of_their_own(ctx: Context) -> None:
    cast = Cast(ctx)
    item, subject, head = restricted(ctx), cast.subject(), cast.institution()
    branch = cast.institution(head_office=head.id)
    to_head = cast.opened(item, subject, head)
    to_branch = cast.authorize(subject, branch, item)
    cast.control(branch.token, subject, item, to_branch)

    refused_without_fields(cast.ask(branch.token, subject, (item,), (to_head,)))
    refused_without_fields(cast.ask(head.token, subject, (item,), (to_branch,)))


@verifies("AUT-007")
def authorization_serves_only_its_items(ctx: Context) -> None:
    cast = Cast(ctx)
    (item, other), subject, bank = restricted_pair(ctx), cast.subject(), cast.institution()
    cast.stored(item, subject)
    cast.stored(other, subject)
    grant = cast.authorize(subject, bank, item)
    cast.control(bank.token, subject, item, grant)

    reply = cast.ask(bank.token, subject, (other,), (grant,))

    refused_without_fields(reply)


@verifies("AUT-007")
def authorization_serves_only_its_purpose(ctx: Context) -> None:
    cast = Cast(ctx)
    item, subject, bank = restricted(ctx), cast.subject(), cast.institution()
    grant = cast.opened(item, subject, bank)

    reply = cast.ask(bank.token, subject, (item,), (grant,), purpose="post_loan")

    refused_without_fields(reply)


@verifies("AUT-007")
def authorization_serves_only_its_subject(ctx: Context) -> None:
    cast = Cast(ctx)
    item, subject, other, bank = restricted(ctx), cast.subject(), cast.subject(), cast.institution()
    cast.stored(item, subject)
    cast.stored(item, other)
    grant = cast.authorize(subject, bank, item)
    cast.control(bank.token, subject, item, grant)

    reply = cast.ask(bank.token, other, (item,), (grant,))

    refused_without_fields(reply)


def assertion_faults(_: Any) -> tuple[str, ...]:
    return tuple(FAULTS)


FAULTS: dict[str, dict[str, Any]] = {
    "stranger": {"signer": "stranger"},
    "ended": {"expires_in": -60},
    "other-platform": {"audience": "https://another-platform.invalid"},
}


@verifies("AUT-008", expand=assertion_faults)
def wrong_assertion_authorizes_nothing(ctx: Context) -> None:
    cast = Cast(ctx)
    subject = cast.subject()
    prepared(cast.request_token(subject.assertion("good")), "docking", 200)

    fault = FAULTS[ctx.case.parameter]
    reply = cast.request_token(subject.assertion("bad", **fault))

    expect.status(reply, *REFUSED)


@verifies("AUT-008")
def assertion_opens_only_its_own_subject(ctx: Context) -> None:
    cast = Cast(ctx)
    item, subject, stranger, bank = restricted(ctx), cast.subject(), cast.subject(), cast.institution()
    cast.authorize(subject, bank, item)

    body = cast.authorization_body(subject, bank, (item,))
    reply = cast.post_authorization(body, SubjectToken(stranger.assertion("session")))

    expect.status(reply, *REFUSED)


@verifies("AUT-008")
def institution_uploads_only_for_itself(ctx: Context) -> None:
    cast = Cast(ctx)
    item, subject = restricted(ctx), cast.subject()
    bank, other = cast.institution(), cast.institution()
    body = cast.authorization_body(subject, bank, (item,), origin="institution_upload")
    cast.recorded(cast.post_authorization(body, bank.token))

    reply = cast.post_authorization({**body, "evidence": cast.evidence(ctx.today)}, other.token)

    expect.status(reply, *REFUSED)


@verifies("AUT-008")
def upload_without_evidence_is_refused(ctx: Context) -> None:
    cast = Cast(ctx)
    item, subject, bank = restricted(ctx), cast.subject(), cast.institution()
    body = cast.authorization_body(subject, bank, (item,), origin="institution_upload")
    cast.recorded(cast.post_authorization(body, bank.token))

    bare = {name: value for name, value in body.items() if name != "evidence"}
    reply = cast.post_authorization(bare, bank.token, valid=False)

    expect.status(reply, *REFUSED)


@verifies("AUT-009")
def persons_fields_need_the_persons_own_authorization(ctx: Context) -> None:
    cast = Cast(ctx)
    (item, field), subject, bank = open_with_person_fields(ctx), cast.subject(), cast.institution()
    person, record = cast.record_of_person(item, field, subject)
    enterprise = cast.authorize(subject, bank, item)
    own = cast.authorize(person, bank, item)
    opened = cast.control(bank.token, subject, item, enterprise, own)
    control_raw(fields_of(opened), field.name, record["content"][field.name])

    reply = cast.control(bank.token, subject, item, enterprise)

    in_form(fields_of(reply), field.name, Form.WITHHELD, reply)


@verifies("AUT-009")
def one_persons_consent_opens_nobody_else(ctx: Context) -> None:
    cast = Cast(ctx)
    (item, field), subject, bank = open_with_person_fields(ctx), cast.subject(), cast.institution()
    person, record = cast.record_of_person(item, field, subject)
    enterprise = cast.authorize(subject, bank, item)
    own = cast.authorize(person, bank, item)
    opened = cast.control(bank.token, subject, item, enterprise, own)
    control_raw(fields_of(opened), field.name, record["content"][field.name])

    other = cast.authorize(cast.subject("natural_person"), bank, item)
    reply = cast.control(bank.token, subject, item, enterprise, other)

    in_form(fields_of(reply), field.name, Form.WITHHELD, reply)


@verifies("AUT-010")
def revocation_takes_one_repeatable_request(ctx: Context) -> None:
    cast = Cast(ctx)
    subject, bank = cast.subject(), cast.institution()
    grant = cast.authorize(subject, bank, restricted(ctx))

    replies = cast.revoke(subject, grant.id), cast.revoke(subject, grant.id)

    for reply in (*replies, cast.read_authorization(grant.id, bank.token)):
        expect.status(reply, 200)
        expect.equal(expect.json_object(reply).get("state"), "revoked", "reply.body/state", reply)
