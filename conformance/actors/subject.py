"""Subjects (信息主体) made of reserved test identities, and the agents that act for them."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Self

from conformance.actors.anonymous import request_token
from conformance.actors.authorizations import (
    Citation,
    Grant,
    Recipient,
    authorization_body,
    authorization_id,
    recorded_id,
)
from conformance.actors.inquirer import Inquirer
from conformance.actors.sample_registry import sample_body
from conformance.model.context import Context, World
from conformance.model.shapes import Item
from conformance.model.wire import Reply, SubjectAssertion, SubjectToken
from conformance.synth import identities

SELF_INQUIRY = "self_inquiry"
"""The purpose of a subject that asks about itself."""


@dataclass(frozen=True, eq=False, kw_only=True)
class Subject(Inquirer):
    """An information subject known by one identifier."""

    type: str
    name: str
    scheme: str
    value: str
    capacity: str
    """In which its agent usually acts."""
    agent: SubjectAssertion | None = field(default=None, repr=False)
    """The assertion by which its agent gets a token; None for the usual one."""

    @property
    def reference(self) -> dict[str, Any]:
        """The subject as a query names it."""
        return {"type": self.type, "ids": [self.identifier]}

    @property
    def named_reference(self) -> dict[str, Any]:
        """The subject as a record or an authorization names it."""
        return {**self.reference, "name": self.name}

    @property
    def identifier(self) -> dict[str, str]:
        """The scheme and the value of the identifier."""
        return {"scheme": self.scheme, "value": self.value}

    @property
    def credential(self) -> SubjectToken:
        """The token of the subject's agent."""
        return SubjectToken(self.agent or self.assertion("session"))

    def assertion(self, serial: str, **claims: Any) -> SubjectAssertion:
        """The agent's assertion; `claims` changes single ones, to something wrong on purpose too."""
        stated = {"subject_type": self.type, "scheme": self.scheme, "value": self.value, "serial": serial}
        return SubjectAssertion(**{**stated, "capacity": self.capacity, **claims})

    def represented(self, serial: str, **claims: Any) -> Self:
        """The same subject, acting through an agent with these claims."""
        return replace(self, agent=self.assertion(serial, **claims))

    def request_token(self, serial: str, **claims: Any) -> Reply:
        """The reply of the token endpoint to the agent's assertion."""
        return request_token(self.ctx, self.assertion(serial, **claims))

    def authorization_body(self, recipient: Recipient, *items: Item, **changes: Any) -> dict[str, Any]:
        """A valid body of `createAuthorization`; `changes` replaces single members."""
        return authorization_body(self.ctx, self, recipient, items, **changes)

    def authorize(self, recipient: Recipient, *items: Item, **changes: Any) -> Grant:
        """An authorization that the platform has recorded. Raises NotVerified where it does not."""
        body = self.authorization_body(recipient, *items, **changes)
        return Grant(recorded_id(self.call("createAuthorization", body)), body)

    def revoke(self, citation: Citation) -> Reply:
        """The reply to the revocation of an authorization."""
        return self.call("revokeAuthorization", {}, authorization_id=authorization_id(citation))

    def list_authorizations(self) -> tuple[list[dict[str, Any]], Reply]:
        """The authorizations that the subject is shown, and the last page."""
        return self.listing("listAuthorizations", "authorizations")


def new_subject(ctx: Context, subject_type: str = "enterprise", *, fresh: bool = False) -> Subject:
    """A new subject of the type, under the identifier by which its type is usually known."""
    world: World = ctx if fresh else ctx.world
    identity = identities.subject(world.random, world.standard.reserved, subject_type)
    identifier = identity["ids"][0]
    value = world.plant(identifier["value"])
    return Subject(
        ctx,
        fresh=fresh,
        type=subject_type,
        name=world.plant(identity["name"]),
        scheme=identifier["scheme"],
        value=value,
        capacity=usual_capacity(world, subject_type),
    )


def usual_capacity(world: World, subject_type: str) -> str:
    """The capacity in which somebody usually acts for a subject of the type."""
    signers: Sequence[str] = world.standard.codes["subject_type"].codes[subject_type].properties["signers"]
    return signers[0]


@sample_body("revokeAuthorization")
def sample_revocation(_ctx: Context, _item: Item, _subject: Subject) -> dict[str, Any]:
    """A revocation, whose body has no members."""
    return {}
