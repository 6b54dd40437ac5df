"""Sources of items that are not collected: the records they hold, their answers, and what they were asked."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import orjson

from conformance.actors.actor import Actor
from conformance.actors.subject import Subject
from conformance.counterpart.provider import source
from conformance.model.shapes import Item
from conformance.model.wire import Incoming, StagedAnswer

ON_DEMAND = "on_demand"


@dataclass(frozen=True, eq=False)
class RecordSource(Actor):
    """A party that the platform asks: it answers what the check has prepared."""

    holdings: dict[tuple[str, str], list[Mapping[str, Any]]] = field(default_factory=dict, repr=False)
    """The records it holds, by code of the item and identifier of the subject."""

    def add_records(self, item: Item, subject: Subject, *records: Mapping[str, Any]) -> None:
        """Hold these records beside those held before."""
        held = self.holdings.setdefault((item.code, subject.value), [])
        held += records
        self.will_answer(item, subject, records_answer(held))

    def hold_only(self, item: Item, subject: Subject, *records: Mapping[str, Any]) -> None:
        """Hold these records and no others."""
        self.holdings[item.code, subject.value] = []
        self.add_records(item, subject, *records)

    def will_confirm(self, item: Item, subject: Subject, *, matches: bool) -> None:
        """Answer yes or no to whatever is claimed."""
        self.will_answer(item, subject, StagedAnswer(body=orjson.dumps({"matches": matches})))

    def will_answer(self, item: Item, subject: Subject, *answers: StagedAnswer) -> None:
        """Answer each call about the item of the subject in turn, the last answer repeated.

        Raises NotVerified where the platform cannot reach the source.
        """
        self.ctx.stage(source(item.code), answers, correlation=subject.value)

    def received(self) -> tuple[Incoming, ...]:
        """The requests about the subjects of this check, in order of arrival."""
        return self.ctx.received()


def records_answer(records: list[Mapping[str, Any]]) -> StagedAnswer:
    """A source's answer with these records."""
    return StagedAnswer(body=orjson.dumps({"records": records}))
