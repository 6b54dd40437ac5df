"""Checks of the part admission (ADM): only admitted institutions are served, and only while they are."""

from dataclasses import replace
from typing import Any

from conformance import expect
from conformance.actors import Network, prepared
from conformance.actors.actor import preparing
from conformance.actors.authorizations import recorded_id
from conformance.actors.institution import Institution
from conformance.checks.shared.assertions import REFUSED
from conformance.checks.shared.items import public_item, restricted_item
from conformance.checks.verifies import verifies
from conformance.model.context import Context
from conformance.model.text import Message
from conformance.model.wire import Reply


@verifies("ADM-001")
def institution_without_admission_gets_no_token(ctx: Context) -> None:
    network = Network(ctx)
    admitted, stranger = network.institution(), network.candidate()
    prepared(admitted.request_token("good"), "admission", 200)

    reply = stranger.request_token("bad")

    expect.status(reply, *REFUSED)


@verifies("ADM-002")
def admission_reads_back_as_made(ctx: Context) -> None:
    network = Network(ctx)
    institution = network.institution()

    reply = network.hub.read_admission(institution)

    expect.status(reply, 200)
    admitted = expect.json_object(reply)
    expect.equal(admitted.get("institution_id"), institution.id, "reply.body/institution_id", reply)
    for member in ("name", "uscc", "class"):
        expect.equal(admitted.get(member), institution.body[member], f"reply.body/{member}", reply)
    expect.equal(admitted.get("status"), "active", "reply.body/status", reply)


@verifies("ADM-002")
def status_reads_back_as_changed(ctx: Context) -> None:
    network = Network(ctx)
    institution = network.institution()

    for status in ("suspended", "active"):
        prepared(network.hub.set_status(institution, status), "admission", 200)
        reply = network.hub.read_admission(institution)
        expect.status(reply, 200)
        expect.equal(expect.json_object(reply).get("status"), status, "reply.body/status", reply)


@verifies("ADM-003")
def suspension_stops_tokens_already_issued(ctx: Context) -> None:
    network = Network(ctx)
    item, subject, bank = public_item(ctx), network.subject(), network.institution()
    network.provider.store(item, subject)
    bank.positive_control(subject, item)

    expect.status(network.hub.set_status(bank, "suspended"), 200)
    limit = float(ctx.standard.parameter("ADM-003", "suspension_effect_seconds").value)
    refusal = ctx.wait_until(lambda: refusal_or_none(bank.query(subject, item)), limit)

    # Not asked again after a refusal: with 401 the token is gone, and no other one can be had.
    expect.status(refusal or bank.query(subject, item), 401, 403)


@verifies("ADM-003")
def suspended_institution_uploads_no_authorization(ctx: Context) -> None:
    network = Network(ctx)
    item, subject, bank = restricted_item(ctx), network.subject(), network.institution()
    bank.upload_authorization(subject, item)
    prepared(network.hub.set_status(bank, "suspended"), "admission", 200)

    def upload() -> Reply | None:
        body = bank.upload_body(subject, item)
        return refusal_or_none(bank.call("createAuthorization", body))

    limit = float(ctx.standard.parameter("ADM-003", "suspension_effect_seconds").value)
    refused = ctx.wait_until(upload, limit)

    expect.true(refused, Message("checks.still_served", {"seconds": limit}), where="reply.status")


def refusal_or_none(reply: Reply) -> Reply | None:
    return reply if reply.status in (401, 403) else None


@verifies("ADM-004")
def institutions_are_admitted_only_by_the_hub(ctx: Context) -> None:
    network = Network(ctx)
    bank = network.institution()

    for party in (bank, network.client("provider")):
        candidate = network.candidate()
        expect.status(network.hub.impersonated_by(party).admit(candidate), *REFUSED)
        expect.status(network.hub.read_admission(candidate), *REFUSED)


