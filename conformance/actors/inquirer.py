"""Whoever asks the platform about a subject."""

from collections.abc import Mapping, Sequence
from typing import Any

from conformance import expect
from conformance.actors.actor import Actor, preparing
from conformance.actors.authorizations import Grant
from conformance.actors.subject import Subject
from conformance.expect import NotVerified
from conformance.model.shapes import Item
from conformance.model.text import Message
from conformance.model.wire import Credential, Reply, Request


class Inquiry(Actor):
    def ask(
        self,
        credential: Credential,
        subject: Subject,
        items: Sequence[Item],
        grants: Sequence[Grant] = (),
        purpose: str = "pre_loan",
    ) -> Reply:
        """Query the platform about a subject."""
        return self.ask_with(credential, subject, items, [grant.id for grant in grants], purpose)

    def ask_with(
        self,
        credential: Credential,
        subject: Subject,
        items: Sequence[Item],
        authorizations: Sequence[str],
        purpose: str = "pre_loan",
    ) -> Reply:
        """Query the platform, citing authorizations by their identifiers."""
        return self.ask_body(credential, self.query_body(subject, items, authorizations, purpose))

    def ask_body(self, credential: Credential, body: Mapping[str, Any]) -> Reply:
        """Query the platform with a body made elsewhere."""
        return self.ctx.send(Request("createQuery", body=dict(body), credential=credential))

    def query_body(
        self, subject: Subject, items: Sequence[Item], authorizations: Sequence[str], purpose: str
    ) -> dict[str, Any]:
        return {
            "subject": subject.reference,
            "items": [item.code for item in items],
            "purpose": purpose,
            "authorizations": list(authorizations),
        }

    def control(
        self, credential: Credential, subject: Subject, item: Item, *grants: Grant, purpose: str = "pre_loan"
    ) -> Reply:
        """Positive control: what must disappear has to be there first."""
        return served(self.ask(credential, subject, (item,), grants, purpose), item)


def served(reply: Reply, item: Item) -> Reply:
    """The answer about one item that is to be there, or NotVerified."""
    with preparing("query"):
        expect.status(reply, 200)
        result = expect.at(reply, "/results/0", dict)
        count = len(expect.at(reply, "/results", list))
        if result.get("status") == "ok" and count == 1:
            expect.at(reply, "/results/0/records/0/fields", dict)
            return reply
    raise NotVerified(Message("checks.control_failed", {"item": item.code, "status": result.get("status")}))
