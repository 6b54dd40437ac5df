"""Batches of queries done wrong."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from reference_impl.mutants import breaks
from reference_impl.parts import Parts
from reference_impl.parts.authorization import AuthorizationParts
from reference_impl.parts.base import BaseParts
from reference_impl.parts.desensitization import DesensitizationParts
from reference_impl.parts.query import QueryParts
from reference_impl.parts.query_batches import HOUR, QueryBatchParts
from reference_impl.parts.wire import WireParts
from reference_impl.store.query_batches import QueryBatch, QueryBatches, QueryLine
from reference_impl.wire.message import Call, Reply

Line = dict[str, Any]


def without_condition(authorization: AuthorizationParts, name: str) -> AuthorizationParts:
    return replace(authorization, conditions={n: c for n, c in authorization.conditions.items() if n != name})


@breaks("QRY-006")
def one_bad_line_fails_the_batch(batches: QueryBatchParts) -> QueryBatchParts:
    """Where one line is wrong, all lines are answered with its problem."""

    def hand_out(call: Call, batch: QueryBatch, line: QueryLine) -> Line:
        lines = call.store[QueryBatches].lines(batch.query_batch_id, -1, batch.lines)
        wrong = next((one.problem for one in lines if one.problem), None)
        return batches.hand_out(call, batch, replace(line, problem=wrong))

    return replace(batches, hand_out=hand_out)


@breaks("QRY-006")
def wrong_lines_are_empty_answers(batches: QueryBatchParts) -> QueryBatchParts:
    """A line that would be refused is answered as if the subject had no records."""

    def hand_out(call: Call, batch: QueryBatch, line: QueryLine) -> Line:
        if line.problem is None:
            return batches.hand_out(call, batch, line)
        first = call.store[QueryBatches].lines(batch.query_batch_id, -1, 1)[0]
        answer = batches.hand_out(call, batch, replace(first, index=line.index))
        nothing = [{**r, "status": "empty", "records": []} for r in answer["reply"]["results"]]
        return {**answer, "reply": {**answer["reply"], "results": nothing}}

    return replace(batches, hand_out=hand_out)


@breaks("QRY-006")
def progress_is_told_in_percent(wire: WireParts) -> WireParts:
    """The number of lines that are worked on is a percentage."""

    def finish(operation: str, reply: Reply) -> Reply:
        reply = wire.finish(operation, reply)
        if operation != "getQueryBatch" or reply.status != 200:
            return reply
        percent = 100 * reply.body["finished"] // reply.body["lines"]
        return replace(reply, body={**reply.body, "finished": percent})

    return replace(wire, finish=finish)


@breaks("QRY-007")
def batches_run_under_the_account_of_the_hub(batches: QueryBatchParts) -> QueryBatchParts:
    """The job that answers batches runs under a system account, for which other rules of disclosure hold."""

    def hand_out(call: Call, batch: QueryBatch, line: QueryLine) -> Line:
        system = replace(call, caller=replace(call.party, audience="hub"))
        result = batches.hand_out(system, batch, line)
        reply = result["reply"] and {**result["reply"], "audience": call.party.audience}
        return {**result, "reply": reply}

    return replace(batches, hand_out=hand_out)


@breaks("QRY-007")
def lines_share_their_authorizations(batches: QueryBatchParts) -> QueryBatchParts:
    """The authorizations of all lines of a batch are collected once, and each line may use all of them."""

    def hand_out(call: Call, batch: QueryBatch, line: QueryLine) -> Line:
        lines = call.store[QueryBatches].lines(batch.query_batch_id, -1, batch.lines)
        pooled = [name for one in lines if not one.problem for name in one.body["authorizations"]]
        cited = {**line.body, "authorizations": pooled} if not line.problem else line.body
        return batches.hand_out(call, batch, replace(line, body=cited))

    return replace(batches, hand_out=hand_out)


@breaks("QRY-007")
def batches_are_not_desensitized(batches: QueryBatchParts) -> QueryBatchParts:
    """What batches disclose is exported from the table as it was collected."""

    def view(item: Any, content: Mapping[str, Any], *_: Any, **__: Any) -> dict[str, Any]:
        return {f.name: {"form": "raw", "value": content[f.name]} for f in item.fields if f.name in content}

    def hand_out(call: Call, batch: QueryBatch, line: QueryLine) -> Line:
        return batches.hand_out(
            replace(call, parts=call.parts.with_groups(replace(call.parts[DesensitizationParts], view=view))),
            batch,
            line,
        )

    return replace(batches, hand_out=hand_out)


@breaks("QRY-008")
def revocations_do_not_reach_batches(batches: QueryBatchParts) -> QueryBatchParts:
    """An authorization that was in force when the batch was made serves for as long as the batch is kept."""

    def hand_out(call: Call, batch: QueryBatch, line: QueryLine) -> Line:
        return batches.hand_out(
            replace(
                call,
                parts=call.parts.with_groups(
                    without_condition(call.parts[AuthorizationParts], "not_revoked")
                ),
            ),
            batch,
            line,
        )

    return replace(batches, hand_out=hand_out)


@breaks("QRY-008")
def records_are_those_that_were_first_handed_out(parts: Parts) -> Parts:
    """The records of a batch are exported once, and each later page is read from that file."""
    exported: dict[tuple[str, int, str], Any] = {}

    def hand_out(call: Call, batch: QueryBatch, line: QueryLine) -> Line:
        def find(inner: Call, code: str, ids: Any, today: str) -> Any:
            place = (batch.query_batch_id, line.index, code)
            if ids and place not in exported:
                exported[place] = list(parts[QueryParts].find_records(inner, code, ids, today))
            return exported[place] if ids else []

        return parts[QueryBatchParts].hand_out(
            replace(call, parts=call.parts.with_groups(replace(call.parts[QueryParts], find_records=find))),
            batch,
            line,
        )

    return parts.with_groups(replace(parts[QueryBatchParts], hand_out=hand_out))


@breaks("QRY-009")
def whoever_has_the_address_reads_the_batch(batches: QueryBatchParts) -> QueryBatchParts:
    """The identifier of a batch is taken for a secret, so that nobody asks whose it is."""
    return replace(batches, may_read=lambda _caller, _batch: True)


@breaks("QRY-009")
def batches_are_kept_for_an_hour(batches: QueryBatchParts) -> QueryBatchParts:
    """Batches are removed after an hour, whatever is declared."""
    return replace(batches, keep_until=lambda now, _hours: now + HOUR)


@breaks("QRY-009")
def batches_are_cut_at_the_limit(batches: QueryBatchParts) -> QueryBatchParts:
    """Lines beyond the limit are dropped without a word."""

    def fit(queries: Sequence[Any], limit: int) -> Sequence[Any]:
        return queries[:limit]

    return replace(batches, fit=fit)


@breaks("QRY-015")
def lines_go_by_the_number_of_their_batch(batches: QueryBatchParts) -> QueryBatchParts:
    """All lines of a batch are disclosed under the identifier of the batch."""

    def hand_out(call: Call, batch: QueryBatch, line: QueryLine) -> Line:
        named = call.parts.with_groups(
            replace(call.parts[BaseParts], new_id=lambda _kind, _about: batch.query_batch_id)
        )
        return batches.hand_out(replace(call, parts=named), batch, line)

    return replace(batches, hand_out=hand_out)


@breaks("QRY-015")
def only_the_first_download_is_logged(batches: QueryBatchParts) -> QueryBatchParts:
    """That the results of a batch are fetched again is not written to the audit log."""
    fetched: set[tuple[str, int]] = set()

    def hand_out(call: Call, batch: QueryBatch, line: QueryLine) -> Line:
        was_fetched = (batch.query_batch_id, line.index) in fetched
        fetched.add((batch.query_batch_id, line.index))
        quiet = (
            call.parts.with_groups(replace(call.parts[QueryParts], note_query=lambda *_: None))
            if was_fetched
            else call.parts
        )
        return batches.hand_out(replace(call, parts=quiet), batch, line)

    return replace(batches, hand_out=hand_out)
