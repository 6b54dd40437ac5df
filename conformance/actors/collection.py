"""Providers that deliver records and read their outcomes."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from conformance import expect
from conformance.actors import records
from conformance.actors.actor import Actor, preparing
from conformance.actors.subjects import Subject
from conformance.expect import NotVerified
from conformance.model.media_types import NDJSON
from conformance.model.shapes import Field, Item
from conformance.model.text import Message
from conformance.model.wire import Raw, Reply, Request
from conformance.oracles.validate import item_validator
from conformance.synth import identities

SETTLE_SECONDS = 10.0
PROVIDER = "provider"
MOST_TRIES = 200


@dataclass(frozen=True, slots=True)
class Delivery:
    """A delivered batch with the outcomes of its records."""

    batch: Mapping[str, Any]
    outcomes: tuple[Mapping[str, Any], ...]
    """In the order of the platform's choice."""
    reply: Reply
    """The last reply about the batch."""

    def outcome(self, index: int) -> Mapping[str, Any]:
        """The outcome of the record at this place of the delivery."""
        found = [one for one in self.outcomes if expect.same(one.get("index"), index)]
        message = Message("checks.outcomes_of_one", {"index": index, "count": len(found)})
        expect.true(len(found) == 1, message, where="reply.body/outcomes", reply=self.reply)
        return found[0]


class Collection(Actor):
    """Delivers as the provider."""

    def record(
        self,
        item: Item,
        subject: Subject,
        fixed: Mapping[str, Any] | None = None,
        *,
        optional: bool | None = None,
    ) -> dict[str, Any]:
        """A valid record of the item about the subject; `fixed` sets fields of its content."""
        broken = item_validator(item)
        for _ in range(MOST_TRIES):
            content = records.content(self.world, item, subject, fixed or {}, optional=optional)
            if not fixed or not broken(content):  # what is fixed may not fit what a condition then asks for
                break
        return self.envelope(item, subject, content)

    def envelope(
        self, item: Item, subject: Subject, content: Mapping[str, Any] | None, **members: Any
    ) -> dict[str, Any]:
        """The content (None for a withdrawal) as a record of our provider."""
        provider = self._provider_uscc()
        own = {"provider_uscc": provider} if provider else {}
        return records.envelope(self.world, item, subject, content, **own, **members)

    def _provider_uscc(self) -> str:
        """The provider that our records name; empty for one of each record's own."""
        target = self.ctx.target
        if target.data_set is not None and not self.fresh:
            return target.data_set.provider_uscc
        return target.clients[PROVIDER].uscc if PROVIDER in target.clients else ""

    def post_batch(
        self, item: str, batch: Sequence[Any], key: str | None = None, by: str = PROVIDER
    ) -> Reply:
        return self.ctx.send(
            Request(
                "createBatch",
                headers={"Idempotency-Key": key or self.new_key()},
                body={"item_code": item, "records": list(batch)},
                credential=self.client(by),
            )
        )

    def post_lines(self, lines: bytes) -> Reply:
        """Deliver NDJSON as it is."""
        return self.ctx.send(
            Request(
                "createBatch",
                headers={"Idempotency-Key": self.new_key()},
                body=Raw(lines, NDJSON),
                credential=self.client(PROVIDER),
                valid=False,
            )
        )

    def read_batch(self, batch_id: str, by: str = PROVIDER) -> Reply:
        return self.ctx.send(Request("getBatch", path={"batch_id": batch_id}, credential=self.client(by)))

    def accepted(self, delivery: Delivery, item: Item) -> None:
        """A delivery whose first record only prepares, so that the platform has to take it."""
        with preparing("collection"):
            outcome = delivery.outcome(0)
        if outcome.get("outcome") != "accepted":
            raise NotVerified(Message("checks.prerequisite_not_accepted", {"item": item.code}))

    def record_where(
        self, item: Item, subject: Subject, wanted: Callable[[Mapping[str, Any]], bool]
    ) -> dict[str, Any]:
        """A valid record whose content has a wanted property, found by trying."""
        for _ in range(MOST_TRIES):
            record = self.record(item, subject)
            if wanted(record["content"]):
                return record
        raise NotVerified(Message("checks.no_such_record", {"item": item.code}))

    def mobile(self) -> str:
        return self.ctx.plant(identities.mobile(self.world.random, self.world.standard.reserved))

    def settled(self, batch_id: str, by: str = PROVIDER) -> Delivery:
        """The batch once the platform has judged all its records, with the outcomes of all pages."""
        request = Request("getBatch", path={"batch_id": batch_id}, credential=self.client(by))

        def completed() -> Reply | None:
            page = self.ctx.send(request)
            expect.status(page, 200)
            return page if expect.at(page, "/status", str) == "completed" else None

        with preparing("collection"):
            first = self.ctx.wait_until(completed, SETTLE_SECONDS)
            if first is None:
                raise NotVerified(Message("checks.prerequisite_pending", {"seconds": SETTLE_SECONDS}))
            outcomes, reply = self.pages(request, "outcomes", first)
            return Delivery(expect.json_object(first), tuple(outcomes), reply)

    def record_of_person(self, item: Item, field: Field, subject: Subject) -> tuple[Subject, dict[str, Any]]:
        """A stored record in which `field` identifies a person of whom we hold the identity."""
        person = self.subject("natural_person")
        body = records.content_of_person(self.world, item, subject, field, person)
        record = self.envelope(item, subject, body)
        self.provide(item, subject, record)
        return person, record

    def deliver(self, item: Item, *batch: dict[str, Any]) -> Delivery:
        """Deliver records through collection and wait for their outcomes, whatever these are."""
        return self.settled(self.acknowledged(self.post_batch(item.code, batch)))

    def acknowledged(self, reply: Reply) -> str:
        """The id of a batch that the platform has to take."""
        with preparing("collection"):
            expect.status(reply, 202)
            return expect.at(reply, "/batch_id", str)

    def stored(
        self,
        item: Item,
        subject: Subject,
        fixed: Mapping[str, Any] | None = None,
        *,
        optional: bool | None = None,
    ) -> dict[str, Any]:
        """A record that a query finds."""
        record = self.record(item, subject, fixed, optional=optional)
        self.provide(item, subject, record)
        return record

    def provide(self, item: Item, subject: Subject, record: dict[str, Any]) -> None:
        """Have a record in place: delivered and accepted, unless the platform has loaded it."""
        del subject
        if self.fresh or not self.ctx.keep(record):
            self.accepted(self.deliver(item, record), item)
