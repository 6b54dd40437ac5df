"""Checks of the part admission (ADM): only admitted institutions are served, and only while they are."""

from dataclasses import replace
from typing import Any

from conformance import expect
from conformance.actors import Cast, prepared
from conformance.actors.actor import preparing
from conformance.actors.institution import Institution
from conformance.checks.shared.assertions import REFUSED
from conformance.checks.shared.items import public, restricted
from conformance.checks.verifies import verifies
from conformance.model.context import Context
from conformance.model.text import Message
from conformance.model.wire import ClientAssertion, Reply


@verifies("ADM-001")
def institution_without_admission_gets_no_token(ctx: Context) -> None:
    cast = Cast(ctx)
    admitted, stranger = cast.institution(), cast.candidate()
    prepared(cast.request_token(ClientAssertion(admitted.id, admitted.key, serial="good")), "admission", 200)

    reply = cast.request_token(ClientAssertion(stranger.id, stranger.key, serial="bad"))

    expect.status(reply, *REFUSED)


@verifies("ADM-002")
def admission_reads_back_as_made(ctx: Context) -> None:
    cast = Cast(ctx)
    institution = cast.institution()

    reply = cast.read_institution(institution)

    expect.status(reply, 200)
    admitted = expect.json_object(reply)
    expect.equal(admitted.get("institution_id"), institution.id, "reply.body/institution_id", reply)
    for member in ("name", "uscc", "class"):
        expect.equal(admitted.get(member), institution.body[member], f"reply.body/{member}", reply)
    expect.equal(admitted.get("status"), "active", "reply.body/status", reply)


@verifies("ADM-002")
def status_reads_back_as_changed(ctx: Context) -> None:
    cast = Cast(ctx)
    institution = cast.institution()

    for status in ("suspended", "active"):
        prepared(cast.set_status(institution, status), "admission", 200)
        reply = cast.read_institution(institution)
        expect.status(reply, 200)
        expect.equal(expect.json_object(reply).get("status"), status, "reply.body/status", reply)


@verifies("ADM-003")
def suspension_stops_tokens_already_issued(ctx: Context) -> None:
    cast = Cast(ctx)
    item, subject, bank = public(ctx), cast.subject(), cast.institution()
    cast.stored(item, subject)
    cast.control(bank.token, subject, item)

    expect.status(cast.set_status(bank, "suspended"), 200)
    limit = float(ctx.standard.parameter("ADM-003", "suspension_effect_seconds").value)
    asked = ctx.wait_until(lambda: turned_away(cast.ask(bank.token, subject, (item,))), limit)

    # Not asked again after a refusal: with 401 the token is gone, and no other one can be had.
    expect.status(asked or cast.ask(bank.token, subject, (item,)), 401, 403)


@verifies("ADM-003")
def suspended_institution_uploads_no_authorization(ctx: Context) -> None:
    cast = Cast(ctx)
    item, subject, bank = restricted(ctx), cast.subject(), cast.institution()
    cast.uploaded(subject, bank, item)
    prepared(cast.set_status(bank, "suspended"), "admission", 200)

    def upload() -> Reply | None:
        body = cast.authorization_body(subject, bank, (item,), origin="institution_upload")
        return turned_away(cast.post_authorization(body, bank.token))

    limit = float(ctx.standard.parameter("ADM-003", "suspension_effect_seconds").value)
    refused = ctx.wait_until(upload, limit)

    expect.true(refused, Message("checks.still_served", {"seconds": limit}), where="reply.status")


def turned_away(reply: Reply) -> Reply | None:
    return reply if reply.status in (401, 403) else None


@verifies("ADM-004")
def institutions_are_admitted_only_by_the_hub(ctx: Context) -> None:
    cast = Cast(ctx)
    bank = cast.institution()

    for credential in (bank.token, cast.client("provider")):
        candidate = cast.candidate()
        expect.status(cast.put_institution(candidate, by=credential), *REFUSED)
        expect.status(cast.read_institution(candidate), *REFUSED)


