"""Subjects that authorize and revoke, institutions that upload authorizations."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from conformance import expect
from conformance.actors.actor import Actor, preparing
from conformance.actors.institution import Institution
from conformance.actors.subject import Subject
from conformance.expect import NotVerified
from conformance.model.shapes import Code, Item
from conformance.model.text import Message
from conformance.model.wire import (
    Credential,
    Reply,
    Request,
)


@dataclass(frozen=True, slots=True)
class Grant:
    """An authorization (授权) that the platform has recorded."""

    id: str
    body: Mapping[str, Any]


class Authorization(Actor):
    def authorization_body(
        self, subject: Subject, institution: Institution, items: Sequence[Item], **changes: Any
    ) -> dict[str, Any]:
        today = self.ctx.today
        text = self.text(subject.type, institution.cls)
        body = {
            "subject": subject.full,
            "recipient": institution.id,
            "purpose": "pre_loan",
            "items": [item.code for item in items],
            "valid_from": str(today - timedelta(days=1)),
            "valid_until": str(today + timedelta(days=30)),
            "text_version": text.code,
            "origin": "platform_page",
            "evidence": self.evidence(today, text.properties["forms"][0]),
        }
        return {**body, **changes}

    def evidence(self, day: date, form: str | None = None) -> dict[str, str]:
        """Evidence of its own, signed at the beginning of the day."""
        digest = f"{self.ctx.random.getrandbits(256):064x}"
        said = {"form": form} if form else {}
        signed_at = f"{day}T00:00:00+08:00"
        return {"digest_algorithm": "SHA-256", "digest": digest, "signed_at": signed_at, **said}

    def text(self, subject_type: str, cls: str) -> Code:
        """The wording in use by which such a subject authorizes an institution of the class."""
        for text in self.texts():
            said = text.properties
            if self.in_use(text) and subject_type in said["subjects"] and cls in said["recipients"]:
                return text
        kind = f"consent_text {subject_type} {cls}"
        raise NotVerified(Message("checks.no_such_item", {"kind": kind}))

    def texts(self) -> Iterable[Code]:
        return self.ctx.standard.codes["consent_text"].codes.values()

    def in_use(self, text: Code) -> bool:
        """Whether a wording is in use today."""
        today = str(self.ctx.today)
        first, last = text.properties["effective_from"], text.properties.get("effective_until", today)
        return str(first) <= today <= str(last)

    def post_authorization(
        self, body: Mapping[str, Any], credential: Credential, *, valid: bool = True, key: str | None = None
    ) -> Reply:
        headers = {"Idempotency-Key": key or self.new_key()}
        return self.ctx.send(
            Request(
                "createAuthorization", headers=headers, body=dict(body), credential=credential, valid=valid
            )
        )

    def read_authorization(self, authorization_id: str, credential: Credential) -> Reply:
        path = {"authorization_id": authorization_id}
        return self.ctx.send(Request("getAuthorization", path=path, credential=credential))

    def list_authorizations(self, credential: Credential) -> tuple[list[dict[str, Any]], Reply]:
        """The authorizations that a subject is shown, over all pages, and the last page."""
        return self.pages(Request("listAuthorizations", credential=credential), "authorizations")

    def authorize(self, subject: Subject, institution: Institution, *items: Item, **changes: Any) -> Grant:
        body = self.authorization_body(subject, institution, items, **changes)
        reply = self.post_authorization(body, subject.token())
        return Grant(self.recorded(reply), body)

    def recorded(self, reply: Reply) -> str:
        """The id of an authorization that the platform has to record."""
        with preparing("authorization"):
            expect.status(reply, 201)
            return expect.at(reply, "/authorization_id", str)

    def uploaded(self, subject: Subject, institution: Institution, *items: Item, **changes: Any) -> Grant:
        """An authorization that the institution uploaded."""
        body = self.authorization_body(subject, institution, items, origin="institution_upload", **changes)
        return Grant(self.recorded(self.post_authorization(body, institution.token)), body)

    def revoke(self, subject: Subject, authorization_id: str) -> Reply:
        return self.revoke_by(subject.token(), authorization_id)

    def revoke_by(self, credential: Credential, authorization_id: str) -> Reply:
        path = {"authorization_id": authorization_id}
        return self.ctx.send(Request("revokeAuthorization", path=path, body={}, credential=credential))