@verifies("ADM-004")
def status_is_changed_only_by_the_hub(ctx: Context) -> None:
    network = Network(ctx)
    bank, other_bank = network.institution(), network.institution()

    for party in (bank, network.client("provider")):
        expect.status(network.hub.impersonated_by(party).set_status(other_bank, "suspended"), *REFUSED)
        reply = network.hub.read_admission(other_bank)
        expect.status(reply, 200)
        expect.equal(expect.json_object(reply).get("status"), "active", "reply.body/status", reply)


@verifies("ADM-005", needs=("credit-service-agencies",))
def credit_service_agency_uploads_no_authorization(ctx: Context) -> None:
    network = Network(ctx)
    subject, bank, agency = network.subject(), network.institution(), network.institution("credit_service")
    item = restricted_item(ctx)
    bank_body = bank.upload_body(subject, item)
    recorded_id(bank.call("createAuthorization", bank_body))

    body = agency.upload_body(subject, item)
    reply = agency.call("createAuthorization", body)

    expect.status(reply, *REFUSED)


def in_class(institution: Institution, network: Network, cls: str) -> Institution:
    """The institution as an admission in another class states it."""
    candidate = network.candidate(cls)
    own = {name: institution.body[name] for name in ("name", "uscc", "jwks")}
    return replace(institution, cls=cls, body={**candidate.body, **own})


def with_statements(institution: Institution, **stated: Any) -> Institution:
    return replace(institution, body={**institution.body, **stated})


@verifies("ADM-006", expand=lambda _: ("class", "check-character", "address"))
def faulty_admission_is_refused(ctx: Context) -> None:
    network = Network(ctx)
    admitted, candidate = network.institution(), network.candidate()

    fault = ctx.case.parameter
    if fault == "class":
        reply = network.hub.admit(with_statements(candidate, **{"class": "pawnshop"}), valid=False)
    elif fault == "check-character":
        wrong = other_check_character(candidate.id)
        reply = network.hub.admit(replace(with_statements(candidate, uscc=wrong), id=wrong), valid=False)
    else:
        reply = network.hub.admit(with_statements(candidate, uscc=admitted.id))

    expect.status(reply, *REFUSED, 409)


def other_check_character(uscc: str) -> str:
    return uscc[:-1] + ("0" if uscc[-1] != "0" else "1")


@verifies("ADM-007", needs=("institutions.2",))
def former_key_is_refused(ctx: Context) -> None:
    network = Network(ctx)
    bank = network.institution()
    new = next(key for key in ctx.target.institution_keys if key != bank.key)
    prepared(bank.request_token("before"), "admission", 200)

    jwks = {"keys": [dict(ctx.target.public_keys[new])]}
    prepared(network.hub.admit(with_statements(bank, jwks=jwks)), "admission", 200, 201)

    prepared(replace(bank, key=new).request_token("new"), "admission", 200)
    reply = bank.request_token("former")
    expect.status(reply, *REFUSED)


@verifies("ADM-008", needs=("guarantee-institutions",))
def class_change_reaches_tokens_already_issued(ctx: Context) -> None:
    network = Network(ctx)
    item, subject, bank = public_item(ctx), network.subject(), network.institution()
    network.provider.store(item, subject)
    before = bank.positive_control(subject, item)
    with preparing("query"):
        expect.equal(expect.at(before, "/audience"), "financial_institution", "reply.body/audience", before)

    prepared(network.hub.admit(in_class(bank, network, "guarantee")), "admission", 200, 201)

    def new_class_or_refusal() -> Reply | None:
        reply = bank.query(subject, item)
        in_new_class = reply.status == 200 and expect.at(reply, "/audience") == "guarantee_institution"
        return reply if in_new_class else refusal_or_none(reply)

    limit = float(ctx.standard.parameter("ADM-008", "class_effect_seconds").value)
    reply = ctx.wait_until(new_class_or_refusal, limit)
    expect.true(reply, Message("checks.still_served", {"seconds": limit}), where="reply.body/audience")