@verifies("ADM-004")
def status_is_changed_only_by_the_hub(ctx: Context) -> None:
    cast = Cast(ctx)
    bank, other = cast.institution(), cast.institution()

    for credential in (bank.token, cast.client("provider")):
        expect.status(cast.set_status(other, "suspended", by=credential), *REFUSED)
        read = cast.read_institution(other)
        expect.status(read, 200)
        expect.equal(expect.json_object(read).get("status"), "active", "reply.body/status", read)


@verifies("ADM-005", needs=("credit-service-agencies",))
def credit_service_agency_uploads_no_authorization(ctx: Context) -> None:
    cast = Cast(ctx)
    subject, bank, agency = cast.subject(), cast.institution(), cast.institution("credit_service")
    item = restricted(ctx)
    bank_body = cast.authorization_body(subject, bank, (item,), origin="institution_upload")
    cast.recorded(cast.post_authorization(bank_body, bank.token))

    body = cast.authorization_body(subject, agency, (item,), origin="institution_upload")
    reply = cast.post_authorization(body, agency.token)

    expect.status(reply, *REFUSED)


def change_class(institution: Institution, cast: Cast, cls: str) -> Institution:
    """The institution as an admission in another class states it."""
    candidate = cast.candidate(cls)
    own = {name: institution.body[name] for name in ("name", "uscc", "jwks")}
    return replace(institution, cls=cls, body={**candidate.body, **own})


def stating(institution: Institution, **stated: Any) -> Institution:
    return replace(institution, body={**institution.body, **stated})


@verifies("ADM-006", expand=lambda _: ("class", "check-character", "address"))
def faulty_admission_is_refused(ctx: Context) -> None:
    cast = Cast(ctx)
    admitted, candidate = cast.institution(), cast.candidate()

    fault = ctx.case.parameter
    if fault == "class":
        reply = cast.put_institution(stating(candidate, **{"class": "pawnshop"}), valid=False)
    elif fault == "check-character":
        wrong = other_check_character(candidate.id)
        reply = cast.put_institution(replace(stating(candidate, uscc=wrong), id=wrong), valid=False)
    else:
        reply = cast.put_institution(stating(candidate, uscc=admitted.id))

    expect.status(reply, *REFUSED, 409)


def other_check_character(uscc: str) -> str:
    return uscc[:-1] + ("0" if uscc[-1] != "0" else "1")


@verifies("ADM-007", needs=("institutions.2",))
def former_key_is_refused(ctx: Context) -> None:
    cast = Cast(ctx)
    bank = cast.institution()
    new = next(key for key in ctx.target.institution_keys if key != bank.key)
    prepared(cast.request_token(ClientAssertion(bank.id, bank.key, serial="before")), "admission", 200)

    jwks = {"keys": [dict(ctx.target.public_keys[new])]}
    prepared(cast.put_institution(stating(bank, jwks=jwks)), "admission", 200, 201)

    prepared(cast.request_token(ClientAssertion(bank.id, new, serial="new")), "admission", 200)
    reply = cast.request_token(ClientAssertion(bank.id, bank.key, serial="former"))
    expect.status(reply, *REFUSED)


@verifies("ADM-008", needs=("guarantee-institutions",))
def class_change_reaches_tokens_already_issued(ctx: Context) -> None:
    cast = Cast(ctx)
    item, subject, bank = public(ctx), cast.subject(), cast.institution()
    cast.stored(item, subject)
    before = cast.control(bank.token, subject, item)
    with preparing("query"):
        expect.equal(expect.at(before, "/audience"), "financial_institution", "reply.body/audience", before)

    prepared(cast.put_institution(change_class(bank, cast, "guarantee")), "admission", 200, 201)

    def settled() -> Reply | None:
        reply = cast.ask(bank.token, subject, (item,))
        known = reply.status == 200 and expect.at(reply, "/audience") == "guarantee_institution"
        return reply if known else turned_away(reply)

    limit = float(ctx.standard.parameter("ADM-008", "class_effect_seconds").value)
    reply = ctx.wait_until(settled, limit)
    expect.true(reply, Message("checks.still_served", {"seconds": limit}), where="reply.body/audience")


