"""Institutions that ask in batches: the batch is taken, worked on, and read page by page."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from conformance import expect
from conformance.actors.actor import preparing
from conformance.actors.inquirer import Inquiry
from conformance.expect import NotVerified
from conformance.model.text import Message
from conformance.model.wire import Credential, Reply, Request

SETTLE_SECONDS = 10.0


@dataclass(frozen=True, slots=True)
class Answers:
    """The results of a batch over all pages."""

    lines: tuple[Mapping[str, Any], ...]
    reply: Reply
    """The last page."""

    def line(self, index: int) -> Mapping[str, Any]:
        """The one result of the query at this place of the batch."""
        found = [one for one in self.lines if expect.same(one.get("index"), index)]
        message = Message("checks.results_of_one", {"index": index, "count": len(found)})
        expect.true(len(found) == 1, message, where="reply.body/results", reply=self.reply)
        return found[0]

    def answer(self, index: int) -> dict[str, Any]:
        """What the query at this place was answered."""
        answer = self.line(index).get("reply")
        where = f"reply.body/results/{index}/reply"
        expect.true(
            isinstance(answer, dict), Message("checks.empty", {"where": where}), where=where, reply=self.reply
        )
        return dict(answer or {})

    def result(self, index: int) -> dict[str, Any]:
        """The first result of what the query at this place was answered."""
        results = self.answer(index).get("results")
        where = f"reply.body/results/{index}/reply/results"
        found = isinstance(results, list) and results and isinstance(results[0], dict)
        expect.true(found, Message("checks.empty", {"where": where}), where=where, reply=self.reply)
        return dict(results[0]) if isinstance(results, list) else {}


class BatchInquiry(Inquiry):
    def post_queries(
        self, credential: Credential, queries: Sequence[Any], key: str | None = None, *, valid: bool = True
    ) -> Reply:
        return self.ctx.send(
            Request(
                "createQueryBatch",
                headers={"Idempotency-Key": key or self.new_key()},
                body={"queries": list(queries)},
                credential=credential,
                valid=valid,
            )
        )

    def taken(self, reply: Reply) -> str:
        """The id of a batch that the platform has to take."""
        with preparing("query"):
            expect.status(reply, 202)
            return expect.at(reply, "/query_batch_id", str)

    def query_batch(self, credential: Credential, query_batch_id: str) -> Reply:
        return self.ctx.send(self._batch("getQueryBatch", credential, query_batch_id))

    def query_batch_page(self, credential: Credential, query_batch_id: str) -> Reply:
        return self.ctx.send(self._batch("getQueryBatchResults", credential, query_batch_id))

    def worked_on(self, credential: Credential, query_batch_id: str) -> Reply:
        """The batch once it is done."""

        def done() -> Reply | None:
            reply = self.query_batch(credential, query_batch_id)
            expect.status(reply, 200)
            return reply if expect.at(reply, "/state", str) == "done" else None

        with preparing("query"):
            found = self.ctx.wait_until(done, SETTLE_SECONDS)
        if found is None:
            raise NotVerified(Message("checks.prerequisite_pending", {"seconds": SETTLE_SECONDS}))
        return found

    def answers(self, credential: Credential, query_batch_id: str) -> Answers:
        """What is handed out now, over all pages."""
        request = self._batch("getQueryBatchResults", credential, query_batch_id)
        lines, last = self.pages(request, "results")
        return Answers(tuple(lines), last)

    def ask_many(self, credential: Credential, queries: Sequence[Any]) -> Answers:
        """Ask in one batch and read the results when it is done."""
        name = self.taken(self.post_queries(credential, queries))
        self.worked_on(credential, name)
        return self.answers(credential, name)

    def _batch(self, operation: str, credential: Credential, query_batch_id: str) -> Request:
        return Request(operation, path={"query_batch_id": query_batch_id}, credential=credential)
