"""The cast of one check: everybody who takes part, each step a request on the wire."""

from typing import Any

from conformance.actors.authorizations import Authorization, Grant
from conformance.actors.hub import Docking
from conformance.actors.institution import Admission, Institution
from conformance.actors.provider import Collection
from conformance.actors.query_batches import BatchInquiry
from conformance.actors.source import ON_DEMAND, Sources
from conformance.actors.subject import Subject
from conformance.actors.supervisor import Audit
from conformance.actors.tokens import Tokens
from conformance.model.shapes import Item


class Cast(Docking, Admission, Tokens, Sources, Collection, Authorization, BatchInquiry, Audit):
    """Makes and moves the actors of one check."""

    def provide(self, item: Item, subject: Subject, record: dict[str, Any]) -> None:
        """Have a record in place: held ready at its source, loaded beforehand, or delivered and accepted."""
        if item.collection_mode == ON_DEMAND:
            self.keep(item, subject, record)
        else:
            super().provide(item, subject, record)

    def opened(self, item: Item, subject: Subject, institution: Institution) -> Grant:
        """An authorization that is seen to open a stored record: the positive control of what closes it."""
        self.stored(item, subject)
        grant = self.authorize(subject, institution, item)
        self.control(institution.token, subject, item, grant)
        return grant