@verifies("ADM-009")
def withdrawal_is_final(ctx: Context) -> None:
    cast = Cast(ctx)
    bank = cast.institution()
    prepared(cast.set_status(bank, "withdrawn"), "admission", 200)

    expect.status(cast.set_status(bank, "active"), 409)
    expect.status(cast.request_token(ClientAssertion(bank.id, bank.key, serial="withdrawn")), *REFUSED)


@verifies("ADM-009")
def withdrawn_institution_returns_by_a_new_admission(ctx: Context) -> None:
    cast = Cast(ctx)
    bank = cast.institution()
    prepared(cast.set_status(bank, "withdrawn"), "admission", 200)

    expect.status(cast.put_institution(bank), 200, 201)

    read = cast.read_institution(bank)
    expect.equal(expect.json_object(read).get("status"), "active", "reply.body/status", read)
    expect.status(cast.request_token(ClientAssertion(bank.id, bank.key, serial="again")), 200)


@verifies("ADM-010", needs=("guarantee-institutions",))
def guarantee_institution_is_served_as_one(ctx: Context) -> None:
    cast = Cast(ctx)
    item, subject, guarantor = restricted(ctx), cast.subject(), cast.institution("guarantee")
    cast.stored(item, subject)

    body = cast.authorization_body(subject, guarantor, (item,), purpose="guarantee")
    created = cast.post_authorization(body, subject.token())
    expect.status(created, 201)
    identifier = expect.at(created, "/authorization_id", str)
    reply = cast.ask_with(guarantor.token, subject, (item,), (identifier,), "guarantee")

    expect.status(reply, 200)
    expect.equal(expect.at(reply, "/audience"), "guarantee_institution", "reply.body/audience", reply)
    expect.equal(expect.at(reply, "/results/0/status"), "ok", "reply.body/results/0/status", reply)


@verifies("ADM-010", needs=("guarantee-institutions",))
def guarantee_institution_states_its_license(ctx: Context) -> None:
    cast = Cast(ctx)
    admitted, candidate = cast.institution("guarantee"), cast.candidate("guarantee")
    bare = {name: value for name, value in candidate.body.items() if name != "license"}

    reply = cast.put_institution(replace(candidate, body=bare))

    expect.status(reply, *REFUSED)
    read = cast.read_institution(admitted)
    given = expect.at(read, "/license")
    expect.equal(given, admitted.body["license"], "reply.body/license", read)


@verifies("ADM-011", expand=lambda _: ("unknown", "withdrawn", "itself"))
def branch_needs_an_admitted_head_office(ctx: Context) -> None:
    cast = Cast(ctx)
    head, candidate = cast.institution(), cast.candidate()
    cast.institution(head_office=head.id)

    named = {"unknown": cast.candidate().id, "withdrawn": head.id, "itself": candidate.id}
    if ctx.case.parameter == "withdrawn":
        prepared(cast.set_status(head, "withdrawn"), "admission", 200)
    reply = cast.put_institution(stating(candidate, head_office=named[ctx.case.parameter]))

    expect.status(reply, *REFUSED, 409)


@verifies("ADM-011")
def branch_reads_back_with_its_head_office(ctx: Context) -> None:
    cast = Cast(ctx)
    head = cast.institution()
    branch = cast.institution(head_office=head.id)

    read = cast.read_institution(branch)

    expect.status(read, 200)
    expect.equal(expect.json_object(read).get("head_office"), head.id, "reply.body/head_office", read)


@verifies("ADM-012", expand=lambda _: ("suspended", "withdrawn"))
def branches_stop_with_their_head_office(ctx: Context) -> None:
    cast = Cast(ctx)
    item, subject, head = public(ctx), cast.subject(), cast.institution()
    branch = cast.institution(head_office=head.id)
    cast.stored(item, subject)
    cast.control(branch.token, subject, item)

    prepared(cast.set_status(head, ctx.case.parameter), "admission", 200)
    limit = float(ctx.standard.parameter("ADM-012", "suspension_effect_seconds").value)
    asked = ctx.wait_until(lambda: turned_away(cast.ask(branch.token, subject, (item,))), limit)

    expect.status(asked or cast.ask(branch.token, subject, (item,)), 401, 403)
