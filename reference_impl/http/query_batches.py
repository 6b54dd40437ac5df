"""Batches of queries: accepted at once, checked in the background, disclosed only when they are fetched.

A batch keeps the queries and no copy of a record: each result is decided when it is handed out, so
that neither a revocation nor a withdrawal has copies to chase.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from reference_impl.china_time import CHINA
from reference_impl.http import paging
from reference_impl.http.operations import background_work, handles
from reference_impl.parts.base import BaseParts
from reference_impl.parts.query_batches import QueryBatchParts, check_line
from reference_impl.parts.security import log_event
from reference_impl.parts.wire import WireParts
from reference_impl.policy.model import Refusal
from reference_impl.store.query_batches import QueryBatch, QueryBatches
from reference_impl.wire.message import Call, Reply, moment

PAGE_LINES = 50
"""Most lines in one page of results, and in one piece of background work."""


@handles("createQueryBatch", wakes_worker=True)
def create(call: Call) -> Reply:
    """Accept a batch; the reply leaves after the commit, and the worker checks the lines."""
    group, limits = call.parts[QueryBatchParts], call.settings.limits
    queries = group.fit(call.body["queries"], limits.max_query_batch_lines)
    now = int(call.now.timestamp())
    batch = QueryBatch(
        query_batch_id=call.parts[BaseParts].new_id("batch", {}),
        client_id=call.party.client_id,
        lines=len(queries),
        finished=0,
        submitted_at=call.at,
        kept_until=group.keep_until(now, limits.query_batch_hours),
    )
    call.store[QueryBatches].forget(now)
    call.store[QueryBatches].add(batch, queries)
    log_event(call, "query_batch", f"{batch.lines} lines")
    return Reply(202, _view(batch), {"Location": f"/v1/query-batches/{batch.query_batch_id}"})


@handles("getQueryBatch", wakes_worker=True)
def read(call: Call) -> Reply:
    """The progress of a batch."""
    return Reply(200, _view(_batch(call)))


@handles("getQueryBatchResults")
def read_results(call: Call) -> Reply:
    """A page of results, each decided by what holds now."""
    batch = _batch(call)
    if batch.finished < batch.lines:
        raise Refusal("conflict")
    name = batch.query_batch_id
    after, size = paging.position(call, name), min(paging.limit(call), PAGE_LINES)
    lines = call.store[QueryBatches].lines(name, after, size + 1)
    following = paging.cursor(call, name, lines[size - 1].index) if len(lines) > size else None
    hand_out = call.parts[QueryBatchParts].hand_out
    results = [hand_out(call, batch, line) for line in lines[:size]]
    return Reply(200, {"query_batch_id": name, "results": results, "next_cursor": following})


@background_work
def check_lines(call: Call) -> bool:
    """Check the next lines of the oldest unfinished batch; whether there were any."""
    batches = call.store[QueryBatches]
    batch = batches.unfinished()
    if batch is None:
        return False
    lines = batches.lines(batch.query_batch_id, batch.finished - 1, PAGE_LINES)
    problems = ((line.index, _problem(replace(call, body=line.body))) for line in lines)
    refused = {index: problem for index, problem in problems if problem is not None}
    batches.advance(batch, refused, len(lines))
    return True


def _problem(call: Call) -> Mapping[str, Any] | None:
    """The problem with which a line would be refused as a query by itself; None for a valid line."""
    try:
        check_line(call)
    except Refusal as refusal:
        body: Mapping[str, Any] = call.parts[WireParts].problem(refusal.problem).body
        return body
    return None


def _batch(call: Call) -> QueryBatch:
    """The batch in the path. Raises Refusal where it is not there for the caller."""
    name = call.request.parameters["query_batch_id"]
    batch = call.store[QueryBatches].get(name, int(call.now.timestamp()))
    if batch is None or not call.parts[QueryBatchParts].may_read(call.party, batch):
        raise Refusal("not_found")
    return batch


def _view(batch: QueryBatch) -> dict[str, Any]:
    is_finished = batch.finished == batch.lines
    return {
        "query_batch_id": batch.query_batch_id,
        "state": "done" if is_finished else "running" if batch.finished else "queued",
        "lines": batch.lines,
        "finished": batch.finished,
        "submitted_at": batch.submitted_at,
        "kept_until": moment(datetime.fromtimestamp(batch.kept_until, CHINA)),
    }
