"""Parties that ask the platform: single queries, batches of queries, the catalogue."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from conformance import expect
from conformance.actors.actor import Actor, prepared_id, preparing
from conformance.actors.authorizations import PRE_LOAN, Citation, Grant, authorization_id
from conformance.actors.sample_registry import sample_body
from conformance.expect import NotVerified
from conformance.model.context import Context
from conformance.model.shapes import Item
from conformance.model.text import Message
from conformance.model.wire import Reply, Request

SETTLE_SECONDS = 10.0
"""Time that the platform has for a batch of queries that only prepares."""
Citing = Citation | Sequence[Citation]


class Queried(Protocol):
    """A subject as a query names it."""

    @property
    def reference(self) -> dict[str, Any]:
        """The type and the identifiers of the subject."""


@dataclass(frozen=True, slots=True)
class BatchResults:
    """The results of a batch of queries over all pages."""

    lines: tuple[Mapping[str, Any], ...]
    reply: Reply
    """The last page."""

    def line(self, index: int) -> Mapping[str, Any]:
        """The one result of the query at this place of the batch, from 0."""
        lines = [line for line in self.lines if expect.same(line.get("index"), index)]
        message = Message("checks.results_of_one", {"index": index, "count": len(lines)})
        expect.true(len(lines) == 1, message, where="reply.body/results", reply=self.reply)
        return lines[0]

    def answer(self, index: int) -> dict[str, Any]:
        """The answer to the query at this place of the batch, as a single query would get it."""
        answer = self.line(index).get("reply")
        where = f"reply.body/results/{index}/reply"
        empty = Message("checks.empty", {"where": where})
        expect.true(isinstance(answer, dict), empty, where=where, reply=self.reply)
        return dict(answer or {})

    def result(self, index: int) -> dict[str, Any]:
        """The first result of the answer to the query at this place of the batch."""
        results = self.answer(index).get("results")
        where = f"reply.body/results/{index}/reply/results"
        listed = isinstance(results, list) and results and isinstance(results[0], dict)
        expect.true(listed, Message("checks.empty", {"where": where}), where=where, reply=self.reply)
        return dict(results[0]) if isinstance(results, list) else {}


@dataclass(frozen=True, eq=False)
class Inquirer(Actor):
    """A party that may ask about subjects."""

    def query(self, subject: Queried, *items: Item, citing: Citing = (), purpose: str = PRE_LOAN) -> Reply:
        """The reply to a query about the items of a subject, citing authorizations."""
        return self.call("createQuery", query_body(subject, *items, citing=citing, purpose=purpose))

    def positive_control(
        self, subject: Queried, item: Item, citing: Citing = (), purpose: str = PRE_LOAN
    ) -> Reply:
        """The reply that discloses a record: what must disappear has to be there first.

        Raises NotVerified where the item is not disclosed.
        """
        return disclosing(self.query(subject, item, citing=citing, purpose=purpose), item)

    def submit_queries(self, queries: Sequence[Any], *, key: str | None = None, valid: bool = True) -> Reply:
        """The reply to a batch of queries."""
        return self.call("createQueryBatch", {"queries": list(queries)}, key=key, valid=valid)

    def await_query_batch(self, query_batch_id: str) -> Reply:
        """The state of a batch once it is done. Raises NotVerified after ten seconds."""

        def done() -> Reply | None:
            reply = self.call("getQueryBatch", query_batch_id=query_batch_id)
            expect.status(reply, 200)
            return reply if expect.at(reply, "/state", str) == "done" else None

        with preparing("query"):
            finished = self.ctx.wait_until(done, SETTLE_SECONDS)
        if finished is None:
            raise NotVerified(Message("checks.prerequisite_pending", {"seconds": SETTLE_SECONDS}))
        return finished

    def read_results(self, query_batch_id: str) -> BatchResults:
        """The results of a batch as handed out now, over all pages."""
        path = {"query_batch_id": query_batch_id}
        request = Request("getQueryBatchResults", path=path, credential=self.credential)
        lines, last = self.pages(request, "results")
        return BatchResults(tuple(lines), last)

    def query_in_batch(self, queries: Sequence[Any]) -> BatchResults:
        """The results of a batch of queries once it is done."""
        query_batch_id = accepted_query_batch(self.submit_queries(queries))
        self.await_query_batch(query_batch_id)
        return self.read_results(query_batch_id)

    def list_catalog(self, **query: str) -> tuple[list[dict[str, Any]], Reply]:
        """All entries of the catalogue, and its last page."""
        return self.listing("getCatalog", "items", **query)

    def read_catalog_entry(self, item: Item, **query: str) -> Reply:
        """The catalogue's entry of an item."""
        return self.call("getCatalogItem", item_code=item.code, query=query)


def query_body(
    subject: Queried, *items: Item, citing: Citing = (), purpose: str = PRE_LOAN
) -> dict[str, Any]:
    """The body of a query about the items of a subject, citing authorizations."""
    citations = [citing] if isinstance(citing, (Grant, str)) else citing
    return {
        "subject": subject.reference,
        "items": [item.code for item in items],
        "purpose": purpose,
        "authorizations": [authorization_id(citation) for citation in citations],
    }


def disclosing(reply: Reply, item: Item) -> Reply:
    """A reply about one item whose first record has fields. Raises NotVerified on any other."""
    with preparing("query"):
        expect.status(reply, 200)
        result = expect.at(reply, "/results/0", dict)
        count = len(expect.at(reply, "/results", list))
        if result.get("status") == "ok" and count == 1:
            expect.at(reply, "/results/0/records/0/fields", dict)
            return reply
    raise NotVerified(Message("checks.control_failed", {"item": item.code, "status": result.get("status")}))


def accepted_query_batch(reply: Reply) -> str:
    """The id of a batch of queries that the platform has to take. Raises NotVerified otherwise."""
    return prepared_id(reply, "query", 202, "query_batch_id")


@sample_body("createQuery")
def sample_query(_ctx: Context, item: Item, subject: Queried) -> dict[str, Any]:
    """A query without authorizations."""
    return query_body(subject, item)


@sample_body("createQueryBatch")
def sample_query_batch(_ctx: Context, item: Item, subject: Queried) -> dict[str, Any]:
    """A batch of one query."""
    return {"queries": [query_body(subject, item)]}


@sample_body("previewDesensitization")
def sample_preview(ctx: Context, _item: Item, _subject: Queried) -> dict[str, Any]:
    """A preview of the empty value."""
    return {"type": next(iter(ctx.standard.desensitization.types)), "kind": "part", "value": ""}
