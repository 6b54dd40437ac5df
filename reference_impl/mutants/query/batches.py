"""Batches of queries done wrong."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from reference_impl.http.query_batches import HOUR
from reference_impl.mutants import breaks
from reference_impl.parts import Parts
from reference_impl.store.query_batches import QueryBatch, QueryLine
from reference_impl.wire.message import Call, Reply

Line = dict[str, Any]


def without_condition(parts: Parts, name: str) -> Parts:
    return replace(parts, conditions={n: c for n, c in parts.conditions.items() if n != name})


@breaks("QRY-006")
def one_bad_line_fails_the_batch(parts: Parts) -> Parts:
    """Where one line is wrong, all lines are answered with its problem."""

    def hand_out(call: Call, batch: QueryBatch, line: QueryLine) -> Line:
        lines = call.store.query_batches.lines(batch.query_batch_id, -1, batch.lines)
        wrong = next((one.problem for one in lines if one.problem), None)
        return parts.hand_out(call, batch, replace(line, problem=wrong))

    return replace(parts, hand_out=hand_out)


@breaks("QRY-006")
def wrong_lines_are_empty_answers(parts: Parts) -> Parts:
    """A line that would be refused is answered as if the subject had no records."""

    def hand_out(call: Call, batch: QueryBatch, line: QueryLine) -> Line:
        if line.problem is None:
            return parts.hand_out(call, batch, line)
        first = call.store.query_batches.lines(batch.query_batch_id, -1, 1)[0]
        answer = parts.hand_out(call, batch, replace(first, index=line.index))
        nothing = [{**r, "status": "empty", "records": []} for r in answer["reply"]["results"]]
        return {**answer, "reply": {**answer["reply"], "results": nothing}}

    return replace(parts, hand_out=hand_out)


@breaks("QRY-006")
def progress_is_told_in_percent(parts: Parts) -> Parts:
    """The number of lines that are worked on is a percentage."""

    def finish(operation: str, reply: Reply) -> Reply:
        reply = parts.finish(operation, reply)
        if operation != "getQueryBatch" or reply.status != 200:
            return reply
        percent = 100 * reply.body["finished"] // reply.body["lines"]
        return replace(reply, body={**reply.body, "finished": percent})

    return replace(parts, finish=finish)


@breaks("QRY-007")
def batches_run_under_the_account_of_the_hub(parts: Parts) -> Parts:
    """The job that answers batches runs under a system account, for which other rules of disclosure hold."""

    def hand_out(call: Call, batch: QueryBatch, line: QueryLine) -> Line:
        system = replace(call, caller=replace(call.party, audience="hub"))
        result = parts.hand_out(system, batch, line)
        reply = result["reply"] and {**result["reply"], "audience": call.party.audience}
        return {**result, "reply": reply}

    return replace(parts, hand_out=hand_out)


@breaks("QRY-007")
def lines_share_their_authorizations(parts: Parts) -> Parts:
    """The authorizations of all lines of a batch are collected once, and each line may use all of them."""

    def hand_out(call: Call, batch: QueryBatch, line: QueryLine) -> Line:
        lines = call.store.query_batches.lines(batch.query_batch_id, -1, batch.lines)
        pooled = [name for one in lines if not one.problem for name in one.body["authorizations"]]
        cited = {**line.body, "authorizations": pooled} if not line.problem else line.body
        return parts.hand_out(call, batch, replace(line, body=cited))

    return replace(parts, hand_out=hand_out)


@breaks("QRY-007")
def batches_are_not_desensitized(parts: Parts) -> Parts:
    """What batches disclose is exported from the table as it was collected."""

    def view(item: Any, content: Mapping[str, Any], *_: Any, **__: Any) -> dict[str, Any]:
        return {f.name: {"form": "raw", "value": content[f.name]} for f in item.fields if f.name in content}

    def hand_out(call: Call, batch: QueryBatch, line: QueryLine) -> Line:
        return parts.hand_out(replace(call, parts=replace(call.parts, view=view)), batch, line)

    return replace(parts, hand_out=hand_out)


@breaks("QRY-008")
def revocations_do_not_reach_batches(parts: Parts) -> Parts:
    """An authorization that was in force when the batch was made serves for as long as the batch is kept."""

    def hand_out(call: Call, batch: QueryBatch, line: QueryLine) -> Line:
        return parts.hand_out(replace(call, parts=without_condition(call.parts, "not_revoked")), batch, line)

    return replace(parts, hand_out=hand_out)


@breaks("QRY-008")
def records_are_those_that_were_first_handed_out(parts: Parts) -> Parts:
    """The records of a batch are exported once, and each later page is read from that file."""
    exported: dict[tuple[str, int, str], Any] = {}

    def hand_out(call: Call, batch: QueryBatch, line: QueryLine) -> Line:
        def find(inner: Call, code: str, ids: Any, today: str) -> Any:
            place = (batch.query_batch_id, line.index, code)
            if ids and place not in exported:
                exported[place] = list(parts.find_records(inner, code, ids, today))
            return exported[place] if ids else []

        return parts.hand_out(replace(call, parts=replace(call.parts, find_records=find)), batch, line)

    return replace(parts, hand_out=hand_out)


@breaks("QRY-009")
def whoever_has_the_address_reads_the_batch(parts: Parts) -> Parts:
    """The identifier of a batch is taken for a secret, so that nobody asks whose it is."""
    return replace(parts, may_read_query_batch=lambda _caller, _batch: True)


@breaks("QRY-009")
def batches_are_kept_for_an_hour(parts: Parts) -> Parts:
    """Batches are removed after an hour, whatever is declared."""
    return replace(parts, keep_until=lambda now, _hours: now + HOUR)


@breaks("QRY-009")
def batches_are_cut_at_the_limit(parts: Parts) -> Parts:
    """Lines beyond the limit are dropped without a word."""

    def fit(queries: Sequence[Any], limit: int) -> Sequence[Any]:
        return queries[:limit]

    return replace(parts, fit_batch=fit)


@breaks("QRY-015")
def lines_go_by_the_number_of_their_batch(parts: Parts) -> Parts:
    """All lines of a batch are disclosed under the identifier of the batch."""

    def hand_out(call: Call, batch: QueryBatch, line: QueryLine) -> Line:
        named = replace(call.parts, new_id=lambda _kind, _about: batch.query_batch_id)
        return parts.hand_out(replace(call, parts=named), batch, line)

    return replace(parts, hand_out=hand_out)


@breaks("QRY-015")
def only_the_first_download_is_logged(parts: Parts) -> Parts:
    """That the results of a batch are fetched again is not written to the audit log."""
    fetched: set[tuple[str, int]] = set()

    def hand_out(call: Call, batch: QueryBatch, line: QueryLine) -> Line:
        known = (batch.query_batch_id, line.index) in fetched
        fetched.add((batch.query_batch_id, line.index))
        quiet = replace(call.parts, note_query=lambda *_: None) if known else call.parts
        return parts.hand_out(replace(call, parts=quiet), batch, line)

    return replace(parts, hand_out=hand_out)
