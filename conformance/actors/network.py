"""The network of one check: everybody who takes part, each step a request on the wire."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from conformance.actors.actor import Actor
from conformance.actors.authorizations import Grant
from conformance.actors.client import NetworkClient, client_token
from conformance.actors.hub import Hub
from conformance.actors.inquirer import accepted_query_batch, query_body
from conformance.actors.institution import Institution, new_institution
from conformance.actors.provider import OTHER_PROVIDER, DataProvider
from conformance.actors.sample_registry import existing_id
from conformance.actors.source import RecordSource
from conformance.actors.subject import Subject, new_subject
from conformance.actors.supervisor import Supervisor
from conformance.model.context import Context
from conformance.model.shapes import Item


@dataclass(frozen=True, eq=False)
class Network(Actor):
    """The parties of one check. Those of a part that is not listed here are made by their own class."""

    @cached_property
    def hub(self) -> Hub:
        return Hub(self.ctx, fresh=self.fresh)

    @cached_property
    def supervisor(self) -> Supervisor:
        return Supervisor(self.ctx, fresh=self.fresh)

    @cached_property
    def provider(self) -> DataProvider:
        return DataProvider(self.ctx, fresh=self.fresh)

    @cached_property
    def other_provider(self) -> DataProvider:
        """A second client in the role of a provider."""
        return DataProvider(self.ctx, fresh=self.fresh, role=OTHER_PROVIDER)

    @property
    def source(self) -> RecordSource:
        """The source with the records that the provider does not deliver."""
        return self.provider.source

    def client(self, role: str) -> NetworkClient:
        """The client of a role. Raises NotVerified where the target names none."""
        client_token(self.ctx, role)
        return NetworkClient(self.ctx, fresh=self.fresh, role=role)

    def subject(self, subject_type: str = "enterprise") -> Subject:
        """A new subject of the type."""
        return new_subject(self.ctx, subject_type, fresh=self.fresh)

    def candidate(self, cls: str = "bank", **statements: Any) -> Institution:
        """An institution of the class that nobody has admitted yet."""
        return new_institution(self.ctx, cls, fresh=self.fresh, **statements)

    def institution(self, cls: str = "bank", **statements: Any) -> Institution:
        """An admitted institution of the class. Raises NotVerified where the platform refuses it."""
        return self.hub.admitted(cls, **statements)

    def effective_grant(self, item: Item, subject: Subject, institution: Institution) -> Grant:
        """An authorization that demonstrably opens a stored record, as a positive control."""
        self.provider.store(item, subject)
        grant = subject.authorize(institution, item)
        institution.positive_control(subject, item, citing=grant)
        return grant


@existing_id("authorization_id")
def existing_authorization(ctx: Context) -> str:
    """An authorization that the platform has recorded."""
    network, item = Network(ctx), ctx.standard.checklist.items[0]
    subject, bank = network.subject(), network.institution()
    return subject.authorize(bank, item).id


@existing_id("query_batch_id")
def existing_query_batch(ctx: Context) -> str:
    """A batch of queries that the platform has taken."""
    network, item = Network(ctx), ctx.standard.checklist.items[0]
    bank, subject = network.institution(), network.subject()
    return accepted_query_batch(bank.submit_queries([query_body(subject, item)]))
