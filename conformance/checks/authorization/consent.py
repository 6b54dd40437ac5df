"""Checks of the part authorization (AUT): scope, text, signer and evidence of a consent."""

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from typing import Any

from conformance import expect
from conformance.actors import Bearer, Network, prepared
from conformance.actors.authorizations import consent_text, consent_texts, evidence, is_in_use, recorded_id
from conformance.actors.institution import Institution
from conformance.actors.subject import Subject
from conformance.checks.shared.assertions import REFUSED, require_not_authorized
from conformance.checks.shared.items import restricted_item, two_restricted_items
from conformance.checks.verifies import verifies
from conformance.model.context import Context
from conformance.model.wire import LiteralToken, Reply

REFUSED_OR_CONFLICT = (*REFUSED, 409)
Changes = Mapping[str, Any]
Change = Callable[[date, int], Changes]

OPEN_ENDED: Mapping[str, Change] = {
    "no-end": lambda _today, _longest: {"valid_until": None},
    "no-items": lambda _today, _longest: {"items": []},
    "all-items": lambda _today, _longest: {"items": ["*"]},
    "unknown-item": lambda _today, _longest: {"items": ["F99-99"]},
    "end-before-begin": lambda today, _longest: {
        "valid_from": str(today + timedelta(days=3)),
        "valid_until": str(today + timedelta(days=2)),
    },
    "no-such-day": lambda today, _longest: {"valid_until": f"{today.year + 1}-02-30"},
    "too-long": lambda today, longest: {"valid_until": str(today + timedelta(days=longest + 1))},
}
INVALID = frozenset({"no-end", "no-items", "all-items", "no-such-day"})
"""Those of them that break the contract as well."""


@verifies("AUT-013", expand=lambda _: tuple(OPEN_ENDED))
def open_ended_authorization_is_refused(ctx: Context) -> None:
    network = Network(ctx)
    item, subject, bank = restricted_item(ctx), network.subject(), network.institution()
    subject.authorize(bank, item)

    name = ctx.case.parameter
    longest = int(ctx.standard.parameter("AUT-013", "maximum_period_days").value)
    body = {**subject.authorization_body(bank, item), **OPEN_ENDED[name](ctx.today, longest)}
    members = {member: value for member, value in body.items() if value is not None}
    reply = subject.call("createAuthorization", members, valid=name not in INVALID)

    expect.status(reply, *REFUSED)


@verifies("AUT-014", expand=lambda _: ("click", "no-form", "other-text"))
def person_consents_to_credit_reporting_only_in_writing(ctx: Context) -> None:
    network = Network(ctx)
    item, person = restricted_item(ctx), network.subject("natural_person")
    bank, agency = network.institution(), network.institution("credit_reporting")
    person.authorize(agency, item)

    form = None if ctx.case.parameter == "no-form" else "click"
    changes: Changes = {"evidence": evidence(ctx, form)}
    if ctx.case.parameter == "other-text":
        changes = {"text_version": consent_text(ctx, person.type, bank.cls).code}
    reply = person.call("createAuthorization", person.authorization_body(agency, item, **changes))

    expect.status(reply, *REFUSED)


@verifies("AUT-015")
def only_texts_in_use_are_taken(ctx: Context) -> None:
    network = Network(ctx)
    item, subject, bank = restricted_item(ctx), network.subject(), network.institution()
    subject.authorize(bank, item)

    versions = [text.code for text in consent_texts(ctx.standard) if not is_in_use(text, ctx.today)]
    for version in (*versions, "no_such_text"):
        body = subject.authorization_body(bank, item, text_version=version)
        expect.status(subject.call("createAuthorization", body), *REFUSED)


@verifies("AUT-016", expand=lambda _: ("natural_person", "enterprise"))
def text_fits_the_type_of_its_subject(ctx: Context) -> None:
    network = Network(ctx)
    item, bank = restricted_item(ctx), network.institution()
    subject = network.subject(ctx.case.parameter)
    subject.authorize(bank, item)

    other_type = "enterprise" if subject.type == "natural_person" else "natural_person"
    text = consent_text(ctx, other_type, bank.cls)
    body = subject.authorization_body(bank, item, text_version=text.code)
    reply = subject.call("createAuthorization", body)

    expect.status(reply, *REFUSED)


@verifies("AUT-017", expand=lambda _: ("natural_person", "enterprise"))
def signer_acts_in_a_fitting_capacity(ctx: Context) -> None:
    network = Network(ctx)
    item, bank = restricted_item(ctx), network.institution()
    subject = network.subject(ctx.case.parameter)
    subject.authorize(bank, item)

    may = ctx.standard.codes["subject_type"].codes[subject.type].properties["signers"]
    for capacity in ctx.standard.codes["capacity"].codes:
        if capacity not in may:
            body = subject.authorization_body(bank, item)
            expect.status(signed_authorization(ctx, subject, body, capacity=capacity), *REFUSED)


