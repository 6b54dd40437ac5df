"""Scenes of items that stay at their source: a record held there, claimed values to be verified there."""

from conformance.actors import Grant, Network, RecordSource
from conformance.actors.inquirer import query_body
from conformance.actors.records import identity_of
from conformance.actors.source import ON_DEMAND
from conformance.expect import NotVerified
from conformance.model.context import Context
from conformance.model.shapes import Field, Item
from conformance.model.text import Message
from conformance.model.wire import Reply


def on_demand(ctx: Context) -> Item:
    """An item at its source that is closed without authorization. Raises NotVerified without one."""
    for item in ctx.standard.checklist.items:
        if item.collection_mode == ON_DEMAND and item.disclosure == "authorized":
            return item
    raise NotVerified(Message("checks.no_such_item", {"kind": ON_DEMAND}))


def verifiable(ctx: Context) -> tuple[Item, Field]:
    """An item of which values can be verified, with the field that identifies the person they are about.

    Raises NotVerified where the checklist has none.
    """
    for item in ctx.standard.checklist.items:
        for field in map(item.field, item.verifiable):
            if field.person and field.person.identified_by == field.name:
                return item, field
    raise NotVerified(Message("checks.no_such_item", {"kind": "verify"}))


class SourceScene:
    """A subject with one record at the source, and a bank that it has authorized."""

    def __init__(self, ctx: Context) -> None:
        self.network, self.item = Network(ctx), on_demand(ctx)
        self.subject = self.network.subject(self.item.subject_types[0])
        self.bank = self.network.institution()
        self.record = self.network.provider.store(self.item, self.subject)
        self.grant = self.subject.authorize(self.bank, self.item)

    @property
    def source(self) -> RecordSource:
        return self.network.source

    def query(self) -> Reply:
        """The reply to the bank's query, citing the authorization."""
        return self.bank.query(self.subject, self.item, citing=self.grant)

    def control(self) -> None:
        """The record *is* disclosed to the bank. Raises NotVerified where it is not."""
        self.bank.positive_control(self.subject, self.item, citing=self.grant)


class VerificationScene:
    """Claimed values about a person whom a subject's record names, and a bank that both have authorized."""

    def __init__(self, ctx: Context) -> None:
        self.network = Network(ctx)
        self.item, field = verifiable(ctx)
        self.subject, self.bank = self.network.subject(self.item.subject_types[0]), self.network.institution()
        person = self.network.subject("natural_person")
        fixed = identity_of(self.item, field.name, person)
        self.content = self.network.provider.record(self.item, self.subject, fixed, optional=True)["content"]
        self.claimed = {name: self.content[name] for name in self.item.verifiable}
        self.subject_grant = self.subject.authorize(self.bank, self.item)
        self.person_grant = person.authorize(self.bank, self.item)

    @property
    def source(self) -> RecordSource:
        return self.network.source

    def verify(self, *grants: Grant) -> Reply:
        """The reply to the bank's query whether the claimed values match, citing some authorizations."""
        body = query_body(self.subject, self.item, citing=grants)
        return self.bank.call("createQuery", {**body, "claims": {self.item.code: self.claimed}})

    def verify_with_consent(self) -> Reply:
        """The same, citing the authorizations of the subject and of the person."""
        return self.verify(self.subject_grant, self.person_grant)
