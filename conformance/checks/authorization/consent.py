"""What a consent has to be: closed, by a text in use, by the right signer, on true evidence."""

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from typing import Any

from conformance import expect
from conformance.actors import Cast, prepared
from conformance.actors.institution import Institution
from conformance.actors.subject import Subject
from conformance.checks.shared.assertions import REFUSED, refused_without_fields
from conformance.checks.shared.items import restricted, restricted_pair
from conformance.checks.verifies import verifies
from conformance.model.context import Context
from conformance.model.wire import Credential, LiteralToken, Reply

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
"""Those that break the contract, too."""


@verifies("AUT-013", expand=lambda _: tuple(OPEN_ENDED))
def open_ended_authorization_is_refused(ctx: Context) -> None:
    cast = Cast(ctx)
    item, subject, bank = restricted(ctx), cast.subject(), cast.institution()
    cast.authorize(subject, bank, item)

    name = ctx.case.parameter
    longest = int(ctx.standard.parameter("AUT-013", "maximum_period_days").value)
    body = {**cast.authorization_body(subject, bank, (item,)), **OPEN_ENDED[name](ctx.today, longest)}
    stated = {member: value for member, value in body.items() if value is not None}
    reply = cast.post_authorization(stated, subject.token(), valid=name not in INVALID)

    expect.status(reply, *REFUSED)


@verifies("AUT-014", expand=lambda _: ("click", "no-form", "other-text"))
def person_consents_to_credit_reporting_only_in_writing(ctx: Context) -> None:
    cast = Cast(ctx)
    item, person = restricted(ctx), cast.subject("natural_person")
    bank, agency = cast.institution(), cast.institution("credit_reporting")
    cast.authorize(person, agency, item)

    evidence = cast.evidence(ctx.today, None if ctx.case.parameter == "no-form" else "click")
    changes: Changes = {"evidence": evidence}
    if ctx.case.parameter == "other-text":
        changes = {"text_version": cast.text(person.type, bank.cls).code}
    reply = cast.post_authorization(
        cast.authorization_body(person, agency, (item,), **changes), person.token()
    )

    expect.status(reply, *REFUSED)


@verifies("AUT-015")
def only_texts_in_use_are_taken(ctx: Context) -> None:
    cast = Cast(ctx)
    item, subject, bank = restricted(ctx), cast.subject(), cast.institution()
    cast.authorize(subject, bank, item)

    versions = [text.code for text in cast.texts() if not cast.in_use(text)]
    for version in (*versions, "no_such_text"):
        body = cast.authorization_body(subject, bank, (item,), text_version=version)
        expect.status(cast.post_authorization(body, subject.token()), *REFUSED)


@verifies("AUT-016", expand=lambda _: ("natural_person", "enterprise"))
def text_fits_the_type_of_its_subject(ctx: Context) -> None:
    cast = Cast(ctx)
    item, bank = restricted(ctx), cast.institution()
    subject = cast.subject(ctx.case.parameter)
    cast.authorize(subject, bank, item)

    other = "enterprise" if subject.type == "natural_person" else "natural_person"
    text = cast.text(other, bank.cls)
    body = cast.authorization_body(subject, bank, (item,), text_version=text.code)
    reply = cast.post_authorization(body, subject.token())

    expect.status(reply, *REFUSED)


@verifies("AUT-017", expand=lambda _: ("natural_person", "enterprise"))
def signer_acts_in_a_fitting_capacity(ctx: Context) -> None:
    cast = Cast(ctx)
    item, bank = restricted(ctx), cast.institution()
    subject = cast.subject(ctx.case.parameter)
    cast.authorize(subject, bank, item)

    may = ctx.standard.codes["subject_type"].codes[subject.type].properties["signers"]
    for capacity in ctx.standard.codes["capacity"].codes:
        if capacity not in may:
            body = cast.authorization_body(subject, bank, (item,))
            expect.status(signed(cast, subject, body, capacity=capacity), *REFUSED)


@verifies("AUT-017")
def weakly_identified_signer_is_refused(ctx: Context) -> None:
    cast = Cast(ctx)
    item, subject, bank = restricted(ctx), cast.subject(), cast.institution()
    least = str(ctx.standard.parameter("AUT-017", "minimum_assurance").value)
    cast.recorded(signed(cast, subject, cast.authorization_body(subject, bank, (item,)), assurance=least))

    levels = list(ctx.standard.codes["assurance"].codes)
    for level in levels[: levels.index(least)]:
        body = cast.authorization_body(subject, bank, (item,))
        expect.status(signed(cast, subject, body, assurance=level), *REFUSED)


