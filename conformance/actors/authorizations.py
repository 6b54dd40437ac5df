"""Authorizations (授权): consent texts, evidence, and what the platform has recorded."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Protocol

from conformance.actors.actor import prepared_id
from conformance.expect import NotVerified
from conformance.model.context import Context
from conformance.model.shapes import Code, Item
from conformance.model.standard import Standard
from conformance.model.text import Message
from conformance.model.wire import Reply

UPLOAD = "institution_upload"
"""Origin of an authorization that its recipient uploads."""
PRE_LOAN = "pre_loan"
"""The purpose of an authorization and of a query where a check states none."""


@dataclass(frozen=True, slots=True)
class Grant:
    """An authorization that the platform has recorded."""

    id: str
    body: Mapping[str, Any]


Citation = Grant | str
"""An authorization, or its identifier."""


class Recipient(Protocol):
    """The recipient of an authorization: an institution of a class."""

    @property
    def id(self) -> str: ...
    @property
    def cls(self) -> str: ...


class Grantor(Protocol):
    """The party that authorizes: a subject of a type."""

    @property
    def type(self) -> str: ...
    @property
    def named_reference(self) -> dict[str, Any]: ...


def authorization_id(citation: Citation) -> str:
    """The identifier of an authorization."""
    return citation.id if isinstance(citation, Grant) else citation


def recorded_id(reply: Reply) -> str:
    """The id of an authorization that the platform has to record. Raises NotVerified otherwise."""
    return prepared_id(reply, "authorization", 201, "authorization_id")


def authorization_body(
    ctx: Context, grantor: Grantor, recipient: Recipient, items: Sequence[Item], **changes: Any
) -> dict[str, Any]:
    """A valid body of `createAuthorization`, in force today; `changes` replaces single members."""
    text = consent_text(ctx, grantor.type, recipient.cls)
    body = {
        "subject": grantor.named_reference,
        "recipient": recipient.id,
        "purpose": PRE_LOAN,
        "items": [item.code for item in items],
        **period(ctx, -1, 30),
        "text_version": text.code,
        "origin": "platform_page",
        "evidence": evidence(ctx, text.properties["forms"][0]),
    }
    return {**body, **changes}


def period(ctx: Context, first: int, last: int) -> dict[str, str]:
    """The first and the last day of an authorization, in days from today."""
    return {
        "valid_from": str(ctx.today + timedelta(days=first)),
        "valid_until": str(ctx.today + timedelta(days=last)),
    }


def evidence(ctx: Context, form: str | None = None) -> dict[str, str]:
    """Evidence of no other authorization, signed at the beginning of today (Asia/Shanghai)."""
    digest = f"{ctx.random.getrandbits(256):064x}"
    form_member = {"form": form} if form else {}
    signed_at = f"{ctx.today}T00:00:00+08:00"
    return {"digest_algorithm": "SHA-256", "digest": digest, "signed_at": signed_at, **form_member}


def consent_text(ctx: Context, subject_type: str, cls: str) -> Code:
    """The text in use by which a subject of the type authorizes an institution of the class.

    Raises NotVerified where the standard has none.
    """
    for text in consent_texts(ctx.standard):
        suits = subject_type in text.properties["subjects"] and cls in text.properties["recipients"]
        if suits and is_in_use(text, ctx.today):
            return text
    kind = f"consent_text {subject_type} {cls}"
    raise NotVerified(Message("checks.no_such_item", {"kind": kind}))


def consent_texts(standard: Standard) -> Iterable[Code]:
    """All consent texts, those no longer or not yet in use included."""
    return standard.codes["consent_text"].codes.values()


def is_in_use(text: Code, today: date) -> bool:
    """True if a consent text is in use today."""
    first, last = text.properties["effective_from"], text.properties.get("effective_until", str(today))
    return str(first) <= str(today) <= str(last)