@verifies("ADM-009")
def withdrawal_is_final(ctx: Context) -> None:
    network = Network(ctx)
    bank = network.institution()
    prepared(network.hub.set_status(bank, "withdrawn"), "admission", 200)

    expect.status(network.hub.set_status(bank, "active"), 409)
    expect.status(bank.request_token("withdrawn"), *REFUSED)


@verifies("ADM-009")
def withdrawn_institution_returns_by_a_new_admission(ctx: Context) -> None:
    network = Network(ctx)
    bank = network.institution()
    prepared(network.hub.set_status(bank, "withdrawn"), "admission", 200)

    expect.status(network.hub.admit(bank), 200, 201)

    reply = network.hub.read_admission(bank)
    expect.equal(expect.json_object(reply).get("status"), "active", "reply.body/status", reply)
    expect.status(bank.request_token("again"), 200)


@verifies("ADM-010", needs=("guarantee-institutions",))
def guarantee_institution_is_served_as_one(ctx: Context) -> None:
    network = Network(ctx)
    item, subject, guarantor = restricted_item(ctx), network.subject(), network.institution("guarantee")
    network.provider.store(item, subject)

    body = subject.authorization_body(guarantor, item, purpose="guarantee")
    created = subject.call("createAuthorization", body)
    expect.status(created, 201)
    identifier = expect.at(created, "/authorization_id", str)
    reply = guarantor.query(subject, item, citing=identifier, purpose="guarantee")

    expect.status(reply, 200)
    expect.equal(expect.at(reply, "/audience"), "guarantee_institution", "reply.body/audience", reply)
    expect.equal(expect.at(reply, "/results/0/status"), "ok", "reply.body/results/0/status", reply)


@verifies("ADM-010", needs=("guarantee-institutions",))
def guarantee_institution_states_its_license(ctx: Context) -> None:
    network = Network(ctx)
    admitted, candidate = network.institution("guarantee"), network.candidate("guarantee")
    bare = {name: value for name, value in candidate.body.items() if name != "license"}

    reply = network.hub.admit(replace(candidate, body=bare))

    expect.status(reply, *REFUSED)
    admission = network.hub.read_admission(admitted)
    license_ = expect.at(admission, "/license")
    expect.equal(license_, admitted.body["license"], "reply.body/license", admission)


@verifies("ADM-011", expand=lambda _: ("unknown", "withdrawn", "itself"))
def branch_needs_an_admitted_head_office(ctx: Context) -> None:
    network = Network(ctx)
    head, candidate = network.institution(), network.candidate()
    network.institution(head_office=head.id)

    head_offices = {"unknown": network.candidate().id, "withdrawn": head.id, "itself": candidate.id}
    if ctx.case.parameter == "withdrawn":
        prepared(network.hub.set_status(head, "withdrawn"), "admission", 200)
    reply = network.hub.admit(with_statements(candidate, head_office=head_offices[ctx.case.parameter]))

    expect.status(reply, *REFUSED, 409)


@verifies("ADM-011")
def branch_reads_back_with_its_head_office(ctx: Context) -> None:
    network = Network(ctx)
    head = network.institution()
    branch = network.institution(head_office=head.id)

    reply = network.hub.read_admission(branch)

    expect.status(reply, 200)
    expect.equal(expect.json_object(reply).get("head_office"), head.id, "reply.body/head_office", reply)


@verifies("ADM-012", expand=lambda _: ("suspended", "withdrawn"))
def branches_stop_with_their_head_office(ctx: Context) -> None:
    network = Network(ctx)
    item, subject, head = public_item(ctx), network.subject(), network.institution()
    branch = network.institution(head_office=head.id)
    network.provider.store(item, subject)
    branch.positive_control(subject, item)

    prepared(network.hub.set_status(head, ctx.case.parameter), "admission", 200)
    limit = float(ctx.standard.parameter("ADM-012", "suspension_effect_seconds").value)
    refusal = ctx.wait_until(lambda: refusal_or_none(branch.query(subject, item)), limit)

    expect.status(refusal or branch.query(subject, item), 401, 403)