def signed(cast: Cast, subject: Subject, body: Mapping[str, Any], **stated: str) -> Reply:
    """The answer to an authorization by such a signer, or to the wish for a token with which to give it."""
    asked = cast.request_token(subject.assertion("-".join(stated.values()), **stated))
    if asked.status != 200:
        return asked
    token = LiteralToken(expect.at(asked, "/access_token", str))
    return cast.post_authorization(body, token)


@verifies("AUT-020", expand=lambda _: ("subject", "recipient", "items", "purpose", "period"))
def evidence_proves_one_authorization(ctx: Context) -> None:
    cast = Cast(ctx)
    (item, other), subject, bank = restricted_pair(ctx), cast.subject(), cast.institution()
    grant = cast.uploaded(subject, bank, item)

    body, credential = reuse(cast, ctx.case.parameter, grant.body, bank, other.code)
    reply = cast.post_authorization(body, credential)

    expect.status(reply, *REFUSED_OR_CONFLICT)


def reuse(
    cast: Cast, what: str, body: Mapping[str, Any], bank: Institution, item: str
) -> tuple[dict[str, Any], Credential]:
    """The authorization with one thing changed and the evidence of before."""
    if what == "recipient":
        bank = cast.institution()
    last = date.fromisoformat(body["valid_until"])
    changes: Mapping[str, Callable[[], Changes]] = {
        "subject": lambda: {"subject": cast.subject().full},
        "recipient": lambda: {"recipient": bank.id},
        "items": lambda: {"items": [*body["items"], item]},
        "purpose": lambda: {"purpose": "post_loan"},
        "period": lambda: {"valid_until": str(last + timedelta(days=30))},
    }
    return {**body, **changes[what]()}, bank.token


@verifies("AUT-021", expand=lambda _: ("signed-in-future", "no-digest"))
def impossible_evidence_opens_nothing(ctx: Context) -> None:
    cast = Cast(ctx)
    item, subject, bank = restricted(ctx), cast.subject(), cast.institution()
    cast.stored(item, subject)
    cast.control(bank.token, subject, item, cast.uploaded(subject, bank, item))

    evidence = cast.evidence(ctx.today)
    if ctx.case.parameter == "no-digest":
        evidence |= {"digest": "0" * 64}
    else:
        evidence |= {"signed_at": f"{ctx.today + timedelta(days=2)}T00:00:00+08:00"}
    body = cast.authorization_body(
        subject, bank, (item,), origin="institution_upload", evidence=evidence, purpose="post_loan"
    )
    reply = cast.post_authorization(body, bank.token)

    if reply.status != 201:
        return expect.status(reply, *REFUSED_OR_CONFLICT)
    # Under review it may be pending, as long as nothing rests on it.
    expect.contains(("rejected", "pending"), expect.at(reply, "/state"), "reply.body/state", reply)
    identifier = expect.at(reply, "/authorization_id", str)
    refused_without_fields(cast.ask_with(bank.token, subject, (item,), (identifier,), "post_loan"))
    return None


@verifies("AUT-019")
def repeated_request_gives_the_same_authorization(ctx: Context) -> None:
    cast = Cast(ctx)
    subject, bank, key = cast.subject(), cast.institution(), cast.new_key()
    body = cast.authorization_body(subject, bank, (restricted(ctx),))
    first = prepared(cast.post_authorization(body, subject.token(), key=key), "authorization", 201)

    again = cast.post_authorization(body, subject.token(), key=key)

    expect.status(again, 200, 201)
    given = expect.at(again, "/authorization_id")
    expect.equal(given, first["authorization_id"], "reply.body/authorization_id", again)


@verifies("AUT-019")
def reused_key_with_another_authorization_is_refused(ctx: Context) -> None:
    cast = Cast(ctx)
    subject, bank, key = cast.subject(), cast.institution(), cast.new_key()
    item, other = restricted_pair(ctx)
    body = cast.authorization_body(subject, bank, (item,))
    cast.recorded(cast.post_authorization(body, subject.token(), key=key))

    changed = cast.authorization_body(subject, bank, (other,))
    reply = cast.post_authorization(changed, subject.token(), key=key)

    expect.status(reply, 409)
