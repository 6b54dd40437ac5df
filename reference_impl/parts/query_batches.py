"""Decisions about batches of queries: their size, their readers, and each line when it is handed out."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from reference_impl.knowledge import Setup
from reference_impl.parts.query import QueryParts, answer
from reference_impl.parts.wire import WireParts
from reference_impl.policy import query
from reference_impl.policy.model import Caller, Refusal
from reference_impl.store.query_batches import QueryBatch, QueryLine
from reference_impl.wire.message import JSON, Call

HOUR = 3600
"""Seconds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class QueryBatchParts:
    """Decisions about batches of queries."""

    fit: Callable[[Sequence[Any], int], Sequence[Any]]
    """The queries of a batch within a limit. Raises Refusal for a larger batch."""
    hand_out: Callable[[Call, QueryBatch, QueryLine], dict[str, Any]]
    """The result of one line, decided by what holds now."""
    keep_until: Callable[[int, int], int]
    """POSIX seconds at which a batch is removed, by now and the declared hours."""
    may_read: Callable[[Caller, QueryBatch], bool]


def honest(_setup: Setup) -> QueryBatchParts:
    """A batch keeps the queries and no copy of a record."""
    return QueryBatchParts(fit=fit, hand_out=hand_out, keep_until=keep_until, may_read=query.may_read_batch)


def fit(queries: Sequence[Any], limit: int) -> Sequence[Any]:
    """All queries of a batch. Raises Refusal beyond the limit."""
    if len(queries) > limit:
        raise Refusal("payload_too_large")
    return queries


def hand_out(call: Call, _batch: QueryBatch, line: QueryLine) -> dict[str, Any]:
    """One line: the reply as a single query would get it now, or its problem."""
    if line.problem is not None:
        return _result(line, None, line.problem)
    try:
        reply = answer(replace(call, body=line.body))
    except Refusal as refusal:
        return _result(line, None, call.parts[WireParts].problem(refusal.problem).body)
    return _result(line, {**reply, "channel": "query_batch"}, None)


def keep_until(now: int, hours: int) -> int:
    """The end of the declared time, in POSIX seconds."""
    return now + hours * HOUR


def check_line(call: Call) -> None:
    """Raises Refusal for a line that would be refused as a query by itself."""
    errors = call.parts[WireParts].request_errors("createQuery", JSON, call.body)
    if errors:
        raise Refusal("invalid_request", errors=errors)
    call.parts[QueryParts].check_query(call)


def _result(line: QueryLine, reply: Any, problem: Any) -> dict[str, Any]:
    return {"index": line.index, "reply": reply, "problem": problem}
