"""A delivered batch and the outcomes of its records."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from conformance import expect
from conformance.actors.actor import prepared_id, preparing
from conformance.expect import NotVerified
from conformance.model.text import Message
from conformance.model.wire import Reply


@dataclass(frozen=True, slots=True)
class DeliveredBatch:
    """A delivered batch with the outcomes of its records."""

    batch: Mapping[str, Any]
    outcomes: tuple[Mapping[str, Any], ...]
    """In the order of the platform's choice."""
    reply: Reply
    """The last reply about the batch."""

    def outcome(self, index: int) -> Mapping[str, Any]:
        """The one outcome of the record at this place of the delivery, from 0."""
        outcomes = [outcome for outcome in self.outcomes if expect.same(outcome.get("index"), index)]
        message = Message("checks.outcomes_of_one", {"index": index, "count": len(outcomes)})
        expect.true(len(outcomes) == 1, message, where="reply.body/outcomes", reply=self.reply)
        return outcomes[0]


def require_accepted(delivery: DeliveredBatch, item_code: str) -> None:
    """A delivery whose first record only prepares. Raises NotVerified where it is not accepted."""
    with preparing("collection"):
        outcome = delivery.outcome(0)
    if outcome.get("outcome") != "accepted":
        raise NotVerified(Message("checks.prerequisite_not_accepted", {"item": item_code}))


def acknowledged_batch(reply: Reply) -> str:
    """The id of a batch that the platform has to take. Raises NotVerified otherwise."""
    return prepared_id(reply, "collection", 202, "batch_id")