@verifies("AUT-017")
def weakly_identified_signer_is_refused(ctx: Context) -> None:
    network = Network(ctx)
    item, subject, bank = restricted_item(ctx), network.subject(), network.institution()
    least = str(ctx.standard.parameter("AUT-017", "minimum_assurance").value)
    body = subject.authorization_body(bank, item)
    recorded_id(signed_authorization(ctx, subject, body, assurance=least))

    levels = list(ctx.standard.codes["assurance"].codes)
    for level in levels[: levels.index(least)]:
        body = subject.authorization_body(bank, item)
        expect.status(signed_authorization(ctx, subject, body, assurance=level), *REFUSED)


def signed_authorization(ctx: Context, subject: Subject, body: Mapping[str, Any], **claims: str) -> Reply:
    """The reply to an authorization by a signer with these claims, or to its refused request for a token."""
    issued = subject.request_token("-".join(claims.values()), **claims)
    if issued.status != 200:
        return issued
    token = LiteralToken(expect.at(issued, "/access_token", str))
    return Bearer(ctx, token=token).call("createAuthorization", body)


@verifies("AUT-020", expand=lambda _: ("subject", "recipient", "items", "purpose", "period"))
def evidence_proves_one_authorization(ctx: Context) -> None:
    network = Network(ctx)
    (item, other_item), subject, bank = two_restricted_items(ctx), network.subject(), network.institution()
    grant = bank.upload_authorization(subject, item)

    body, recipient = with_old_evidence(network, ctx.case.parameter, grant.body, bank, other_item.code)
    reply = recipient.call("createAuthorization", body)

    expect.status(reply, *REFUSED_OR_CONFLICT)


def with_old_evidence(
    network: Network, aspect: str, body: Mapping[str, Any], bank: Institution, item: str
) -> tuple[dict[str, Any], Institution]:
    """The authorization with one aspect changed and the evidence of before, and its recipient."""
    if aspect == "recipient":
        bank = network.institution()
    last = date.fromisoformat(body["valid_until"])
    changes: Mapping[str, Callable[[], Changes]] = {
        "subject": lambda: {"subject": network.subject().named_reference},
        "recipient": lambda: {"recipient": bank.id},
        "items": lambda: {"items": [*body["items"], item]},
        "purpose": lambda: {"purpose": "post_loan"},
        "period": lambda: {"valid_until": str(last + timedelta(days=30))},
    }
    return {**body, **changes[aspect]()}, bank


@verifies("AUT-021", expand=lambda _: ("signed-in-future", "no-digest"))
def impossible_evidence_opens_nothing(ctx: Context) -> None:
    network = Network(ctx)
    item, subject, bank = restricted_item(ctx), network.subject(), network.institution()
    network.provider.store(item, subject)
    bank.positive_control(subject, item, citing=bank.upload_authorization(subject, item))

    impossible = evidence(ctx)
    if ctx.case.parameter == "no-digest":
        impossible |= {"digest": "0" * 64}
    else:
        impossible |= {"signed_at": f"{ctx.today + timedelta(days=2)}T00:00:00+08:00"}
    body = bank.upload_body(subject, item, evidence=impossible, purpose="post_loan")
    reply = bank.call("createAuthorization", body)

    if reply.status != 201:
        return expect.status(reply, *REFUSED_OR_CONFLICT)
    # Under review it may be pending, as long as nothing rests on it.
    expect.contains(("rejected", "pending"), expect.at(reply, "/state"), "reply.body/state", reply)
    identifier = expect.at(reply, "/authorization_id", str)
    require_not_authorized(bank.query(subject, item, citing=identifier, purpose="post_loan"))
    return None


@verifies("AUT-019")
def repeated_request_gives_the_same_authorization(ctx: Context) -> None:
    network = Network(ctx)
    subject, bank, key = network.subject(), network.institution(), network.new_key()
    body = subject.authorization_body(bank, restricted_item(ctx))
    first = prepared(subject.call("createAuthorization", body, key=key), "authorization", 201)

    repeated = subject.call("createAuthorization", body, key=key)

    expect.status(repeated, 200, 201)
    identifier = expect.at(repeated, "/authorization_id")
    expect.equal(identifier, first["authorization_id"], "reply.body/authorization_id", repeated)


@verifies("AUT-019")
def reused_key_with_another_authorization_is_refused(ctx: Context) -> None:
    network = Network(ctx)
    subject, bank, key = network.subject(), network.institution(), network.new_key()
    item, other_item = two_restricted_items(ctx)
    body = subject.authorization_body(bank, item)
    recorded_id(subject.call("createAuthorization", body, key=key))

    changed = subject.authorization_body(bank, other_item)
    reply = subject.call("createAuthorization", changed, key=key)

    expect.status(reply, 409)
