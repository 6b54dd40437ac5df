"""Sources of items that are not collected: what they hold, how they misbehave, and what they were asked."""

from collections.abc import Mapping
from typing import Any

import orjson

from conformance.actors.actor import Actor
from conformance.actors.subjects import Subject
from conformance.counterpart.provider import source
from conformance.model.context import Context
from conformance.model.shapes import Item
from conformance.model.wire import Answer, Incoming

ON_DEMAND = "on_demand"


class Sources(Actor):
    """Answers as the source."""

    def __init__(self, ctx: Context, *, fresh: bool = False) -> None:
        super().__init__(ctx, fresh=fresh)
        self._kept: dict[tuple[str, str], list[Mapping[str, Any]]] = {}

    def keep(self, item: Item, subject: Subject, *records: Mapping[str, Any]) -> None:
        """The source holds these records beside those it held."""
        kept = self._kept.setdefault((item.code, subject.value), [])
        kept += records
        self.stage(item, subject, answered(kept))

    def hold(self, item: Item, subject: Subject, *records: Mapping[str, Any]) -> None:
        """The source holds these records and no others."""
        self._kept[item.code, subject.value] = []
        self.keep(item, subject, *records)

    def confirm(self, item: Item, subject: Subject, *, matches: bool) -> None:
        """The source says yes or no to whatever is claimed."""
        self.stage(item, subject, Answer(body=orjson.dumps({"matches": matches})))

    def stage(self, item: Item, subject: Subject, answer: Answer) -> None:
        self.ctx.stage(source(item.code), (answer,), correlation=subject.value)

    def asked(self) -> tuple[Incoming, ...]:
        """What the source was asked about the subjects of this check."""
        return self.ctx.received()


def answered(records: list[Mapping[str, Any]]) -> Answer:
    """A source's answer with these records."""
    return Answer(body=orjson.dumps({"records": records}))
