"""Rules under which a consent can be recorded, by name."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from hashlib import sha256
from typing import Any

from reference_impl.china_time import CHINA
from reference_impl.policy.admission import STANDING
from reference_impl.policy.model import Caller, Document

SKEW = timedelta(seconds=60)
"""Tolerated skew of a signing device's clock."""
CLICK = "click"
NOTHING = frozenset(
    {"0" * 64, sha256(b"").hexdigest(), "1ab21d8355cfa17f8e61194831e81a8f22bec8c728fefb747ed035eb5082aa2b"}
)
"""Digests that no signed text has: all zeros, and SHA-256 and SM3 of nothing."""

Codes = Mapping[str, Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Consent:
    """A consent to be recorded."""

    caller: Caller
    body: Document
    recipient: Document | None
    """The admission of the recipient, if there is one."""
    codes: Codes
    parameters: Mapping[str, Any]
    now: datetime

    @property
    def signed(self) -> datetime:
        return datetime.fromisoformat(self.body["evidence"]["signed_at"])

    @property
    def signing_day(self) -> date:
        return self.signed.astimezone(CHINA).date()

    @property
    def text(self) -> Document:
        """The wording; nothing of an unknown one is true."""
        text: Document = self.codes["consent_text"].get(self.body["text_version"], {})
        return text


Rule = Callable[[Consent], bool]


def recipient_admitted(consent: Consent) -> bool:
    return consent.recipient is not None and consent.recipient["status"] in STANDING


def period_bounded(consent: Consent) -> bool:
    last = date.fromisoformat(consent.body["valid_until"])
    return last - consent.signing_day <= timedelta(days=consent.parameters["maximum_period_days"])


def text_in_use(consent: Consent) -> bool:
    text, day = consent.text, str(consent.signing_day)
    return bool(text) and text["effective_from"] <= day <= text.get("effective_until", day)


def text_for_subject(consent: Consent) -> bool:
    return consent.body["subject"]["type"] in consent.text.get("subjects", ())


def text_for_recipient(consent: Consent) -> bool:
    return consent.recipient is None or consent.recipient["class"] in consent.text.get("recipients", ())


def form_of_evidence(consent: Consent) -> bool:
    return consent.body["evidence"].get("form", CLICK) in consent.text.get("forms", ())


def signer_may(consent: Consent) -> bool:
    """An upload tells nothing of its signer: the institution answers for it."""
    signers = consent.codes["subject_type"][consent.body["subject"]["type"]].get("signers", ())
    return consent.caller.subject is None or consent.caller.capacity in signers


def signer_assured(consent: Consent) -> bool:
    levels = list(consent.codes["assurance"])
    least = levels.index(consent.parameters["minimum_assurance"])
    return consent.caller.subject is None or consent.caller.assurance in levels[least:]


def signed_by_now(consent: Consent) -> bool:
    return consent.signed <= consent.now + SKEW


def evidence_of_something(consent: Consent) -> bool:
    return consent.body["evidence"]["digest"].lower() not in NOTHING


RULES: Mapping[str, Rule] = {
    rule.__name__: rule
    for rule in (
        recipient_admitted,
        period_bounded,
        text_in_use,
        text_for_subject,
        text_for_recipient,
        form_of_evidence,
        signer_may,
        signer_assured,
        signed_by_now,
        evidence_of_something,
    )
}
POINTERS: Mapping[str, str] = {
    "recipient_admitted": "/recipient",
    "period_bounded": "/valid_until",
    "text_in_use": "/text_version",
    "text_for_subject": "/text_version",
    "text_for_recipient": "/text_version",
    "form_of_evidence": "/evidence/form",
    "signer_may": "/subject",
    "signer_assured": "/subject",
    "signed_by_now": "/evidence/signed_at",
    "evidence_of_something": "/evidence/digest",
}


def faults(rules: Mapping[str, Rule], consent: Consent) -> Iterator[dict[str, str]]:
    """The faults of a consent, one for each broken rule."""
    for name, rule in rules.items():
        if not rule(consent):
            yield {"pointer": POINTERS[name], "message": f"violates {name}"}
