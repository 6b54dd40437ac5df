"""The faults that rows of an item may have, each proved by the oracles to be one."""

from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from conformance.data.rows import ROW
from conformance.data.synth import value_pools
from conformance.data.synth.fault_kinds import DUPLICATE_KEY, NOT_IN, Change, FaultVariant, Row
from conformance.data.synth.item_judge import Judge
from conformance.data.synth.line_faults import of_lines
from conformance.data.synth.request import OutputFormat, RowLayout
from conformance.data.synth.row_faults import PREFERRED, wrong_values
from conformance.data.synth.rows import RowSource
from conformance.model.shapes import CrossFieldRule, Item, JsonSchema
from conformance.oracles.validate import obeys_rules
from conformance.synth.content import Maker
from conformance.synth.faults import UNKNOWN
from conformance.synth.values import NoValueError

_BROKEN_ENTRIES, _SAMPLES = 8, 12


@dataclass(frozen=True, slots=True)
class Workshop:
    """Makes the variants of one source."""

    source: RowSource
    item: Item
    """As the checklist has it."""
    row_schema: JsonSchema
    judge: Judge
    samples: Sequence[Row]
    """Valid rows."""
    layout: RowLayout

    def variants(self, form: OutputFormat) -> list[FaultVariant]:
        proved = [v for v in (*self._by_field(), *self._by_rule(), self._unknown()) if self._holds(v)]
        variants = [
            *proved,
            *of_lines(self.source.item),
            FaultVariant(DUPLICATE_KEY, "", "unique", lambda _row, _bits: None),
        ]
        return [v for v in variants if v.kind not in NOT_IN[form]]

    def _holds(self, variant: FaultVariant) -> bool:
        changed = [variant.change(dict(row), n) for n, row in enumerate(self.samples)]
        judged = [self.judge(row) for row in changed if isinstance(row, dict)]
        return bool(judged) and all(variant.rule in reasons for reasons in judged)

    def _by_field(self) -> Iterator[FaultVariant]:
        for field in self.source.item.fields:
            if field.name in self.item.schema.get("required", ()):
                yield self._missing(field.name)
            if field.schema.get("type") != "object":
                yield from self._by_value(field.name, field.schema)
        if self.layout is RowLayout.ROW:
            for name in (*(f"subject.{s}" for s in self.source.subjects.schemes), "record.generated_at"):
                yield from self._by_value(name, self.row_schema["properties"][name])

    def _missing(self, name: str) -> FaultVariant:
        def change(row: Row, _bits: int) -> Row:
            return {k: v for k, v in row.items() if k != name}

        return FaultVariant("missing_required", name, f"{name}/required", change, self._apart(name))

    def _by_value(self, name: str, schema: JsonSchema) -> Iterator[FaultVariant]:
        legal = [row[name] for row in self.samples if name in row] or self._pooled(name)
        changes = list(wrong_values(schema, legal[0])) if legal else []
        for place, (kind, _) in enumerate(changes):
            nth = sum(k == kind for k, _ in changes[:place])
            if not (name.startswith("subject.") and kind in {"wrong_type", "null", "empty"}):
                change = _changing(name, schema, kind, nth, tuple(legal))
                yield FaultVariant(kind, name, self._named(name, kind, change), change, self._apart(name))

    def _named(self, name: str, kind: str, change: Change) -> str:
        """The reason by which the fault goes: of those that the oracles give the plainest."""
        changed_rows = (change(dict(row), n) for n, row in enumerate(self.samples))
        reasons = self.judge(next((row for row in changed_rows if isinstance(row, dict)), {}))
        preferred_rules = (f"{name}/{keyword}" for keyword in (*PREFERRED.get(kind, ()), *PREFERRED[""]))
        return next((w for w in preferred_rules if w in reasons), "")

    def _pooled(self, name: str) -> list[Any]:
        entries = (entry for part in self.source.parts if name in part.names for entry in part.entries)
        return [entry[name] for entry in entries if name in entry][:_SAMPLES]

    def _apart(self, name: str) -> bool:
        return name in self.item.key

    def _by_rule(self) -> Iterator[FaultVariant]:
        for rule in self.source.item.rules:
            with suppress(NoValueError):
                yield self._breaking(rule)

    def _breaking(self, rule: CrossFieldRule) -> FaultVariant:
        names = next(p.names for p in self.source.parts if not set(p.names).isdisjoint(rule.fields))
        envelopes = self.source.envelopes
        values = value_pools.source_of(envelopes.noise.seed, rule.id, envelopes.reserved, envelopes.day)
        make = Maker(value_pools.part_of(self.source.item, names), values, obeys_rules)
        entries = [make.repaired(make.make(optional=True), broken=rule) for _ in range(_BROKEN_ENTRIES)]

        def change(row: Row, bits: int) -> Row:
            return {k: v for k, v in row.items() if k not in names} | entries[bits % len(entries)]

        needs_own_subject = not set(names).isdisjoint(self.item.key)
        return FaultVariant("cross_field", rule.fields[0], rule.id, change, needs_own_subject)

    def _unknown(self) -> FaultVariant:
        closing = ("unevaluatedProperties", "additionalProperties")
        keyword = next((word for word in closing if word in self.item.schema), closing[0])
        rule = f"{ROW}/{keyword}"
        return FaultVariant("unknown_member", UNKNOWN, rule, lambda row, _bits: {**row, UNKNOWN: "x"})


def _changing(name: str, schema: JsonSchema, kind: str, nth: int, spare: tuple[Any, ...]) -> Change:
    """Gives a field its nth wrong value of a kind; a field that is absent comes in with one."""

    def change(row: Row, bits: int) -> Row | None:
        if name not in row and "." in name:
            return None
        legal = row.get(name, spare[bits % len(spare)])
        wrong = [value for k, value in wrong_values(schema, legal) if k == kind]
        return {**row, name: wrong[nth]} if len(wrong) > nth else None

    return change
