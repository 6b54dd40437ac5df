"""Consents recorded that should not have been."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

from reference_impl.china_time import CHINA
from reference_impl.mutants import breaks
from reference_impl.parts import Parts
from reference_impl.parts.authorization import AuthorizationParts
from reference_impl.parts.base import BaseParts
from reference_impl.parts.idempotency import IdempotencyParts
from reference_impl.parts.wire import WireParts
from reference_impl.policy.consent import Consent, Rule
from reference_impl.policy.model import Document, Subject
from reference_impl.wire.message import Reply, Request

TEXT_RULES = ("text_in_use", "text_for_subject", "text_for_recipient", "form_of_evidence")


def with_rule(authorization: AuthorizationParts, name: str, rule: Rule | None) -> AuthorizationParts:
    """The parts with one rule of consents replaced or left out."""
    kept = {key: value for key, value in authorization.consent_rules.items() if key != name}
    return replace(authorization, consent_rules=kept if rule is None else {**kept, name: rule})


def correcting(wire: WireParts, correct: Callable[[dict[str, Any]], None]) -> WireParts:
    """The parts with bodies of authorizations put right before anybody looks at them."""

    def errors(operation: str, media_type: str, body: Any) -> list[dict[str, str]]:
        if operation == "createAuthorization" and isinstance(body, dict):
            correct(body)
        return wire.request_errors(operation, media_type, body)

    return replace(wire, request_errors=errors)


@breaks("AUT-013")
def authorizations_last_as_long_as_stated(authorization: AuthorizationParts) -> AuthorizationParts:
    """An authorization may last for decades if only it says so."""
    return with_rule(authorization, "period_bounded", None)


@breaks("AUT-013")
def missing_end_is_a_year(parts: Parts) -> Parts:
    """An authorization without a last day is taken for one of a year."""
    last = str((parts[BaseParts].clock() + timedelta(days=364)).astimezone(CHINA).date())
    return parts.with_groups(correcting(parts[WireParts], lambda body: body.setdefault("valid_until", last)))


@breaks("AUT-013")
def star_stands_for_all_items(parts: Parts) -> Parts:
    """A star among the items is taken for the whole checklist."""

    def correct(body: dict[str, Any]) -> None:
        if body.get("items") == ["*"]:
            body["items"] = list(parts[BaseParts].catalogue.items)

    return parts.with_groups(correcting(parts[WireParts], correct))


@breaks("AUT-014")
def click_is_as_good_as_a_signature(authorization: AuthorizationParts) -> AuthorizationParts:
    """The form of the evidence is recorded and never held against the text."""
    return with_rule(authorization, "form_of_evidence", None)


@breaks("AUT-014")
def one_text_for_every_recipient(authorization: AuthorizationParts) -> AuthorizationParts:
    """A person consents to credit reporting by the text that is meant for banks."""

    def rule(consent: Consent) -> bool:
        return consent.body["evidence"].get("form", "click") in ("click", *consent.text.get("forms", ()))

    return with_rule(with_rule(authorization, "text_for_recipient", None), "form_of_evidence", rule)


@breaks("AUT-015")
def retired_texts_go_on(authorization: AuthorizationParts) -> AuthorizationParts:
    """A text that is no longer in use is taken, since old pages still show it."""

    def rule(consent: Consent) -> bool:
        return bool(consent.text) and consent.text["effective_from"] <= str(consent.signing_day)

    return with_rule(authorization, "text_in_use", rule)


@breaks("AUT-015")
def unknown_texts_are_trusted(authorization: AuthorizationParts) -> AuthorizationParts:
    """A text that the platform does not know is taken as it is called."""

    def trusting(rule: Rule) -> Rule:
        return lambda consent: not consent.text or rule(consent)

    trusted = {name: trusting(authorization.consent_rules[name]) for name in TEXT_RULES}
    return replace(authorization, consent_rules={**authorization.consent_rules, **trusted})


@breaks("AUT-016")
def any_text_for_any_subject(authorization: AuthorizationParts) -> AuthorizationParts:
    """A text is held against its days and never against the type of the subject."""
    return with_rule(authorization, "text_for_subject", None)


@breaks("AUT-016")
def enterprise_text_covers_its_people(authorization: AuthorizationParts) -> AuthorizationParts:
    """A natural person consents by the tick in the enterprise's text."""

    def rule(consent: Consent) -> bool:
        kinds = consent.text.get("subjects", ())
        return consent.body["subject"]["type"] in kinds or (
            consent.body["subject"]["type"] == "natural_person" and "enterprise" in kinds
        )

    return with_rule(authorization, "text_for_subject", rule)


@breaks("AUT-017")
def any_capacity_signs(authorization: AuthorizationParts) -> AuthorizationParts:
    """In which capacity somebody signs is recorded and never looked at."""
    return with_rule(authorization, "signer_may", None)


@breaks("AUT-017")
def password_is_enough(authorization: AuthorizationParts) -> AuthorizationParts:
    """A signer of whom only a password is known authorizes."""
    return with_rule(authorization, "signer_assured", None)


@breaks("AUT-019")
def keys_of_authorizations_are_ignored(idempotency: IdempotencyParts) -> IdempotencyParts:
    """The idempotency key of an authorization is ignored, so that a retry makes a second one."""

    def key(request: Request) -> str | None:
        return None if request.path == "/v1/authorizations" else idempotency.idempotency_key(request)

    return replace(idempotency, idempotency_key=key)


@breaks("AUT-019")
def repeats_are_answered_with_new_ids(parts: Parts) -> Parts:
    """A repeated request is answered with an id of its own, which leads to nothing."""
    recorded_ids: set[str] = set()

    def finish(operation: str, reply: Reply) -> Reply:
        reply = parts[WireParts].finish(operation, reply)
        if operation != "createAuthorization" or reply.status != 201:
            return reply
        name = reply.body["authorization_id"]
        if name not in recorded_ids:
            recorded_ids.add(name)
            return reply
        return replace(
            reply, body={**reply.body, "authorization_id": parts[BaseParts].new_id("authorization", {})}
        )

    return parts.with_groups(replace(parts[WireParts], finish=finish))


@breaks("AUT-019", also={"COL-004": "batches and authorizations share the keys"})
def reused_keys_answer_the_first_request(idempotency: IdempotencyParts) -> IdempotencyParts:
    """A key that was used before is answered with the first reply, whatever the body says now."""
    return replace(idempotency, same_request=lambda _earlier, _now: True)


@breaks("AUT-020")
def evidence_is_kept_and_never_compared(authorization: AuthorizationParts) -> AuthorizationParts:
    """One signed text serves a whole batch of authorizations."""
    return replace(authorization, same_consent=lambda _earlier, _body: True)


@breaks("AUT-020")
def signed_text_is_good_for_whatever_its_subject_needs(
    authorization: AuthorizationParts,
) -> AuthorizationParts:
    """The evidence of a subject serves to widen and to renew what the subject agreed to."""

    def same_consent(earlier: Document, body: Document) -> bool:
        return Subject.of(earlier["subject"]) == Subject.of(body["subject"])

    return replace(authorization, same_consent=same_consent)


@breaks("AUT-021")
def time_of_signing_is_not_looked_at(authorization: AuthorizationParts) -> AuthorizationParts:
    """Evidence that is going to be signed in the future is taken."""
    return with_rule(authorization, "signed_by_now", None)


@breaks("AUT-021")
def digest_is_any_text_of_that_length(authorization: AuthorizationParts) -> AuthorizationParts:
    """A digest of zeros, which no signed text has, is taken."""
    return with_rule(authorization, "evidence_of_something", None)
