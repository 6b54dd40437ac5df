"""Batches of queries: taken at once, worked on afterwards, disclosed only when they are fetched.

A batch keeps the questions and no copy of a record: what is handed out is decided when it is handed out, so
that neither a revocation nor a withdrawal has copies to chase.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from reference_impl.http import paging
from reference_impl.http.query import answer
from reference_impl.policy.model import CHINA, Refusal
from reference_impl.store.query_batches import QueryBatch, QueryLine
from reference_impl.wire.message import Call, Reply, moment

LINES_AT_ONCE = 50
"""Lines that one piece of work, and one page of results, handles at most."""
HOUR = 3600


def create(call: Call) -> Reply:
    """Take a batch; the reply leaves after the commit, and the work is done by the worker."""
    limits = call.settings.limits
    queries = call.parts.fit_batch(call.body["queries"], limits.max_query_batch_lines)
    now = int(call.now.timestamp())
    batch = QueryBatch(
        query_batch_id=call.parts.new_id("batch", {}),
        client_id=call.party.client_id,
        lines=len(queries),
        finished=0,
        submitted_at=call.at,
        kept_until=call.parts.keep_until(now, limits.query_batch_hours),
    )
    call.store.query_batches.forget(now)
    call.store.query_batches.add(batch, queries)
    call.note("query_batch", f"{batch.lines} lines")
    return Reply(202, _view(batch), {"Location": f"/v1/query-batches/{batch.query_batch_id}"})


def fit(queries: Sequence[Any], limit: int) -> Sequence[Any]:
    """The queries of a batch, all of them or none."""
    if len(queries) > limit:
        raise Refusal("payload_too_large")
    return queries


def read(call: Call) -> Reply:
    return Reply(200, _view(_of_caller(call)))


def read_results(call: Call) -> Reply:
    """A page of results, each decided by what holds now."""
    batch = _of_caller(call)
    if batch.finished < batch.lines:
        raise Refusal("conflict")
    name = batch.query_batch_id
    after, size = paging.position(call, name), min(paging.limit(call), LINES_AT_ONCE)
    lines = call.store.query_batches.lines(name, after, size + 1)
    following = paging.cursor(call, name, lines[size - 1].index) if len(lines) > size else None
    results = [call.parts.hand_out(call, batch, line) for line in lines[:size]]
    return Reply(200, {"query_batch_id": name, "results": results, "next_cursor": following})


def hand_out(call: Call, _batch: QueryBatch, line: QueryLine) -> dict[str, Any]:
    """One line as it is answered now."""
    if line.problem is not None:
        return _result(line, None, line.problem)
    try:
        reply = answer(replace(call, body=line.body))
    except Refusal as refusal:
        return _result(line, None, call.parts.problem(refusal.problem).body)
    return _result(line, {**reply, "channel": "query_batch"}, None)


def keep_until(now: int, hours: int) -> int:
    return now + hours * HOUR


def advance(call: Call) -> bool:
    """Work on the next lines of the oldest unfinished batch; whether there was anything to do."""
    batch = call.store.query_batches.unfinished()
    if batch is None:
        return False
    lines = call.store.query_batches.lines(batch.query_batch_id, batch.finished - 1, LINES_AT_ONCE)
    judged = ((line.index, _problem(replace(call, body=line.body))) for line in lines)
    refused = {index: problem for index, problem in judged if problem is not None}
    call.store.query_batches.advance(batch, refused, len(lines))
    return True


def _problem(call: Call) -> Mapping[str, Any] | None:
    """How a line would be refused if it were a query by itself; None for one that will be answered."""
    try:
        call.parts.check_line(call)
    except Refusal as refusal:
        body: Mapping[str, Any] = call.parts.problem(refusal.problem).body
        return body
    return None


def _of_caller(call: Call) -> QueryBatch:
    name = call.request.parameters["query_batch_id"]
    batch = call.store.query_batches.get(name, int(call.now.timestamp()))
    if batch is None or not call.parts.may_read_query_batch(call.party, batch):
        raise Refusal("not_found")
    return batch


def _view(batch: QueryBatch) -> dict[str, Any]:
    done = batch.finished == batch.lines
    return {
        "query_batch_id": batch.query_batch_id,
        "state": "done" if done else "running" if batch.finished else "queued",
        "lines": batch.lines,
        "finished": batch.finished,
        "submitted_at": batch.submitted_at,
        "kept_until": moment(datetime.fromtimestamp(batch.kept_until, CHINA)),
    }


def _result(line: QueryLine, reply: Any, problem: Any) -> dict[str, Any]:
    return {"index": line.index, "reply": reply, "problem": problem}
