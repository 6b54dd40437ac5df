"""Providers (数据提供方) that deliver records and read their outcomes."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from conformance import expect
from conformance.actors import records
from conformance.actors.actor import preparing
from conformance.actors.client import NetworkClient
from conformance.actors.deliveries import DeliveredBatch, acknowledged_batch, require_accepted
from conformance.actors.sample_registry import existing_id, sample_body, unknown_id
from conformance.actors.source import ON_DEMAND, RecordSource
from conformance.actors.subject import Subject, new_subject
from conformance.expect import NotVerified
from conformance.model.context import Context
from conformance.model.media_types import NDJSON
from conformance.model.shapes import Field, Item
from conformance.model.text import Message
from conformance.model.wire import Raw, Reply, Request
from conformance.oracles.validate import item_validator

PROVIDER, OTHER_PROVIDER = "provider", "other_provider"
SETTLE_SECONDS = 10.0
"""Time that the platform has to judge the records of a batch."""
MOST_TRIES = 200


@dataclass(frozen=True, eq=False, kw_only=True)
class DataProvider(NetworkClient):
    """Makes records, delivers them, or holds them ready at their source."""

    role: str = PROVIDER

    @cached_property
    def source(self) -> RecordSource:
        """The source with the records that it does not deliver."""
        return RecordSource(self.ctx, fresh=self.fresh)

    def record(
        self,
        item: Item,
        subject: Subject,
        fixed: Mapping[str, Any] | None = None,
        *,
        optional: bool | None = None,
    ) -> dict[str, Any]:
        """A valid record of the item about the subject; `fixed` sets fields of its content."""
        violations = item_validator(item)
        for _ in range(MOST_TRIES):
            content = records.content(self.world, item, subject, fixed or {}, optional=optional)
            # What is fixed may not fit what a condition then asks for.
            if not fixed or not violations(content):
                break
        return self.envelope(item, subject, content)

    def record_of_person(self, item: Item, field: Field, subject: Subject) -> tuple[Subject, dict[str, Any]]:
        """A stored record in which `field` identifies a natural person, and that person."""
        person = new_subject(self.ctx, "natural_person", fresh=self.fresh)
        content = records.content_of_person(self.world, item, subject, field, person)
        record = self.envelope(item, subject, content)
        self.provide(item, subject, record)
        return person, record

    def envelope(
        self, item: Item, subject: Subject, content: Mapping[str, Any] | None, **members: Any
    ) -> dict[str, Any]:
        """The content (None: a withdrawal) as a record of this provider; `members` replaces members."""
        uscc = self._uscc()
        provider = {"provider_uscc": uscc} if uscc else {}
        return records.envelope(self.world, item, subject, content, **provider, **members)

    def withdrawal(self, item: Item, subject: Subject, record: Mapping[str, Any]) -> dict[str, Any]:
        """The withdrawal of a record in its first version."""
        return self.envelope(item, subject, None, record_id=record["record_id"], record_version=2)

    def submit(self, *batch: Mapping[str, Any], key: str | None = None) -> Reply:
        """The reply to a batch of records of one item; `key` is its Idempotency-Key."""
        body = {"item_code": batch[0]["item_code"], "records": list(batch)}
        return self.call("createBatch", body, key=key)

    def submit_bytes(self, content: bytes, media_type: str = NDJSON, **headers: str) -> Reply:
        """The reply to a body sent byte for byte, which may be malformed on purpose."""
        return self.call("createBatch", Raw(content, media_type), headers=headers, valid=False)

    def deliver(self, *batch: Mapping[str, Any]) -> DeliveredBatch:
        """A delivery of records of one item with their outcomes, whatever these are."""
        return self.await_outcomes(acknowledged_batch(self.submit(*batch)))

    def deliver_accepted(self, record: Mapping[str, Any]) -> DeliveredBatch:
        """A delivery of a record that only prepares. Raises NotVerified where it is not accepted."""
        delivery = self.deliver(record)
        require_accepted(delivery, record["item_code"])
        return delivery

    def await_outcomes(self, batch_id: str) -> DeliveredBatch:
        """The batch once all its records are judged, over all pages. Raises NotVerified after ten seconds."""
        request = Request("getBatch", path={"batch_id": batch_id}, credential=self.credential)

        def completed() -> Reply | None:
            page = self.ctx.send(request)
            expect.status(page, 200)
            return page if expect.at(page, "/status", str) == "completed" else None

        with preparing("collection"):
            first = self.ctx.wait_until(completed, SETTLE_SECONDS)
            if first is None:
                raise NotVerified(Message("checks.prerequisite_pending", {"seconds": SETTLE_SECONDS}))
            outcomes, last = self.pages(request, "outcomes", first)
            return DeliveredBatch(expect.json_object(first), tuple(outcomes), last)

    def store(
        self,
        item: Item,
        subject: Subject,
        fixed: Mapping[str, Any] | None = None,
        *,
        optional: bool | None = None,
    ) -> dict[str, Any]:
        """A new record that a query finds; `fixed` sets fields of its content."""
        record = self.record(item, subject, fixed, optional=optional)
        self.provide(item, subject, record)
        return record

    def provide(self, item: Item, subject: Subject, record: dict[str, Any]) -> None:
        """Have a record in place: ready at its source, loaded beforehand, or delivered and accepted."""
        if item.collection_mode == ON_DEMAND:
            self.source.add_records(item, subject, record)
        elif self.fresh or not self.ctx.keep(record):
            self.deliver_accepted(record)

    def _uscc(self) -> str:
        """The provider that our records name; empty for one of each record's own."""
        target = self.ctx.target
        if target.data_set is not None and not self.fresh:
            return target.data_set.provider_uscc
        return target.clients[PROVIDER].uscc if PROVIDER in target.clients else ""


@sample_body("createBatch")
def sample_batch(ctx: Context, item: Item, subject: Subject) -> dict[str, Any]:
    """A delivery of one valid record."""
    return {"item_code": item.code, "records": [DataProvider(ctx).record(item, subject)]}


@existing_id("batch_id")
def existing_batch(ctx: Context) -> str:
    """A batch that the platform has taken."""
    provider, item = DataProvider(ctx), ctx.standard.checklist.items[0]
    return acknowledged_batch(provider.submit(provider.record(item, new_subject(ctx))))


@unknown_id("item_code")
@existing_id("item_code")
def first_item(ctx: Context) -> str:
    """An item of the checklist: of items nothing is kept from anybody."""
    return ctx.standard.checklist.items[0].code
