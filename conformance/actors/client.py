"""Clients of the network: the parties that the platform knows from its configuration, by their role."""

from dataclasses import dataclass, replace
from typing import Self

from conformance.actors.actor import Actor
from conformance.actors.inquirer import Inquirer
from conformance.expect import NotVerified
from conformance.model.context import Context
from conformance.model.text import Message
from conformance.model.wire import ClientToken, Credential


@dataclass(frozen=True, eq=False, kw_only=True)
class NetworkClient(Inquirer):
    """A party in one of the roles of `codes/client_role.yaml`, or a second one in the same role."""

    role: str
    borrowed: Credential | None = None
    """The credential of another party, to be used in place of its own."""

    @property
    def credential(self) -> Credential:
        """The token of the client. Raises NotVerified where the target names none for its role."""
        return self.borrowed or client_token(self.ctx, self.role)

    def impersonated_by(self, party: Actor) -> Self:
        """The same party with the credential of another one."""
        return replace(self, borrowed=party.credential)


def client_token(ctx: Context, role: str) -> ClientToken:
    """The token of the client in a role. Raises NotVerified where the target names none."""
    client = ctx.target.clients.get(role)
    if client is None:
        raise NotVerified(Message("checks.no_client", {"role": role}))
    return ClientToken(client.client_id, client.key)
